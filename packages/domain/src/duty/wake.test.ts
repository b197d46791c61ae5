import { describe, expect, it } from 'vitest';
import { climbed, DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { at, vacant } from '../../test-support/fixtures.ts';
import { dutyLight } from './state.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, count = 1) => run.give('kgx-head', when, { ...DONE, count });
const acknowledge = { type: 'AcknowledgeEscalation', note: null, until: null } as const;

describe('a period', () => {
  it('is reminded of one working day before it is due, once', () => {
    const run = opened();
    expect(run.until('2023-05-31T23:59')).toMatchObject([
      { type: 'UnitReminded', at: at('2023-05-31T00:00'), recipients: [{ mailbox: 'unit:kgx', person: 'p-kgx-head' }] },
    ]);
    expect(dutyLight(run.duty)).toBe('yellow');
    expect(run.wake('2023-05-31T12:00')).toEqual([]);
  });

  it('reminds the post that owes it, and its unit while that is vacant', () => {
    const mailboxes = (run: DutyRun) =>
      run
        .until('2023-05-31T23:59')
        .flatMap((event) => ('recipients' in event ? event.recipients.map(({ mailbox }) => mailbox) : []));
    expect(mailboxes(opened({ owner: 'post:kgx-head' }))).toEqual(['post:kgx-head']);
    const empty = DutyRun.opened('2023-05-30T09:00', { owner: 'post:kgx-head' }, vacant('kgx-head'));
    expect(mailboxes(empty)).toEqual(['unit:kgx']);
  });

  it('is missed at 24:00 exactly, and the next one opens', () => {
    const run = opened();
    run.until('2023-05-31T23:59');
    expect(run.wakeAt(at('2023-06-01T00:00') - 1)).toEqual([]);
    const events = run.wake('2023-06-01T00:00');
    expect(told(events)).toEqual(['LimitMissed 2023-W22', 'Escalated 2023-W22', 'PeriodOpened 2023-W23']);
    expect(events[2]).toMatchObject({
      ...{ by: 'system:wake', occasion: null },
      period: { key: '2023-W23', from: at('2023-06-05T00:00'), dueAt: at('2023-06-08T00:00'), last: false },
      limit: { id: 'period:2023-W23', startedAt: at('2023-06-01T00:00'), status: 'running' },
    });
    expect(run.wake('2023-06-01T00:00'), 'the same wake again').toEqual([]);
    expect(run.wake('2023-05-31T00:00'), 'a stale wake').toEqual([]);
  });

  it('that was done is followed by the next, and nobody is told', () => {
    const run = opened();
    report(run, '2023-05-30T10:00');
    expect(told(run.until('2023-06-01T00:00'))).toEqual(['PeriodOpened 2023-W23']);
    expect(run.duty.limits.map(({ id }) => id)).toEqual(['period:2023-W23']);
  });

  it('whose reminder would lie before it began is reminded of as it opens', () => {
    const run = opened({ period: { every: 'day' }, from: '2023-06-03' });
    // Saturday's only working day before is Friday; Sunday's lies before Sunday itself.
    expect(told(run.until('2023-06-04T00:00'))).toEqual([
      ...['UnitReminded 2023-06-03', 'LimitMissed 2023-06-03', 'Escalated 2023-06-03'],
      ...['PeriodOpened 2023-06-04', 'UnitReminded 2023-06-04'],
    ]);
  });
});

describe('the ladder of a missed period', () => {
  it('climbs from the office of its group while nobody reports, and the next climbs its own', () => {
    expect(climbed(opened().until('2023-06-12T00:00'))).toEqual([
      '2023-W22 0 2023-06-01T00:00 post:jj-director',
      '2023-W22 1 2023-06-05T00:00 post:first-deputy',
      '2023-W22 2 2023-06-08T00:00 post:mayor unit:dcs',
      '2023-W23 0 2023-06-08T00:00 post:jj-director',
      '2023-W23 1 2023-06-12T00:00 post:first-deputy',
    ]);
  });

  it('begins with whoever asked, where no group answers for it', () => {
    expect(climbed(opened({ group: null }).until('2023-06-01T00:00'))).toEqual(['2023-W22 0 2023-06-01T00:00 unit:jj']);
  });

  it('finds another seat at once where one is vacant', () => {
    const run = DutyRun.opened('2023-05-30T09:00', {}, vacant('jj-director'));
    expect(climbed(run.until('2023-06-01T00:00'))).toEqual(['2023-W22 0 2023-06-01T00:00 post:jj-deputy']);
    expect(run.duty.escalations).toMatchObject([{ id: 'escalation_duty_weekly-1', detoured: true, status: 'open' }]);
  });

  it('stands still while it is acknowledged, and goes on', () => {
    const run = opened({ until: '2023-06-01' });
    run.until('2023-06-02T00:00');
    run.give('jj-director', '2023-06-02T09:00', { ...acknowledge, escalationId: 'escalation_duty_weekly-1' });
    expect(told(run.until('2023-06-30T00:00')).slice(0, 2)).toEqual(['LadderResumed 2023-W22', 'Escalated 2023-W22']);
    expect(run.duty.escalations).toHaveLength(3);
    run.give('jj-director', '2023-06-30T09:00', {
      ...{ type: 'ResolveEscalation', escalationId: 'escalation_duty_weekly-3', outcome: '已约谈' },
    });
    expect(run.duty.escalations.at(-1)).toMatchObject({ status: 'resolved' });
    expect(dutyLight(run.duty), 'settled is not reported').toBe('red');
  });
});

describe('days that were moved', () => {
  it('let the next period begin before the one before it is due', () => {
    const run = DutyRun.opened('2026-02-10T09:00', {
      ...{ period: { every: 'week', weekday: null }, shift: 'next', from: '2026-02-09', until: '2026-03-15' },
    });
    run.until('2026-02-16T00:00');
    expect(run.turns).toEqual(['2026-W07 running', '2026-W08 running']);
    run.until('2026-02-24T10:00');
    expect(report(run, '2026-02-24T10:00')).toMatchObject([{ period: '2026-W07', lateByMs: 0 }]);
    expect(report(run, '2026-02-24T10:00')).toMatchObject([{ period: '2026-W08', lateByMs: 0 }]);
    expect(run.until('2026-03-01T00:00').filter(({ type }) => type === 'LimitMissed')).toEqual([]);
  });

  it('leave a duty of every day its working days', () => {
    const run = DutyRun.opened('2023-09-28T09:00', {
      ...{ period: { every: 'day' }, shift: 'next', from: '2023-09-28', until: '2023-10-09' },
    });
    report(run, '2023-09-28T10:00');
    expect(told(run.until('2023-10-06T23:59'))).toEqual(['PeriodOpened 2023-10-07', 'UnitReminded 2023-10-07']);
    expect(() => report(run, '2023-10-03T10:00')).toThrow(expect.objectContaining({ code: 'already_answered' }));
    expect(report(run, '2023-10-07T10:00')).toMatchObject([{ type: 'DutyFulfilled', period: '2023-10-07' }]);
  });
});
