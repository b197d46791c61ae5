import { describe, expect, it } from 'vitest';
import { minutes, refusal, running, TEN, toPost, toUnit } from '../../test-support/incident-expectations.ts';
import { FACTS, IncidentRun, opening, reporting, signal, types } from '../../test-support/incident-run.ts';
import { FACT_FIELDS } from './reports.ts';
import { incidentLight } from './state.ts';

describe('a first report', () => {
  it('is filed, goes to the leaders, ends the wait and starts the next clocks', () => {
    const run = IncidentRun.signalled();
    const [event] = run.giveAt('kgx-head', minutes(40), reporting('first', { mode: 'phone', level: 'large' }));
    expect(event).toStrictEqual({
      ...{ type: 'ReportReceived', at: minutes(40), by: 'p-kgx-head', number: 1, stage: 'first', mode: 'phone' },
      ...{ receivedAt: minutes(40), occurredAt: TEN, knownAt: null, facts: FACTS, level: 'large' },
      ...{ dueAt: minutes(40), lateByMs: 0 },
      limits: [
        running('written_report:1', 'written_report', minutes(40), { amount: 120, remind: 20 }),
        running('follow_up:1', 'follow_up', minutes(40), { amount: 720, remind: 30 }),
      ],
      filedWith: [toUnit('xwb'), toUnit('zfb')],
      reportedTo: [
        toPost('second-deputy', 'leader_in_charge'),
        toPost('secretary', 'main_leader'),
        toPost('mayor', 'main_leader'),
      ],
    });
    expect(run.incident).toMatchObject({
      ...{ status: 'reported', level: 'large', lateByMs: 0, filedWith: ['unit:xwb', 'unit:zfb'] },
      reports: [{ number: 1, stage: 'first', mode: 'phone', version: 2, corrections: [] }],
    });
    expect(incidentLight(run.incident)).toBe('green');
  });

  it('in writing owes no writing', () => {
    const run = IncidentRun.signalled();
    run.giveAt('kgx-head', minutes(10), reporting('first'));
    expect(run.incident.limits.map(({ id, status }) => [id, status])).toEqual([
      ['first_report', 'met'],
      ['follow_up:1', 'running'],
    ]);
  });

  it('judges the level, higher than the signal’s or not, and its clocks follow', () => {
    const run = IncidentRun.signalled({ level: 'general' });
    run.giveAt('kgx-head', minutes(10), reporting('first', { mode: 'oral', level: 'extraordinary' }));
    expect(run.incident.level).toBe('extraordinary');
    expect([run.limit('written_report:1').dueAt, run.limit('follow_up:1').dueAt]).toEqual([minutes(70), minutes(130)]);
  });

  it('keeps the level where it says nothing of it', () => {
    const run = IncidentRun.signalled({ level: 'major' });
    run.giveAt('kgx-head', minutes(10), reporting('first'));
    expect(run.incident.level).toBe('major');
    expect(run.limit('follow_up:1').dueAt).toBe(minutes(250));
  });

  it('is made once', () => {
    const run = IncidentRun.signalled();
    expect(() => run.giveAt('kgx-head', minutes(9), reporting('follow_up'))).toThrow(refusal('wrong_status'));
    expect(() => run.giveAt('kgx-head', minutes(9), reporting('final'))).toThrow(refusal('wrong_status'));
    run.giveAt('kgx-head', minutes(10), reporting('first'));
    expect(() => run.giveAt('kgx-head', minutes(11), reporting('first'))).toThrow(refusal('wrong_status'));
  });

  it('needs an incident', () => {
    const run = new IncidentRun();
    expect(() => run.giveAt('kgx-head', TEN, reporting('first'))).toThrow(refusal('not_found'));
  });

  describe('must say every field, if only that it is not known yet', () => {
    it.each(FACT_FIELDS)('%s', (field) => {
      const run = IncidentRun.signalled();
      const { [field]: _, ...facts } = FACTS;
      for (const unsaid of [facts, { ...facts, [field]: ' ' }]) {
        const report = reporting('first', { facts: unsaid });
        expect(() => run.giveAt('kgx-head', minutes(9), report)).toThrow(refusal('facts_missing', `/facts/${field}`));
      }
    });

    it.each(['signer', 'contact'])('%s is always known', (field) => {
      const run = IncidentRun.signalled();
      const report = reporting('first', { facts: { ...FACTS, [field]: null } });
      expect(() => run.giveAt('kgx-head', minutes(9), report)).toThrow(refusal('facts_missing', `/facts/${field}`));
    });

    it('names all that is missing, in both languages', () => {
      const run = IncidentRun.signalled();
      const report = reporting('first', { facts: { signer: null, contact: '李四', time: null, place: '白羊溪乡' } });
      expect(() => run.giveAt('kgx-head', minutes(9), report)).toThrow(
        expect.objectContaining({
          message:
            'Missing: source, cause, course, casualties, losses, measures, trend. Send null for what is not known yet; invent nothing. These must be known here: signer.',
          messageZh:
            '缺少：信息来源、起因和性质、基本过程、人员伤亡、财产损失、已采取的措施、发展趋势。尚不清楚的请填 null，不要编造。此处不能为不详：签发人。',
        }),
      );
    });
  });
});

describe('a report before any signal', () => {
  it('opens and reports in one', () => {
    const run = IncidentRun.reported({ knownAt: minutes(5) });
    expect(types(run.events)).toEqual(['IncidentOpened', 'ReportReceived']);
    expect(run.events).toMatchObject([
      { signal: null, occurredAt: TEN, knownAt: minutes(5), receivedAt: minutes(20), limits: [] },
      { occurredAt: TEN, knownAt: minutes(5), receivedAt: minutes(20), dueAt: minutes(40), lateByMs: 0 },
    ]);
    const again = opening({ occurredAt: TEN });
    expect(run.giveAt('kgx-head', minutes(21), again), 'the same again').toEqual([]);
    expect(run.giveAt('officer', minutes(21), signal()), 'a signal of it').toEqual([]);
  });

  it('is not lost in an incident that a signal has opened', () => {
    const run = IncidentRun.signalled();
    expect(() => run.giveAt('kgx-head', minutes(21), opening({ occurredAt: TEN }))).toThrow(refusal('already_exists'));
  });

  it('says when it happened, or at least when its unit knew', () => {
    const run = new IncidentRun();
    const give = (given: object) => () => run.giveAt('kgx-head', minutes(50), opening(given));
    expect(give({})).toThrow(refusal('facts_missing', '/occurredAt'));
    expect(give({ knownAt: minutes(51) })).toThrow(refusal('invalid_due', '/knownAt'));
    give({ knownAt: minutes(9) })();
    expect(run.events[1]).toMatchObject({
      occurredAt: null,
      knownAt: minutes(9),
      dueAt: minutes(49),
      lateByMs: 60_000,
    });
  });
});
