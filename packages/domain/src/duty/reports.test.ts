import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, WEEKLY } from '../../test-support/duty-run.ts';
import { at, DATA, PLAN, STRUCTURE, WITH_PLAN } from '../../test-support/fixtures.ts';
import { plansReported } from '../report/scope.ts';
import { Structure } from '../structure/structure.ts';
import type { StructureData } from '../structure/types.ts';
import type { DutyDefinition } from './definition.ts';

const MONTHLY = {
  ...{ kind: 'circular', title: '月通报', period: { every: 'month', day: null } },
  ...{ from: '2023-05-15', until: '2023-12-31' },
} as const satisfies Partial<DutyDefinition>;
const QUARTERLY = { ...MONTHLY, kind: 'summary', period: { every: 'quarter' } } as const;

const opened = (when: string, differs: Partial<DutyDefinition> = {}, structure: Structure = WITH_PLAN) =>
  DutyRun.opened(when, { ...MONTHLY, ...differs }, structure);
const correct = (run: DutyRun, when: string, differs: Partial<DutyDefinition> = {}) =>
  run.give('clerk', when, { type: 'CorrectDuty', definition: { ...WEEKLY, ...MONTHLY, ...differs } });
/** Each report asked for as `turn when`, on the county's wall clock. */
const asked = (run: DutyRun) =>
  run.events.flatMap((event) =>
    event.type === 'ReportAsked' ? [`${event.period} ${STRUCTURE.calendar.format(event.at).slice(0, 16)}`] : [],
  );
const planned = (run: DutyRun) => run.duty.reports.filter((report) => !report.asked).map(({ at: when }) => when);

describe('a circular', () => {
  it('is asked for on the morning of its due day, or of the last working day before it, once', () => {
    const run = opened('2023-05-16T09:00');
    run.until('2023-12-31T23:59');
    expect(asked(run)).toEqual([
      // 30 September is 中秋节's day off, 30 November a Thursday, 31 December a Sunday.
      ...['2023-05 2023-05-31T08:30', '2023-06 2023-06-30T08:30', '2023-07 2023-07-31T08:30'],
      ...['2023-08 2023-08-31T08:30', '2023-09 2023-09-28T08:30', '2023-10 2023-10-31T08:30'],
      ...['2023-11 2023-11-30T08:30', '2023-12 2023-12-29T08:30'],
    ]);
  });

  it('is planned as its turn opens, and tells its span: from one morning to the next', () => {
    const run = opened('2023-08-16T09:00');
    const august = { period: '2023-08', from: at('2023-08-01T00:00'), to: at('2023-09-01T00:00') };
    expect(run.events.slice(1)).toEqual([
      { type: 'ReportScheduled', at: at('2023-08-16T09:00'), ...august, reportAt: at('2023-08-31T08:30') },
    ]);
    expect(run.until('2023-08-31T12:00').at(-1)).toEqual({
      ...{ type: 'ReportAsked', at: at('2023-08-31T08:30'), ...august },
      ...{ since: august.from, until: at('2023-08-31T08:30') },
    });
    // What fell due on the evening of 31 August is in the next one.
    expect(run.until('2023-09-28T12:00').at(-1)).toMatchObject({
      ...{ type: 'ReportAsked', period: '2023-09', from: at('2023-09-01T00:00'), to: at('2023-10-01T00:00') },
      ...{ since: at('2023-08-31T08:30'), until: at('2023-09-28T08:30') },
    });
    expect(run.wake('2023-09-28T12:00'), 'the same wake again').toEqual([]);
  });

  it('is not asked for early, and at once when its duty comes on its very day', () => {
    const run = opened('2023-08-16T09:00');
    run.until('2023-08-31T08:00');
    expect(run.nextWakeAt).toBe(at('2023-08-31T08:30'));
    expect(run.wakeAt(at('2023-08-31T08:30') - 1)).toEqual([]);
    const late = opened('2023-08-31T10:00');
    expect(late.wake('2023-08-31T10:00')).toContainEqual(expect.objectContaining({ type: 'ReportAsked' }));
  });

  it('is asked for though the duty is done already', () => {
    const run = opened('2023-08-16T09:00');
    run.give('kgx-head', '2023-08-20T09:00', { ...DONE });
    run.until('2023-08-31T12:00');
    expect(asked(run)).toEqual(['2023-08 2023-08-31T08:30']);
  });

  it('is made up for after an outage, each turn once, with spans that leave nothing out', () => {
    const run = opened('2023-05-16T09:00');
    const events = run.wake('2023-08-05T10:00').filter((event) => event.type === 'ReportAsked');
    expect(events.map(({ period, since, until }) => [period, since, until])).toEqual([
      ['2023-05', at('2023-05-15T00:00'), at('2023-05-31T08:30')],
      ['2023-06', at('2023-05-31T08:30'), at('2023-06-30T08:30')],
      ['2023-07', at('2023-06-30T08:30'), at('2023-07-31T08:30')],
    ]);
  });

  it('keeps to a day that is printed, and to the hour of the jurisdiction', () => {
    const jurisdiction = { ...DATA.jurisdiction, digestMorningAt: '09:10' };
    const run = opened(
      '2023-06-16T09:00',
      { period: { every: 'month', day: 25 } },
      new Structure({ ...DATA, jurisdiction, plans: [PLAN] }, 2),
    );
    // 25 June 2023 is a Sunday that is worked.
    run.until('2023-07-26T00:00');
    expect(asked(run)).toEqual(['2023-06 2023-06-25T09:10', '2023-07 2023-07-25T09:10']);
  });

  it('of a turn without a working day keeps its due day', () => {
    const run = opened('2023-09-28T08:00', { period: { every: 'day' } });
    run.until('2023-09-30T12:00');
    expect(asked(run)).toEqual([
      '2023-09-28 2023-09-28T08:30',
      '2023-09-29 2023-09-29T08:30',
      '2023-09-30 2023-09-30T08:30',
    ]);
  });

  it('of a due day that was moved beyond its own days is not lost when the next turn begins', () => {
    const run = opened('2023-09-16T09:00', { shift: 'next', until: '2023-10-31' });
    run.until('2023-11-05T00:00');
    expect(asked(run)).toEqual(['2023-09 2023-10-07T08:30', '2023-10 2023-10-31T08:30']);
    const last = opened('2023-09-16T09:00', { shift: 'next', until: '2023-09-30' });
    last.until('2023-10-10T00:00');
    expect([asked(last), last.duty.status]).toEqual([['2023-09 2023-10-07T08:30'], 'ended']);
  });
});

describe('no report is asked for', () => {
  const none = (differs: Partial<DutyDefinition>, structure: Structure = WITH_PLAN) => {
    const run = opened('2023-08-16T09:00', differs, structure);
    run.until('2023-12-31T23:59');
    return run.events.filter(({ type }) => type === 'ReportScheduled' || type === 'ReportAsked');
  };

  it('by a duty of another kind, without a group, or whose group has no plan', () => {
    expect(none({ kind: 'dispatch' })).toEqual([]);
    expect(none({ group: null })).toEqual([]);
    expect(none({}, STRUCTURE)).toEqual([]);
  });

  it('by one that no calendar opens, or a whole campaign', () => {
    expect(none({ period: { every: 'unspecified' } })).toEqual([]);
    expect(none({ period: { every: 'event', event: '不力', withinDays: 3 } })).toEqual([]);
    expect(none({ period: { every: 'campaign' } })).toEqual([]);
  });

  it('once the duty is withdrawn', () => {
    const run = opened('2023-08-16T09:00');
    run.give('clerk', '2023-08-20T09:00', { type: 'EndDuty', cause: 'withdrawn', reason: null });
    expect([run.duty.reports, run.nextWakeAt]).toEqual([[], null]);
  });
});

describe('a correction', () => {
  it('of words leaves the report as it is planned', () => {
    const run = opened('2023-08-16T09:00');
    expect(correct(run, '2023-08-17T09:00', { title: '通报' })).toHaveLength(1);
    expect(planned(run)).toEqual([at('2023-08-31T08:30')]);
  });

  it('of the day moves it, and does not ask again for what was asked for', () => {
    const run = opened('2023-08-16T09:00');
    correct(run, '2023-08-17T09:00', { period: { every: 'month', day: 25 } });
    expect(planned(run)).toEqual([at('2023-08-25T08:30')]);
    run.until('2023-08-25T12:00');
    correct(run, '2023-08-25T13:00');
    run.until('2023-09-28T12:00');
    expect(asked(run)).toEqual(['2023-08 2023-08-25T08:30', '2023-09 2023-09-28T08:30']);
  });

  it('to another kind of turn, or of duty, takes it back', () => {
    const run = opened('2023-08-16T09:00');
    correct(run, '2023-08-17T09:00', QUARTERLY);
    expect(planned(run)).toEqual([at('2023-09-28T08:30')]);
    correct(run, '2023-08-18T09:00', { kind: 'dispatch' });
    expect(planned(run)).toEqual([]);
    correct(run, '2023-08-19T09:00');
    expect(planned(run)).toEqual([at('2023-08-31T08:30')]);
  });
});

describe('another calendar', () => {
  const notice = (year: number) => ({
    ...{ year, source: `国办发明电〔${year - 1}〕1号`, makeUpDays: [] },
    daysOff: [{ date: `${year}-09-30`, name: '国庆节' }],
  });
  const later = { from: '2031-09-01', until: '2031-12-31' };

  it('moves the morning, by an event, once', () => {
    const run = opened('2031-09-16T09:00', later);
    expect(planned(run)).toEqual([at('2031-09-30T08:30')]);
    const jurisdiction = { ...DATA.jurisdiction, holidayNotices: [notice(2031)] };
    const known = new Structure({ ...DATA, jurisdiction, plans: [PLAN] }, 3);
    expect(run.recompute('2031-09-17T09:00', known)).toContainEqual(
      expect.objectContaining({ type: 'ReportScheduled', period: '2031-09', reportAt: at('2031-09-29T08:30') }),
    );
    expect(run.recompute('2031-09-17T09:00', known), 'the same again').toEqual([]);
    run.until('2031-09-30T23:59');
    expect(asked(run)).toEqual(['2031-09 2031-09-29T08:30']);
    expect(run.recompute('2031-09-30T23:59', WITH_PLAN).filter(({ type }) => type === 'ReportScheduled')).toEqual([]);
  });

  it('plans the report of a duty from before reports', () => {
    const run = opened('2023-08-16T09:00');
    run.state = { ...run.duty, reports: [] };
    expect(run.recompute('2023-08-17T09:00', WITH_PLAN)).toMatchObject([
      { type: 'ReportScheduled', period: '2023-08' },
    ]);
    const other = opened('2023-08-16T09:00');
    other.state = { ...other.duty, reports: [] };
    other.until('2023-09-28T12:00');
    expect(asked(other), 'with the next turn').toEqual(['2023-09 2023-09-28T08:30']);
  });
});

describe('the plans that are reported on', () => {
  const group = { documentNumber: '', office: null, leader: null, firstDeputy: null, deputies: [], members: [] };
  const groups = [
    ...DATA.groups,
    { ...group, code: 'leading', name: '领导小组', kind: 'leading_group', parent: null },
    { ...group, code: 'centre', name: '指挥中心', kind: 'command_centre', parent: 'leading' },
    { ...group, code: 'battle', name: '工作专班', kind: 'task_force', parent: 'leading' },
    { ...group, code: 'round', name: '绕圈', kind: 'task_force', parent: 'circle' },
    { ...group, code: 'circle', name: '绕圈', kind: 'task_force', parent: 'round' },
  ] as const satisfies StructureData['groups'];
  const plans = ['leading', 'battle', 'force', 'round'].map((code) => ({ ...PLAN, code: `of-${code}`, group: code }));
  const structure = new Structure({ ...DATA, groups, plans }, 2);

  it.each([
    ['leading', ['of-leading', 'of-battle']],
    ['centre', ['of-leading', 'of-battle']],
    ['battle', ['of-battle']],
    ['top', ['of-force']],
    ['circle', ['of-round']],
    ['nobody', []],
  ])('of %s are its own and those below it, a command centre’s those of the group above', (code, expected) => {
    expect(plansReported(structure, code).map((plan) => plan.code)).toEqual(expected);
  });
});
