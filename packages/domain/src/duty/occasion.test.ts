import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { at } from '../../test-support/fixtures.ts';
import { refusal } from '../../test-support/refusal.ts';
import { dutyLight } from './state.ts';

const event = (withinDays: number | null) => ({
  period: { every: 'event' as const, event: '包保干部调整', withinDays },
});
const opened = (differs: Parameters<typeof DutyRun.opened>[1]) =>
  DutyRun.opened('2023-05-30T09:00', { until: '2023-12-31', ...differs });
const report = (run: DutyRun, when: string, differs: Partial<typeof DONE> = {}) =>
  run.give('kgx-head', when, { ...DONE, ...differs });
const happened = (run: DutyRun, when: string, on: string, occasion = '张三调离') =>
  run.give('kgx-head', when, { type: 'OpenOccasion', occasion, on });

describe('a duty on occasion', () => {
  it('lets nothing fall due until something has happened', () => {
    const run = opened(event(7));
    expect(run.events).toMatchObject([{ period: null, limit: null }]);
    expect([run.duty.current, run.nextWakeAt, dutyLight(run.duty)]).toEqual([null, at('2024-01-01T00:00'), 'green']);
    expect(refusal(() => report(run, '2023-06-05T10:00'))).toBe('wrong_status');
    expect(run.until('2023-12-31T00:00')).toEqual([]);
  });

  it('is due so many days after, the day itself not counted, and done once reported', () => {
    const run = opened(event(7));
    expect(happened(run, '2023-06-06T10:00', '2023-06-05')).toMatchObject([
      {
        ...{ type: 'PeriodOpened', by: 'p-kgx-head', occasion: '张三调离' },
        period: { key: '2023-06-05#1', from: at('2023-06-05T00:00'), dueAt: at('2023-06-13T00:00'), last: true },
        limit: { id: 'period:2023-06-05#1', status: 'running' },
      },
    ]);
    report(run, '2023-06-07T10:00');
    expect([run.turns, run.duty.current]).toEqual([['2023-06-05#1 met'], null]);
    expect(refusal(() => report(run, '2023-06-07T10:01'))).toBe('wrong_status');
    expect(refusal(() => report(run, '2023-06-07T10:01', { period: '2023-06-05#1' }))).toBe('already_answered');
  });

  it('moves a due day that is a day off', () => {
    const run = opened({ ...event(7), shift: 'next' });
    expect(happened(run, '2023-09-24T10:00', '2023-09-24')).toMatchObject([
      { period: { dueAt: at('2023-10-08T00:00') } },
    ]);
  });

  it('is opened once for each, and each is owed', () => {
    const run = opened(event(7));
    happened(run, '2023-06-05T10:00', '2023-06-05');
    expect(happened(run, '2023-06-05T11:00', '2023-06-05'), 'the same again').toEqual([]);
    happened(run, '2023-06-05T11:00', '2023-06-05', '李四调离');
    happened(run, '2023-06-06T11:00', '2023-06-06');
    expect(run.turns).toEqual(['2023-06-05#1 running', '2023-06-05#2 running', '2023-06-06#3 running']);
    report(run, '2023-06-07T10:00', { period: '2023-06-05#2' });
    report(run, '2023-06-07T10:00');
    expect(run.turns).toEqual(['2023-06-05#1 met', '2023-06-05#2 met', '2023-06-06#3 running']);
    happened(run, '2023-06-07T11:00', '2023-06-05');
    expect(run.turns.at(-1), 'after a report it is another').toBe('2023-06-05#4 running');
  });

  it('that was missed climbs its ladder, and the duty stands', () => {
    const run = opened({ ...event(7), quota: { count: 3, unit: '次' } });
    happened(run, '2023-06-05T10:00', '2023-06-05');
    expect(told(run.until('2023-06-13T00:00')).slice(-2)).toEqual([
      'LimitMissed 2023-06-05#1',
      'Escalated 2023-06-05#1',
    ]);
    run.until('2023-07-01T00:00');
    expect([run.duty.status, run.nextWakeAt]).toEqual(['active', at('2024-01-01T00:00')]);
    expect(report(run, '2023-07-01T10:00', { count: 3 })).toMatchObject([{ period: '2023-06-05#1', complete: true }]);
  });

  it('noticed too late is overdue at once, counted from then', () => {
    const run = opened(event(0));
    happened(run, '2023-06-07T10:00', '2023-06-05');
    expect(told(run.wake('2023-06-07T10:00'))).toEqual(['LimitMissed 2023-06-05#1', 'Escalated 2023-06-05#1']);
    expect(run.limit('2023-06-05#1').steps[1]).toBe(at('2023-06-09T10:00'));
  });

  it('without a number of days is due at the duty’s end', () => {
    const run = opened(event(null));
    happened(run, '2023-06-05T10:00', '2023-06-05');
    expect(told(run.until('2024-01-01T00:00')).slice(-3)).toEqual([
      ...['LimitMissed 2023-06-05#1', 'Escalated 2023-06-05#1', 'DutyEnded'],
    ]);
    expect(report(run, '2024-01-02T10:00')).toMatchObject([{ period: '2023-06-05#1', complete: true }]);
  });

  it('has a day on which the duty stood, and is for no duty that follows the calendar', () => {
    for (const on of ['2023-05-29', '2024-01-01', '2023-06-31', '']) {
      expect(refusal(() => happened(opened(event(7)), '2023-06-05T10:00', on))).toBe('invalid_due /on');
    }
    expect(refusal(() => happened(opened({}), '2023-06-05T10:00', '2023-06-05'))).toBe('not_allowed');
    const ended = opened(event(7));
    ended.until('2024-01-01T00:00');
    expect(refusal(() => happened(ended, '2024-01-02T10:00', '2023-06-05'))).toBe('wrong_status');
  });
});

describe('an unspecified duty', () => {
  const standing = () => opened({ period: { every: 'unspecified' } });

  it('is reported on at any time, each time a turn of its own, and nothing falls due', () => {
    const run = standing();
    expect(
      report(opened({ period: { every: 'unspecified' }, quota: { count: 5, unit: '次' } }), '2023-06-05T10:00'),
    ).toMatchObject([{ count: 1, complete: true }]);
    expect(report(run, '2023-06-05T10:00', { noChange: true })).toMatchObject([
      { period: '2023-06-05#1', complete: true, lateByMs: 0, behind: false },
    ]);
    report(run, '2023-06-05T11:00');
    expect(run.duty.periods).toMatchObject([
      { key: '2023-06-05#1', status: 'met', metAt: at('2023-06-05T10:00') },
      { key: '2023-06-05#2', status: 'met', metAt: at('2023-06-05T11:00') },
    ]);
    expect([run.duty.limits, run.nextWakeAt]).toEqual([[], at('2024-01-01T00:00')]);
    expect(refusal(() => report(run, '2023-06-05T12:00', { period: '2023-06-06#3' }))).toBe(
      'unknown_reference /period',
    );
  });

  it('falls due for what somebody asks to be reported, by its end', () => {
    const run = standing();
    expect(happened(run, '2023-06-05T10:00', '2023-06-05')).toMatchObject([
      { period: { dueAt: at('2024-01-01T00:00') } },
    ]);
    expect(report(run, '2023-06-06T10:00')).toMatchObject([{ period: '2023-06-05#1' }]);
    expect(report(run, '2023-06-06T10:00')).toMatchObject([{ period: '2023-06-06#2' }]);
  });

  it('ends, and is reported on no more', () => {
    const run = standing();
    expect(told(run.until('2024-01-01T00:00'))).toEqual(['DutyEnded']);
    expect(refusal(() => report(run, '2024-01-02T10:00'))).toBe('wrong_status');
  });
});
