import { describe, expect, it } from 'vitest';
import { at, DATA, PLAN, REPORT, WITH_PLAN } from '../../test-support/fixtures.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import type { TaskDefinition } from '../index.ts';
import { Structure } from '../structure/structure.ts';
import { compileReport } from './compile.ts';
import type { ReportData } from './data.ts';
import { periodName } from './period-name.ts';

const SPAN = { from: at('2023-08-31T08:30'), to: at('2023-09-28T08:30') };
const TERMS = {
  ...{ plan: PLAN, kind: 'circular' as const, span: SPAN, asOf: SPAN.to },
  duty: { code: 'monthly', name: '月通报', basis: { documentNumber: '泸政办发〔2023〕5号', lines: [1406, 1408] } },
  period: { key: '2023-09', from: at('2023-09-01T00:00'), to: at('2023-10-01T00:00') },
} as const;

const run = (definition: Partial<TaskDefinition> = {}) => TaskRun.assigned('2023-05-15T09:00', definition);
const due = (date: string) => ({ dueAt: at(`${date}T00:00`) });
/** Done by its lead unit at an instant, and verified the next morning. */
function done(task: TaskRun, when: string, by = 'kgx-head'): TaskRun {
  task.until(when);
  task.give(by, when, { type: 'SubmitCompletion', unit: null, summary: '已完成', evidence: [] });
  task.until(`${when.slice(0, 11)}23:00`);
  task.give('jj-director', `${when.slice(0, 11)}23:00`, { type: 'Verify', note: null });
  return task;
}
const compile = (runs: readonly TaskRun[], structure: Structure = WITH_PLAN): ReportData =>
  compileReport(
    runs.map((each, index) => {
      each.until('2023-09-28T08:30');
      const verified = each.events.findLast((event) => event.type === 'CompletionVerified');
      return { task: { ...each.task, id: `task_${index + 1}` }, lateByMs: verified?.lateByMs ?? null };
    }),
    TERMS,
    structure,
  );

describe('the outcome of a deadline', () => {
  const outcomes = (task: TaskRun) => compile([task]).totals;
  const one = (what: object) => ({ due: 1, onTime: 0, late: 0, submitted: 0, overdue: 0, ...what });
  const NONE = { due: 0, onTime: 0, late: 0, submitted: 0, overdue: 0 };

  it('is judged by when completion was submitted, not by when it was verified', () => {
    expect(outcomes(done(run(due('2023-09-06')), '2023-09-05T23:00')).span).toEqual(one({ onTime: 1 }));
    expect(outcomes(done(run(due('2023-09-06')), '2023-09-06T08:00')).span).toEqual(one({ late: 1 }));
  });

  it('is open while nobody has submitted it, and with the office once somebody has', () => {
    expect(outcomes(run(due('2023-09-06')))).toMatchObject({ span: one({ overdue: 1 }), toDate: one({ overdue: 1 }) });
    const submitted = run(due('2023-09-28'));
    submitted.give('kgx-head', '2023-09-27T10:00', {
      type: 'SubmitCompletion',
      unit: null,
      summary: '已完成',
      evidence: [],
    });
    expect(outcomes(submitted).toDate).toEqual(one({ submitted: 1 }));
  });

  it('is nobody’s before it has come, while the task is suspended, or once it is cancelled', () => {
    expect(outcomes(run(due('2023-10-01'))).toDate).toEqual(NONE);
    expect(outcomes(done(run(due('2023-10-01')), '2023-09-01T10:00')).toDate).toEqual(NONE);
    const suspended = run(due('2023-09-06'));
    suspended.give('inspector', '2023-09-01T10:00', {
      ...{ type: 'Suspend', reason: '防汛', basis: '会议纪要', until: at('2023-12-01T00:00') },
    });
    expect(outcomes(suspended)).toMatchObject({ tasks: 1, toDate: NONE });
    const cancelled = run(due('2023-09-06'));
    cancelled.give('inspector', '2023-09-01T10:00', { type: 'Cancel', reason: '合并', basis: '会议纪要' });
    expect(outcomes(cancelled)).toMatchObject({ tasks: 0, byStatus: { cancelled: 1 }, toDate: NONE });
  });

  it('of a task that goes on is that of its completion', () => {
    expect(outcomes(done(run({ ...due('2023-09-06'), ongoing: true }), '2023-09-05T10:00')).span).toEqual(
      one({ onTime: 1 }),
    );
    expect(outcomes(done(run({ ...due('2023-09-06'), ongoing: true }), '2023-09-07T10:00')).span).toEqual(
      one({ late: 1 }),
    );
  });

  it('is of the span it fell in: after its beginning, by its end', () => {
    const spans = (date: string) => outcomes(run({ dueAt: at(date) }));
    expect(spans('2023-08-31T08:30').span).toEqual(NONE);
    expect(spans('2023-08-31T08:30').toDate).toEqual(one({ overdue: 1 }));
    expect(spans('2023-09-01T00:00').span).toEqual(one({ overdue: 1 }));
    expect(spans('2023-09-28T08:30').span).toEqual(one({ overdue: 1 }));
  });
});

describe('places', () => {
  const led = (unit: string, by: string, date: string | null): TaskRun => {
    const task = run({ ...due('2023-09-06'), leadUnits: [unit] });
    return date === null ? task : done(task, date, by);
  };
  const places = (report: ReportData) => report.units.map(({ unit, rank }) => `${unit.code} ${rank}`);
  const onTime = '2023-09-05T10:00';

  it('go by the share met in time, then by how late the others were', () => {
    const report = compile([
      ...[led('fgj', 'fgj-head', onTime), led('fgj', 'fgj-head', '2023-09-08T10:00')],
      ...[led('kgx', 'kgx-head', onTime), led('kgx', 'kgx-head', '2023-09-07T10:00')],
      led('jj', 'jj-head', onTime),
      led('zhen', 'zhen-head', null),
    ]);
    expect(places(report)).toEqual(['jj 1', 'kgx 2', 'fgj 3', 'zhen 4']);
    expect(report.best.map(({ code }) => code)).toEqual(['jj', 'kgx']);
    expect(report.worst.map(({ code }) => code)).toEqual(['zhen', 'fgj']);
  });

  it('are shared by equals, who are named together', () => {
    const units = ['fgj', 'jj', 'kgx', 'xwb', 'zfb'];
    const report = compile(units.map((unit) => led(unit, `${unit}-head`, onTime)));
    expect(places(report)).toEqual(units.map((unit) => `${unit} 1`));
    expect([report.best.length, report.worst]).toEqual([5, []]);
    const none = compile(units.map((unit) => led(unit, '', null)));
    expect([none.best, none.worst.length]).toEqual([[], 5]);
  });

  it('have nothing to do with activity: reports, acceptance and percentages change nothing', () => {
    const busy = led('fgj', 'fgj-head', null);
    for (const day of ['10', '11', '12', '13', '14']) {
      busy.give('fgj-head', `2023-09-${day}T10:00`, { ...REPORT, noChange: false, text: '推进中', percent: 90 });
    }
    const without = ({ units }: ReportData) => units.map(({ unit: _unit, ...result }) => result);
    const [one, other] = without(compile([busy, led('kgx', '', null)]));
    expect(one).toEqual({ ...other, rank: 1 });
    expect(other?.rank).toBe(1);
  });

  it('are not given to units of which nothing is decided', () => {
    const report = compile([run({ ...due('2023-10-01'), leadUnits: ['fgj'] }), led('kgx', '', null)]);
    expect(places(report)).toEqual(['kgx 1', 'fgj null']);
  });

  it('count a task for each of the units that lead it', () => {
    const report = compile([run({ ...due('2023-09-06'), leadUnits: ['fgj', 'kgx'] })]);
    expect(report.units.map(({ unit, tasks, toDate }) => [unit.code, tasks, toDate.overdue])).toEqual([
      ...[['fgj', 1, 1]],
      ...[['kgx', 1, 1]],
    ]);
    expect(report.totals.tasks).toBe(1);
  });
});

describe('the lists', () => {
  it('name the overdue, the latest first, and what the ladder put on the circular', () => {
    const report = compile([
      run({ ...due('2023-09-20'), title: '甲', seq: 1 }),
      run({ ...due('2023-09-06'), title: '乙', seq: 2 }),
      done(run({ ...due('2023-09-06'), title: '丙', seq: 3 }), '2023-09-05T10:00'),
    ]);
    expect(report.overdue.map(({ title, lateMs }) => [title, lateMs])).toEqual([
      ['乙', at('2023-09-28T08:30') - at('2023-09-06T00:00')],
      ['甲', at('2023-09-28T08:30') - at('2023-09-20T00:00')],
    ]);
    expect(report.overdue[0]?.leadUnits).toEqual([{ code: 'kgx', name: '县kgx' }]);
    // Ten working days after 6 September.
    expect(report.circular.map(({ title }) => title)).toEqual(['乙']);
    expect(report.escalations).toMatchObject({
      total: 7,
      steps: [
        ...[{ step: 1, action: 'escalate', count: 2 }],
        ...[{ step: 2, action: 'escalate', count: 2 }],
        ...[{ step: 3, action: 'escalate', count: 2 }],
        ...[{ step: 4, action: 'circular', count: 1 }],
      ],
    });
    expect(report.units[0]).toMatchObject({ escalated: 7, escalatedToDate: 7 });
  });

  it('are empty for a plan without tasks', () => {
    expect(compile([])).toEqual({
      ...{ kind: 'circular', title: '安全生产翻身仗任务清单2023年9月通报', duty: TERMS.duty, period: TERMS.period },
      plan: { code: 'safety', name: PLAN.title, documentNumber: PLAN.documentNumber, list: '安全生产' },
      ...{ group: { code: 'force', name: '专班' }, span: SPAN, asOf: SPAN.to },
      totals: {
        ...{ tasks: 0, byStatus: {}, byLight: {} },
        span: { due: 0, onTime: 0, late: 0, submitted: 0, overdue: 0 },
        toDate: { due: 0, onTime: 0, late: 0, submitted: 0, overdue: 0 },
      },
      ...{ escalations: { total: 0, steps: [] }, units: [], best: [], worst: [], overdue: [], circular: [] },
    });
  });

  it('keep the code of a unit that has left the structure', () => {
    const without = new Structure({ ...DATA, plans: [PLAN], units: [] }, 3);
    expect(compile([run()], without).units[0]?.unit).toEqual({ code: 'kgx', name: 'kgx' });
  });
});

it.each([
  ['2023-09', '2023年9月'],
  ['2023-Q3', '2023年第三季度'],
  ['2023-H2', '2023年下半年'],
  ['2023', '2023年'],
  ['2023-W07', '2023年第7周'],
  ['2023-05-T2', '2023年5月中旬'],
  ['2023-05-30', '2023年5月30日'],
  ['campaign', 'campaign'],
])('%s is called %s', (key, name) => {
  expect(periodName(key)).toBe(name);
});
