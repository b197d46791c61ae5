import { describe, expect, it } from 'vitest';
import { minutes, refusal, TEN } from '../../test-support/incident-expectations.ts';
import { correcting, FACTS, IncidentRun, KNOWN, opening, reporting } from '../../test-support/incident-run.ts';
import type { IncidentEvent } from './events.ts';

const explain = { type: 'ExplainLateness', text: '山区无信号' } as const;

describe('a correction', () => {
  it('appends: both versions stay', () => {
    const run = IncidentRun.reported();
    const [event] = run.giveAt(
      'kgx-head',
      minutes(60),
      correcting({ after: { casualties: '2人轻伤', place: '浦市镇' } }),
    );
    expect(event).toStrictEqual({
      ...{ type: 'ReportCorrected', at: minutes(60), by: 'p-kgx-head', number: 1, report: 1, reason: '核实' },
      before: { place: '白羊溪乡', casualties: null },
      after: { place: '浦市镇', casualties: '2人轻伤' },
      ...{ occurredAt: TEN, lateByMs: 0, limits: [] },
    } satisfies IncidentEvent);
    expect(run.events[1]).toMatchObject({ facts: { place: '白羊溪乡', casualties: null } });
    expect(run.incident).toMatchObject({ corrections: 1, reports: [{ corrections: [3] }] });
  });

  it('of a correction counts on', () => {
    const run = IncidentRun.reported();
    run.giveAt('kgx-head', minutes(30), reporting('follow_up'));
    run.giveAt('kgx-head', minutes(60), correcting({ after: { trend: '好转' } }));
    run.giveAt('kgx-head', minutes(70), correcting({ before: { ...FACTS, trend: '好转' }, after: { trend: null } }));
    run.giveAt('kgx-head', minutes(80), correcting({ report: 2, after: { trend: '好转' } }));
    expect(run.incident.corrections).toBe(3);
    expect(run.incident.reports.map(({ corrections }) => corrections)).toEqual([[4, 5], [6]]);
    expect(run.events[4]).toMatchObject({ number: 2, before: { trend: '好转' }, after: { trend: null } });
  });

  it('of nothing says nothing', () => {
    const run = IncidentRun.reported();
    expect(run.giveAt('kgx-head', minutes(60), correcting())).toEqual([]);
    expect(run.giveAt('kgx-head', minutes(60), correcting({ after: FACTS, occurredAt: TEN }))).toEqual([]);
  });

  it.each([
    ['a report that is not there', { report: 2, after: { trend: '好转' } }, 'unknown_reference', '/report'],
    ['away what is always known', { after: { signer: null } }, 'facts_missing', '/facts/signer'],
    ['to when it had been known already', { occurredAt: minutes(6) }, 'invalid_due', '/occurredAt'],
    ['to when it had been reported already', { occurredAt: minutes(21) }, 'invalid_due', '/occurredAt'],
    ['to the future', { occurredAt: minutes(99) }, 'invalid_due', '/occurredAt'],
  ] as const)('cannot correct %s', (_, given, code, pointer) => {
    const run = IncidentRun.reported({ knownAt: minutes(5) });
    expect(() => run.giveAt('kgx-head', minutes(60), correcting(given))).toThrow(refusal(code, pointer));
  });

  it('cannot say that it happened after word of it came in', () => {
    const run = IncidentRun.signalled();
    run.giveAt('kgx-head', minutes(20), reporting('first'));
    const give = () => run.giveAt('kgx-head', minutes(60), correcting({ occurredAt: minutes(1) }));
    expect(give).toThrow(refusal('invalid_due', '/occurredAt'));
  });

  it('is possible after closing, and keeps a final report complete', () => {
    const run = IncidentRun.reported();
    run.giveAt('kgx-head', minutes(30), reporting('final'));
    const give = (after: object) => () =>
      run.giveAt('kgx-head', minutes(9_999), correcting({ report: 2, before: KNOWN, after }));
    expect(give({ cause: null })).toThrow(refusal('facts_missing', '/facts/cause'));
    expect(give({ cause: '人为纵火' })()).toHaveLength(1);
    expect(run.incident.status).toBe('closed');
  });
});

describe('lateness', () => {
  it('comes out when it turns out to have happened earlier, and is to be explained', () => {
    const run = IncidentRun.reported();
    const [event] = run.giveAt('kgx-head', minutes(60), correcting({ occurredAt: minutes(-30) }));
    expect(event).toMatchObject({ occurredAt: minutes(-30), lateByMs: 10 * 60_000, limits: [{ id: 'explanation' }] });
    expect(run.incident).toMatchObject({ occurredAt: minutes(-30), lateByMs: 10 * 60_000, explained: false });
    expect(run.limit('explanation').status).toBe('running');
  });

  it('comes out when it was not known when it happened', () => {
    const run = new IncidentRun();
    run.giveAt('kgx-head', minutes(50), opening({ knownAt: minutes(30) }));
    expect(run.incident).toMatchObject({ occurredAt: null, lateByMs: 0 });
    run.giveAt('kgx-head', minutes(60), correcting({ occurredAt: TEN }));
    expect(run.incident).toMatchObject({ occurredAt: TEN, knownAt: minutes(30), lateByMs: 10 * 60_000 });
  });

  it('comes out of a corrected follow-up, too, and counts for the first report', () => {
    const run = IncidentRun.reported();
    run.giveAt('kgx-head', minutes(45), reporting('follow_up'));
    const [event] = run.giveAt('kgx-head', minutes(60), correcting({ report: 2, occurredAt: minutes(-30) }));
    expect(event).toMatchObject({ report: 2, lateByMs: 10 * 60_000 });
  });

  it('never shrinks: what was late stays late by as much', () => {
    const run = new IncidentRun();
    run.giveAt('kgx-head', minutes(52), opening({ occurredAt: TEN }));
    const [event] = run.giveAt('kgx-head', minutes(60), correcting({ occurredAt: minutes(30) }));
    expect(event).toMatchObject({ occurredAt: minutes(30), lateByMs: 12 * 60_000, limits: [] });
    run.giveAt('kgx-head', minutes(61), correcting({ occurredAt: minutes(-1) }));
    expect(run.incident.lateByMs).toBe(13 * 60_000);
    run.giveAt('kgx-head', minutes(62), correcting({ occurredAt: TEN }));
    expect(run.incident.lateByMs).toBe(13 * 60_000);
  });

  it('is asked about once', () => {
    const run = new IncidentRun();
    run.giveAt('kgx-head', minutes(52), opening({ occurredAt: TEN }));
    run.giveAt('kgx-head', minutes(55), explain);
    run.giveAt('kgx-head', minutes(60), correcting({ occurredAt: minutes(-9) }));
    expect(run.incident).toMatchObject({ explained: true, lateByMs: 21 * 60_000 });
    expect(run.limit('explanation').status).toBe('met');
  });
});
