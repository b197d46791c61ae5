import { describe, expect, it } from 'vitest';
import { at, REPORT } from '../../test-support/fixtures.ts';
import { escalations, TaskRun, types } from '../../test-support/task-run.ts';

const due = (date: string) => ({ dueAt: at(`${date}T00:00`) });
const acknowledge = (escalationId: string) =>
  ({ type: 'AcknowledgeEscalation', escalationId, note: null, until: null }) as const;

describe('the due instant', () => {
  it('does nothing one millisecond before, and marks and escalates at it', () => {
    const run = TaskRun.assigned('2023-08-31T10:00');
    run.wake('2023-08-31T10:00');
    expect(run.nextWakeAt).toBe(at('2023-09-01T00:00'));
    expect(run.wakeAt(at('2023-09-01T00:00') - 1)).toEqual([]);
    const events = run.wake('2023-09-01T00:00');
    expect(types(events)).toEqual(['LimitMissed', 'Escalated']);
    expect(escalations(events)).toEqual(['due 0 2023-09-01T00:00 post:jj-director']);
    expect(run.wake('2023-09-01T00:00'), 'the same wake again').toEqual([]);
    expect(run.wake('2023-08-20T00:00'), 'a stale wake').toEqual([]);
  });

  it('reminds seven and one working days before, once each', () => {
    const run = TaskRun.assigned('2023-08-01T10:00');
    expect(run.until('2023-08-31T23:59')).toMatchObject([
      { type: 'UnitReminded', at: at('2023-08-23T00:00'), workingDaysBefore: 7 },
      { type: 'UnitReminded', at: at('2023-08-31T00:00'), workingDaysBefore: 1 },
    ]);
  });

  it('joins reminders that were past when it was assigned into the latest', () => {
    const run = TaskRun.assigned('2023-08-31T08:00');
    const [reminder, ...rest] = run.wake('2023-08-31T08:00');
    expect(rest).toEqual([]);
    expect(reminder).toMatchObject({ type: 'UnitReminded', workingDaysBefore: 1 });
    expect(run.wake('2023-08-31T09:00')).toEqual([]);
  });
});

describe('the default ladder', () => {
  it.each([
    [
      '2023-09-01',
      [
        'due 0 2023-09-01T00:00 post:jj-director',
        'due 1 2023-09-04T00:00 post:first-deputy',
        'due 2 2023-09-08T00:00 post:mayor unit:dcs',
        'due 3 2023-09-15T00:00 unit:dcs',
      ],
    ],
    [
      '2023-10-01',
      [
        'due 0 2023-10-01T00:00 post:jj-director',
        'due 1 2023-10-08T00:00 post:first-deputy',
        'due 2 2023-10-12T00:00 post:mayor unit:dcs',
        'due 3 2023-10-19T00:00 unit:dcs',
      ],
    ],
  ])('climbs from %s over holidays and make-up days when nobody acknowledges', (day, expected) => {
    const run = TaskRun.assigned('2023-06-01T10:00', due(day));
    expect(escalations(run.until(day === '2023-09-01' ? '2023-09-30T00:00' : '2023-10-31T00:00'))).toEqual(expected);
  });

  it('repeats the circular on the first of each month and always knows its next wake', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-10-01'));
    const events = run.until('2024-01-15T00:00');
    expect(escalations(events).slice(3)).toEqual([
      'due 3 2023-10-19T00:00 unit:dcs',
      'due 3 2023-11-01T00:00 unit:dcs',
      'due 3 2023-12-01T00:00 unit:dcs',
      'due 3 2024-01-01T00:00 unit:dcs',
    ]);
    expect(run.nextWakeAt).toBe(at('2024-02-01T00:00'));
    expect(events.filter((event) => event.type === 'Escalated').map(({ action }) => action)).toEqual([
      'escalate',
      'escalate',
      'escalate',
      ...Array(4).fill('circular'),
    ]);
  });

  it('stands still for an acknowledgement, then resumes shifted and not brought forward', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-09-01'));
    run.until('2023-09-01T00:00');
    run.give('jj-director', '2023-09-01T10:00', acknowledge('escalation_safety-1-1'));
    expect(run.nextWakeAt).toBe(at('2023-09-05T10:00'));
    expect(run.wakeAt(at('2023-09-05T10:00') - 1)).toEqual([]);
    expect(types(run.wake('2023-09-05T10:00'))).toEqual(['LadderResumed']);
    expect(escalations(run.until('2023-09-30T00:00'))).toEqual([
      'due 1 2023-09-08T00:00 post:first-deputy',
      'due 2 2023-09-12T00:00 post:mayor unit:dcs',
      'due 3 2023-09-19T00:00 unit:dcs',
    ]);
  });

  it('does not hold longer than the policy allows, nor for nothing', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-09-01'));
    run.until('2023-09-01T00:00');
    const hold = (until: string) => () =>
      run.give('jj-director', '2023-09-01T10:00', { ...acknowledge('escalation_safety-1-1'), until: at(until) });
    expect(hold('2023-09-05T10:01')).toThrow(expect.objectContaining({ code: 'hold_too_long' }));
    expect(hold('2023-09-01T10:00')).toThrow(expect.objectContaining({ code: 'hold_too_long' }));
    expect(hold('2023-09-05T10:00')()).toHaveLength(1);
    expect(hold('2023-09-05T10:00')(), 'acknowledged twice').toEqual([]);
  });

  it('takes one step a wake after an outage, with the minimum gap between', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-09-01'));
    expect(escalations(run.wake('2023-11-06T10:00'))).toEqual(['due 0 2023-11-06T10:00 post:jj-director']);
    expect(run.nextWakeAt).toBe(at('2023-11-06T11:00'));
    expect(escalations(run.until('2023-11-06T15:30'))).toEqual([
      'due 1 2023-11-06T11:00 post:first-deputy',
      'due 2 2023-11-06T12:00 post:mayor unit:dcs',
      'due 3 2023-11-06T15:30 unit:dcs',
    ]);
  });
});

describe('milestones', () => {
  const milestone = (code: string, date: string) => ({ code, title: code, text: code, dueAt: at(`${date}T00:00`) });

  it('lets the task’s own ladder speak for a milestone of the same instant', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', { milestones: [milestone('Q3', '2023-09-01')] });
    const events = run.until('2023-09-01T00:00');
    expect(types(events.slice(-3))).toEqual(['LimitMissed', 'Escalated', 'LimitMissed']);
    expect(escalations(events)).toEqual(['due 0 2023-09-01T00:00 post:jj-director']);
  });

  it('is no longer covered by a limit that a correction took away', () => {
    const definition = { milestones: [milestone('Q3', '2023-09-01')] };
    const run = TaskRun.assigned('2023-06-01T10:00', definition);
    const corrected = run.events[0] as Extract<(typeof run.events)[0], { type: 'TaskAssigned' }>;
    run.give('clerk', '2023-06-02T10:00', {
      type: 'Correct',
      definition: { ...corrected.definition, dueAt: null },
      changed: ['dueAt'],
      importId: 'import_1',
      basis: '县政府第12次常务会议纪要',
    });
    expect(escalations(run.until('2023-09-01T00:00'))).toEqual(['milestone:Q3 0 2023-09-01T00:00 post:jj-director']);
  });

  it('starts no ladder for one that had passed when the task was assigned; the task itself is late at once', () => {
    const run = TaskRun.assigned('2023-09-04T10:00', { milestones: [milestone('Q1', '2023-04-01')] });
    expect(run.limit('milestone:Q1').status).toBe('void');
    expect(escalations(run.wake('2023-09-04T10:00'))).toEqual(['due 0 2023-09-04T10:00 post:jj-director']);
    // Counted from the day it was told, not from a due day nobody knew of.
    expect(run.nextWakeAt).toBe(at('2023-09-05T10:00'));
  });

  it('ends when it is reported reached, overdue or not', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', { milestones: [milestone('Q2', '2023-07-01')] });
    run.until('2023-07-01T00:00');
    expect(run.limit('milestone:Q2').status).toBe('overdue');
    run.give('kgx-head', '2023-07-03T10:00', { ...REPORT, reached: ['Q2'] });
    expect(run.limit('milestone:Q2')).toMatchObject({ status: 'met', next: null });
    expect(run.task.escalations.map(({ status }) => status)).toEqual(['resolved']);
    expect(escalations(run.until('2023-08-31T23:00'))).toEqual([]);
  });
});
