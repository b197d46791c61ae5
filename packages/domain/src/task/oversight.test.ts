import { describe, expect, it } from 'vitest';
import { at, REPORT } from '../../test-support/fixtures.ts';
import { escalations, TaskRun, types } from '../../test-support/task-run.ts';
import type { TaskCommand } from './commands.ts';

const submit = { type: 'SubmitCompletion', unit: null, summary: '已完成', evidence: [] } as const;
const verify = { type: 'Verify', note: null } as const;
const code = (refusal: string) => expect.objectContaining({ code: refusal });

describe('suspension', () => {
  const suspend = { type: 'Suspend', until: at('2023-08-11T10:00'), reason: '诉讼', basis: '法院裁定' } as const;

  it('moves limits by its days, ending by itself; a second’s delay is not another day', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('jj-director', '2023-08-01T10:00', suspend);
    expect(run.give('jj-director', '2023-08-01T10:01', suspend)).toEqual([]);
    expect(run.nextWakeAt).toBe(suspend.until);
    expect(run.wakeAt(suspend.until - 1)).toEqual([]);
    expect(types(run.wakeAt(suspend.until + 1_000))).toEqual(['TaskResumed']);
    expect(run.limit('due').dueAt).toBe(at('2023-09-11T00:00'));
  });

  it('ends by decision, and repeated resumption says nothing', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('jj-director', '2023-08-01T10:00', suspend);
    const resume = { type: 'Resume', reason: '已结案' } as const;
    run.give('jj-director', '2023-08-03T09:00', resume);
    expect(run.limit('due').dueAt).toBe(at('2023-09-03T00:00'));
    expect(run.give('jj-director', '2023-08-03T09:01', resume)).toEqual([]);
  });

  it('resumes and marks what is late in one wake after an outage', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('jj-director', '2023-08-01T10:00', suspend);
    const events = run.wake('2023-10-09T10:00');
    expect(types(events)).toEqual(['TaskResumed', 'LimitMissed', 'Escalated']);
    expect(run.nextWakeAt).toBe(at('2023-10-10T10:00'));
  });

  it('keeps the span a ladder was held before it was suspended', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.until('2023-09-01T00:00');
    const escalationId = 'escalation_safety-1-1';
    run.give('jj-director', '2023-09-01T10:00', {
      type: 'AcknowledgeEscalation',
      escalationId,
      note: null,
      until: null,
    });
    run.give('jj-director', '2023-09-04T10:00', { ...suspend, until: at('2023-09-06T10:00') });
    run.wake('2023-09-06T10:00');
    // Three working days of standing still: Friday 1st to Wednesday 6th.
    expect(run.nextWakeAt).toBe(at('2023-09-11T00:00'));
  });
});

describe('oversight', () => {
  const reportBy = at('2023-07-01T00:00');
  const list = { type: 'ListForSupervision', reason: '进度滞后', basis: '督查通报', reportBy } as const;
  const instruct = { type: 'Instruct', text: '抓紧办理', reportBy } as const;

  it.each([
    ['supervision:1', 'inspector', list],
    ['instruction:1', 'mayor', instruct],
  ] as const)('%s is reminded, answered by name, and only by name', (id, person, command) => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give(person, '2023-06-05T10:00', command);
    expect(run.nextWakeAt).toBe(at('2023-06-30T00:00'));
    run.give('kgx-head', '2023-06-06T10:00', REPORT);
    expect(run.limit(id).status).toBe('running');
    run.give('kgx-head', '2023-06-06T11:00', { ...REPORT, answers: [id] });
    expect(run.limit(id).status).toBe('met');
  });

  it('records the seat an instruction comes from; without a date no clock starts', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    const [event] = run.give('mayor', '2023-06-05T10:00', { ...instruct, reportBy: null });
    expect(event).toMatchObject({ type: 'LeaderInstructed', post: 'mayor', limit: null });
    expect(run.task.limits).toHaveLength(1);
  });

  it('does not let a report end the task’s own limit', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    const answer = { ...REPORT, answers: ['due'] };
    expect(() => run.give('fgj-head', '2023-06-05T10:00', answer)).toThrow(code('unknown_reference'));
  });

  it('voids every limit of a cancelled task', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    const cancel = { type: 'Cancel', reason: '合并', basis: '泸政办发〔2023〕5号' } as const;
    run.give('inspector', '2023-06-05T10:00', cancel);
    expect(run.task).toMatchObject({ status: 'cancelled', limits: [{ status: 'void' }] });
    expect(run.give('inspector', '2023-06-05T10:01', cancel)).toEqual([]);
    const late: readonly TaskCommand[] = [
      submit,
      list,
      instruct,
      REPORT,
      { type: 'Suspend', until: reportBy, reason: '', basis: '' },
    ];
    for (const command of late)
      expect(() => run.give('kgx-head', '2023-06-06T10:00', command)).toThrow(code('wrong_status'));
  });
});

describe('a standing task', () => {
  const standing = () => {
    const run = TaskRun.assigned('2023-06-01T10:00', { ongoing: true });
    run.give('kgx-head', '2023-08-01T10:00', submit);
    run.give('jj-director', '2023-08-02T10:00', verify);
    return run;
  };

  it('is reviewed each quarter; reporting often answers for no quarter to come', () => {
    const run = standing();
    expect(run.task.status).toBe('standing');
    run.give('kgx-head', '2023-08-10T10:00', REPORT);
    expect(run.limit('review:2023-12-31').status).toBe('running');
    for (const day of ['08', '09', '10']) run.give('kgx-head', `2023-11-${day}T10:00`, REPORT);
    expect(run.limit('review:2024-03-31')).toMatchObject({ status: 'running', dueAt: at('2024-04-01T00:00') });
    const early = { ...REPORT, answers: ['review:2024-03-31'] };
    expect(() => run.give('kgx-head', '2023-11-11T10:00', early)).toThrow(code('unknown_reference'));
  });

  it('escalates a quarter nobody reported on, and a late report starts the running one', () => {
    const run = standing();
    expect(escalations(run.until('2024-01-01T00:00'))).toEqual([
      'review:2023-12-31 0 2024-01-01T00:00 post:jj-director',
    ]);
    run.give('kgx-head', '2024-01-03T10:00', REPORT);
    expect(run.task.escalations).toMatchObject([{ status: 'resolved' }]);
    expect(run.limit('review:2024-03-31').status).toBe('running');
  });
});
