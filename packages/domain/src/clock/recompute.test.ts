import { describe, expect, it } from 'vitest';
import { assignment, at, STRUCTURE } from '../../test-support/fixtures.ts';
import { IncidentRun, opening, reporting } from '../../test-support/incident-run.ts';
import { local, NOTICE, noticed, recomputeTask } from '../../test-support/notice-2031.ts';
import { escalations, TaskRun } from '../../test-support/task-run.ts';
import { DEFAULT_TASK_POLICY } from '../escalation/defaults.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { TaskEvent } from '../task/events.ts';
import { taskAggregate } from '../task/index.ts';
import type { Limit } from './limit.ts';

const due = (date: string) => ({ dueAt: at(`${date}T00:00`) });
const acknowledge = {
  type: 'AcknowledgeEscalation',
  ...{ escalationId: 'escalation_safety-1-1', note: null, until: null },
} as const;
const ladder = (run: TaskRun, id = 'due') => {
  const { steps, next } = run.limit(id);
  return { steps: local(...steps), next: next === null ? null : `${next.step} ${local(next.at)}` };
};

/** Reported late at that instant of an event an hour before; its explanation counts two working days. */
function late(when: string): IncidentRun {
  const run = new IncidentRun();
  run.give('kgx-head', when, opening({ occurredAt: at(when) - 3_600_000 }));
  return run;
}

describe('a limit in working days', () => {
  it('is counted again when the year’s notice comes, once', () => {
    const run = late('2031-01-20T10:00');
    const before = run.limit('explanation');
    expect(local(before.dueAt, before.reminders[0]?.at ?? 0)).toEqual(['2031-01-22 10:00', '2031-01-21 10:00']);
    run.structure = noticed();
    const dueAt = at('2031-01-29T10:00');
    expect(run.recompute('2031-01-20T12:00')).toStrictEqual([
      { type: 'ClockRecomputed', at: at('2031-01-20T12:00'), limits: [{ ...before, dueAt }] },
    ] satisfies IncidentEvent[]);
    expect(run.recompute('2031-01-20T12:01'), 'again').toEqual([]);
    run.until('2031-01-29T09:59');
    expect(run.limit('explanation').status).toBe('running');
    run.until('2031-01-29T10:00');
    expect(run.limit('explanation').status).toBe('overdue');
  });

  it('of a task: the office’s span to verify', () => {
    const run = TaskRun.assigned('2030-12-02T10:00', due('2031-03-01'));
    const submit = { type: 'SubmitCompletion', unit: null, summary: '', evidence: [] } as const;
    run.give('kgx-head', '2031-01-16T10:00', submit);
    expect(local(run.limit('verification:1').dueAt)).toEqual(['2031-01-23 10:00']);
    recomputeTask(run, '2031-01-16T11:00');
    // 17, 19 (made up), 20, 21, then 29.
    expect(local(run.limit('verification:1').dueAt)).toEqual(['2031-01-29 10:00']);
    expect(recomputeTask(run, '2031-01-16T11:01')).toEqual([]);
  });

  it('is not moved into the past: a day that is gone can no longer be met', () => {
    const run = late('2031-01-17T10:00');
    const weekend = ['2031-01-18', '2031-01-19'].map((date) => ({ date, name: '抗洪' }));
    run.structure = noticed({ ...NOTICE, daysOff: [], makeUpDays: weekend });
    expect(run.recompute('2031-01-20T09:00')).toEqual([]);
    expect(local(run.limit('explanation').dueAt)).toEqual(['2031-01-21 10:00']);
  });

  it('once missed stays missed, whatever the calendar says now', () => {
    const run = late('2031-01-20T10:00');
    run.until('2031-01-22T10:00');
    run.structure = noticed();
    run.recompute('2031-01-22T11:00');
    expect(run.limit('explanation')).toMatchObject({ status: 'overdue', dueAt: at('2031-01-22T10:00') });
    // Three working days from a day off count from the first day of work.
    expect(local(run.limit('explanation').next?.at ?? 0)).toEqual(['2031-02-01 00:00']);
  });
});

describe('reminders', () => {
  it('of a given date move, the date does not', () => {
    const run = TaskRun.assigned('2030-12-02T10:00', due('2031-02-01'));
    const reminders = () =>
      run.limit('due').reminders.map(({ at: instant, workingDaysBefore }) => [...local(instant), workingDaysBefore]);
    expect(reminders()).toEqual([
      ['2031-01-23 00:00', 7],
      ['2031-01-31 00:00', 1],
    ]);
    recomputeTask(run, '2030-12-05T10:00');
    expect(reminders()).toEqual([
      ['2031-01-17 00:00', 7],
      ['2031-01-31 00:00', 1],
    ]);
    expect(local(run.limit('due').dueAt)).toEqual(['2031-02-01 00:00']);
    expect(recomputeTask(run, '2030-12-05T10:01')).toEqual([]);
  });

  it('that were given are not given again; those that have become due are given at the next wake', () => {
    const given = TaskRun.assigned('2030-12-02T10:00', due('2031-02-01'));
    given.until('2031-01-23T00:00');
    expect(recomputeTask(given, '2031-01-23T10:00')).toEqual([]);
    const run = TaskRun.assigned('2030-12-02T10:00', due('2031-02-01'));
    recomputeTask(run, '2031-01-18T10:00');
    expect(run.wake('2031-01-18T10:00')).toMatchObject([{ type: 'UnitReminded', workingDaysBefore: 7 }]);
    expect(local(run.nextWakeAt ?? 0)).toEqual(['2031-01-31 00:00']);
  });

  it('that wait since an outage are left alone', () => {
    const run = TaskRun.assigned('2030-12-02T10:00', due('2031-01-11'));
    expect(recomputeTask(run, '2031-01-10T10:00')).toEqual([]);
    expect(run.limit('due').reminders).toHaveLength(2);
  });
});

describe('a ladder', () => {
  const missed = (date = '2031-01-18', woken = `${date}T00:00`) => {
    const run = TaskRun.assigned('2023-06-01T10:00', due(date));
    run.wake(woken);
    return run;
  };

  it.each(['2031-01-18T00:00', '2031-01-18T00:00:02', '2031-01-18T03:00'])(
    'is planned anew, and what nobody acknowledges brought forward anew, woken %s',
    (woken) => {
      const run = missed('2031-01-18', woken);
      expect(ladder(run)).toEqual({
        steps: ['2031-01-18 00:00', '2031-01-23 00:00', '2031-01-27 00:00', '2031-02-03 00:00'],
        next: '1 2031-01-21 00:00',
      });
      recomputeTask(run, '2031-01-18T10:00');
      expect(ladder(run)).toEqual({
        steps: ['2031-01-18 00:00', '2031-01-29 00:00', '2031-01-31 00:00', '2031-02-06 00:00'],
        next: '1 2031-01-20 00:00',
      });
      expect(recomputeTask(run, '2031-01-18T10:01')).toEqual([]);
      expect(escalations(run.until('2031-02-01T00:00'))).toEqual([
        'due 1 2031-01-20T00:00 post:first-deputy',
        'due 2 2031-01-31T00:00 post:mayor unit:dcs',
      ]);
    },
  );

  it('leaves steps that have run where they ran', () => {
    const run = missed();
    run.until('2031-01-21T00:00');
    recomputeTask(run, '2031-01-21T10:00');
    expect(ladder(run)).toEqual({
      steps: ['2031-01-18 00:00', '2031-01-23 00:00', '2031-01-31 00:00', '2031-02-06 00:00'],
      next: '2 2031-01-31 00:00',
    });
  });

  it('brings later steps forward by what is known of them', () => {
    const [opened, ...steps] = DEFAULT_TASK_POLICY.steps;
    const eager = steps.map((step) => ({ ...step, acknowledgeWithin: { unit: 'working_days' as const, amount: 1 } }));
    const run = new TaskRun();
    const policy = { ...DEFAULT_TASK_POLICY, steps: opened === undefined ? [] : [opened, ...eager] };
    run.give('inspector', '2023-06-01T10:00', { ...assignment(due('2031-01-16')), policy });
    run.wake('2031-01-16T00:00');
    run.wake('2031-01-17T00:00:02');
    expect(ladder(run).next).toBe('2 2031-01-20 00:00');
    expect(recomputeTask(run, '2031-01-17T10:00', STRUCTURE)).toEqual([]);
    recomputeTask(run, '2031-01-17T10:00');
    expect(ladder(run).next).toBe('2 2031-01-19 00:00');
  });

  it('runs what has become due at the next wake', () => {
    const run = missed();
    recomputeTask(run, '2031-01-20T10:00');
    expect(ladder(run).next).toBe('1 2031-01-20 10:00');
    expect(recomputeTask(run, '2031-01-20T10:01')).toEqual([]);
    expect(escalations(run.wake('2031-01-20T10:02'))).toEqual(['due 1 2031-01-20T10:02 post:first-deputy']);
  });

  it('keeps its pauses, counted anew with it', () => {
    const run = missed('2031-01-16');
    run.give('jj-director', '2031-01-16T10:00', acknowledge);
    run.until('2031-01-20T10:00');
    expect(ladder(run).steps).toEqual(['2031-01-16 00:00', '2031-01-23 00:00', '2031-01-27 00:00', '2031-02-03 00:00']);
    recomputeTask(run, '2031-01-20T11:00');
    // It stood still over three working days now: 17, 19, 20.
    expect(ladder(run)).toEqual({
      steps: ['2031-01-16 00:00', '2031-01-30 00:00', '2031-02-01 00:00', '2031-02-07 00:00'],
      next: '1 2031-01-30 00:00',
    });
    expect(recomputeTask(run, '2031-01-20T11:01')).toEqual([]);
  });

  it('leaves a ladder alone of which nobody knows when it stood still: it began before spans were kept', () => {
    const run = missed('2031-01-16');
    run.give('jj-director', '2031-01-16T10:00', acknowledge);
    run.until('2031-01-20T10:00');
    const unknown = (limit: Limit): Limit => ({ ...limit, pauses: null });
    const old = run.events.map((event): TaskEvent => {
      if (event.type === 'LadderResumed') return { ...event, pause: null };
      return event.type === 'TaskAssigned' ? { ...event, limits: event.limits.map(unknown) } : event;
    });
    run.state = old.reduce(taskAggregate.evolve, taskAggregate.initial);
    expect(run.limit('due')).toMatchObject({ status: 'overdue', pauses: null });
    expect(recomputeTask(run, '2031-01-20T11:00')).toEqual([]);
  });

  it('after an outage keeps the gap, where nobody has acknowledged in time', () => {
    const run = missed('2031-01-16', '2031-01-21T09:00');
    expect(ladder(run).next).toBe('1 2031-01-21 10:00');
    recomputeTask(run, '2031-01-21T09:30');
    expect([ladder(run).steps[1], ladder(run).next]).toEqual(['2031-01-20 00:00', '1 2031-01-21 10:00']);
  });

  it('after an outage waits for a step that lies later now', () => {
    const run = late('2031-01-16T10:00');
    const next = () => local(run.limit('explanation').next?.at ?? 0);
    run.wake('2031-01-23T11:00');
    expect(next()).toEqual(['2031-01-23 12:00']);
    run.structure = noticed();
    run.recompute('2031-01-23T11:30');
    expect(next()).toEqual(['2031-01-30 10:00']);
    expect(run.recompute('2031-01-23T11:31')).toEqual([]);
  });

  it('after it was held keeps the gap, too', () => {
    const run = missed('2031-01-16', '2031-01-20T09:00');
    run.give('jj-director', '2031-01-20T09:10', { ...acknowledge, until: at('2031-01-20T09:20') });
    run.wake('2031-01-24T09:00');
    expect(ladder(run).next).toBe('1 2031-01-24 10:00');
    recomputeTask(run, '2031-01-24T09:30');
    expect(ladder(run).next).toBe('1 2031-01-24 10:00');
    expect(recomputeTask(run, '2031-01-24T09:31')).toEqual([]);
  });

  it('comes again on the first of a month, whatever is counted', () => {
    const run = missed('2030-12-02');
    run.until('2031-01-01T00:00');
    expect(ladder(run).next).toBe('3 2031-02-01 00:00');
    expect(recomputeTask(run, '2031-01-02T10:00')).toEqual([]);
  });
});

describe('what the notice does not touch', () => {
  it('is left alone: elapsed minutes, other days, what has ended', () => {
    const fire = IncidentRun.reported({}, { mode: 'phone' });
    fire.structure = noticed();
    expect(fire.recompute('2023-03-10T10:30')).toEqual([]);
    fire.until('2023-03-10T12:30');
    expect(fire.recompute('2023-03-10T12:30')).toEqual([]);
    const done = late('2031-01-20T10:00');
    done.give('kgx-head', '2031-01-20T11:00', { type: 'ExplainLateness', text: '' });
    done.give('kgx-head', '2031-01-20T11:00', reporting('final'));
    done.structure = noticed();
    expect(done.recompute('2031-01-20T12:00')).toEqual([]);
    const task = TaskRun.assigned('2023-06-01T10:00', due('2023-09-01'));
    expect(recomputeTask(task, '2023-06-02T10:00')).toEqual([]);
    task.until('2023-09-05T00:00');
    expect(recomputeTask(task, '2023-09-05T00:00')).toEqual([]);
  });
});
