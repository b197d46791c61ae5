import type { HolidayNotice, LocalDay } from '@duban/calendar';
import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { at, DATA, STRUCTURE } from '../../test-support/fixtures.ts';
import { Structure } from '../structure/structure.ts';
import { dutyAggregate } from './index.ts';
import { dutyLight } from './state.ts';

/** A year whose notice nobody can know yet: 1 October 2031 is a Wednesday. */
const notice: HolidayNotice = {
  year: 2031,
  source: '国办发明电〔2030〕1号',
  daysOff: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ date: `2031-10-0${day}`, name: '国庆节' })),
  makeUpDays: [{ date: '2031-10-11', name: '国庆节' }],
};
const withNotice = new Structure({ ...DATA, jurisdiction: { ...DATA.jurisdiction, holidayNotices: [notice] } }, 2);
const withLocal = (...localDays: readonly LocalDay[]) =>
  new Structure({ ...DATA, jurisdiction: { ...DATA.jurisdiction, localDays } }, 2);

const wednesdays = { from: '2031-09-22', until: '2031-12-31', shift: 'next' } as const;
const opened = (when: string, differs: Parameters<typeof DutyRun.opened>[1] = {}) =>
  DutyRun.opened(when, { ...wednesdays, ...differs });

describe('when a year’s notice arrives', () => {
  it('a due day that was moved off its days off is moved, by an event, with its reminder', () => {
    const run = opened('2031-09-26T09:00');
    expect(run.limit('2031-W40')).toMatchObject({ dueAt: at('2031-10-02T00:00') });
    const [event, ...rest] = run.recompute('2031-09-27T10:00', withNotice);
    expect(rest).toEqual([]);
    expect(event).toMatchObject({
      type: 'ClockRecomputed',
      limits: [{ id: 'period:2031-W40', dueAt: at('2031-10-09T00:00'), reminders: [{ at: at('2031-10-01T00:00') }] }],
    });
    expect(run.duty.current?.dueAt).toBe(at('2031-10-09T00:00'));
    expect(run.duty.periods).toMatchObject([{ key: '2031-W40', dueAt: at('2031-10-09T00:00') }]);
    expect(run.recompute('2031-09-27T10:00', withNotice), 'the same again').toEqual([]);
    // The next week begins all the same.
    expect(told(run.until('2031-10-06T00:00'))).toEqual([
      ...['UnitReminded 2031-W40', 'PeriodOpened 2031-W41', 'UnitReminded 2031-W41'],
    ]);
    expect(run.duty.periods).toMatchObject([{ key: '2031-W40' }, { key: '2031-W41', dueAt: at('2031-10-09T00:00') }]);
  });

  it('a duty that keeps its day is reminded of on another, at the most', () => {
    const run = opened('2031-09-26T09:00', { shift: 'keep' });
    expect(run.recompute('2031-09-27T10:00', withNotice)).toMatchObject([
      { limits: [{ dueAt: at('2031-10-02T00:00'), reminders: [{ at: at('2031-09-30T00:00') }] }] },
    ]);
  });

  it('nothing moves that was missed, is done, or is somewhere else', () => {
    expect(opened('2031-10-13T09:00').recompute('2031-10-13T10:00', withNotice)).toEqual([]);
    const done = opened('2031-09-26T09:00');
    done.give('kgx-head', '2031-09-26T10:00', { ...DONE, period: '2031-W40' });
    expect(done.recompute('2031-09-27T10:00', withNotice)).toEqual([]);
    const missed = opened('2031-09-26T09:00');
    missed.until('2031-10-02T00:00');
    missed.recompute('2031-10-02T10:00', withNotice);
    expect(missed.limit('2031-W40')).toMatchObject({ status: 'overdue', dueAt: at('2031-10-02T00:00') });
    expect(
      dutyAggregate.recompute?.(dutyAggregate.initial, { now: 0, calendar: STRUCTURE.calendar, structure: STRUCTURE }),
    ).toEqual([]);
  });

  it('what has happened is due on another day, too', () => {
    const run = opened('2031-09-22T09:00', { period: { every: 'event', event: '调整', withinDays: 7 } });
    run.give('kgx-head', '2031-09-25T10:00', { type: 'OpenOccasion', occasion: '调离', on: '2031-09-25' });
    run.give('kgx-head', '2031-09-25T10:00', { type: 'OpenOccasion', occasion: '调任', on: '2031-09-25' });
    expect(run.recompute('2031-09-27T10:00', withNotice)).toMatchObject([
      {
        limits: [
          { id: 'period:2031-09-25#1', dueAt: at('2031-10-09T00:00') },
          { id: 'period:2031-09-25#2', dueAt: at('2031-10-09T00:00') },
        ],
      },
    ]);
  });

  it('the last period of a duty that has ended is moved, too', () => {
    const run = opened('2031-09-26T09:00', { period: { every: 'quarter' }, until: '2031-09-28' });
    run.until('2031-09-29T00:00');
    expect([run.duty.status, run.limit('2031-Q3').dueAt]).toEqual(['ended', at('2031-09-30T00:00')]);
    run.recompute('2031-09-29T10:00', withLocal({ date: '2031-09-29', working: false, name: '州庆' }));
    expect(run.limit('2031-Q3').dueAt).toBe(at('2031-10-01T00:00'));
  });
});

describe('another pace', () => {
  it('takes away that a quota is behind, or says it at the next wake', () => {
    const quota = {
      period: { every: 'week', weekday: 3 } as const,
      from: '2031-09-29',
      quota: { count: 10, unit: '次' },
    };
    const run = opened('2031-09-29T09:00', quota);
    run.until('2031-09-29T20:00');
    run.give('kgx-head', '2031-09-29T20:00', DONE);
    expect(run.duty.behind).toBe(true);
    run.recompute('2031-09-29T21:00', withNotice);
    expect(run.duty).toMatchObject({ behind: false, current: { dueAt: at('2031-10-09T00:00') } });
    expect(run.nextWakeAt).toBe(at('2031-10-01T00:00'));
  });
});

describe('a notice that takes the days away that were to follow', () => {
  it('ends a duty of every working day with the last that is left', () => {
    const daily = { period: { every: 'day' } as const, until: '2031-10-05' };
    const run = opened('2031-09-30T09:00', daily);
    run.give('kgx-head', '2031-09-30T10:00', DONE);
    run.recompute('2031-09-30T11:00', withNotice);
    expect(told(run.until('2031-12-31T00:00'))).toEqual(['DutyEnded']);
    expect([run.nextWakeAt, dutyLight(run.duty), run.duty.endsAt]).toEqual([null, 'blue', at('2031-10-01T00:00')]);
  });

  it('leaves the day that is asked for already, and moves it', () => {
    const run = opened('2031-09-30T09:00', { period: { every: 'day' } });
    run.give('kgx-head', '2031-09-30T10:00', DONE);
    run.until('2031-10-01T00:00');
    expect(run.recompute('2031-10-01T10:00', withNotice)).toEqual([]);
    expect(run.turns.at(-1)).toBe('2031-10-01 running');
  });
});
