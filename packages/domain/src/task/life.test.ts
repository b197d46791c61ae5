import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, assignment, at } from '../../test-support/fixtures.ts';
import { escalations, TaskRun, types } from '../../test-support/task-run.ts';
import { taskAggregate } from './index.ts';

const accept = (unit: string | null = null) => ({ type: 'Accept', unit }) as const;
const submit = { type: 'SubmitCompletion', unit: null, summary: '已完成', evidence: [] } as const;
const back = { type: 'Return', reason: '材料不全' } as const;
const verify = { type: 'Verify', note: null } as const;
const dispute = { type: 'RaiseDispute', unit: null, reason: '非我单位职责', proposedLeadUnits: ['fgj'] } as const;
const code = (refusal: string) => expect.objectContaining({ code: refusal });

describe('acceptance', () => {
  it('is in progress when the last of several lead units has accepted', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', { leadUnits: ['kgx', 'fgj'] });
    run.give('kgx-head', '2023-06-02T10:00', accept());
    expect(run.task.status).toBe('assigned');
    expect(run.give('kgx-head', '2023-06-02T10:01', accept())).toEqual([]);
    run.give('fgj-head', '2023-06-02T10:02', accept());
    expect(run.task).toMatchObject({ status: 'in_progress', acceptedBy: ['kgx', 'fgj'] });
  });

  it('records who accepted for whom, and refuses strangers', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    const spec = specify(taskAggregate, run.events);
    const now = at('2023-06-02T10:00');
    spec.when(accept(), as('kgx-head', now)).yields({ type: 'TaskAccepted', at: now, by: 'p-kgx-head', unit: 'kgx' });
    spec.when(accept(), as('mayor', now)).isRefused('not_allowed');
    spec.when(assignment(), as('inspector', now)).isRefused('already_exists');
    specify(taskAggregate, []).when(accept(), as('kgx-head', now)).isRefused('not_found');
    specify(taskAggregate, [])
      .when(assignment({ leadUnits: [] }), as('clerk', now))
      .isRefused('unknown_reference');
  });

  it.each([
    ['the other lead unit leaves', ['kgx', 'fgj'], ['kgx'], 'in_progress'],
    ['the only lead unit changes', ['kgx'], ['fgj'], 'assigned'],
  ])('follows an upheld dispute: %s', (_, before, after, status) => {
    const run = TaskRun.assigned('2023-06-01T10:00', { leadUnits: before });
    run.give('kgx-head', '2023-06-02T10:00', accept());
    const disputing = before.includes('fgj') ? 'fgj-head' : 'kgx-head';
    run.give(disputing, '2023-06-02T11:00', dispute);
    expect(run.give(disputing, '2023-06-02T11:01', dispute), 'raised twice').toEqual([]);
    const uphold = {
      type: 'DecideDispute',
      number: 1,
      upheld: true,
      basis: '编委文件',
      leadUnits: after,
      responsibleUnits: null,
    } as const;
    run.give('jj-director', '2023-06-03T10:00', uphold);
    expect(run.task).toMatchObject({ status, leadUnits: after });
    expect(run.give('jj-director', '2023-06-03T10:01', uphold)).toEqual([]);
    expect(() => run.give('jj-director', '2023-06-03T10:02', { ...uphold, upheld: false })).toThrow(
      code('already_decided'),
    );
  });

  it('stays with the unit when a dispute is rejected, and never leaves a task without one', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('kgx-head', '2023-06-02T10:00', dispute);
    const decide = {
      type: 'DecideDispute',
      number: 1,
      upheld: true,
      basis: '三定方案',
      leadUnits: [],
      responsibleUnits: null,
    } as const;
    expect(() => run.give('jj-director', '2023-06-02T11:00', decide)).toThrow(code('unknown_reference'));
    run.give('jj-director', '2023-06-02T11:00', { ...decide, upheld: false, leadUnits: ['fgj'] });
    expect(run.task).toMatchObject({ leadUnits: ['kgx'], disputes: [{ decision: 'rejected' }] });
    expect(() => run.give('jj-director', '2023-06-02T11:00', { ...decide, number: 2 })).toThrow(code('not_found'));
  });
});

describe('extension', () => {
  const ask = { type: 'RequestExtension', limitId: 'due', newDueAt: at('2023-10-01T00:00'), reason: '汛期' } as const;
  const approve = {
    type: 'DecideExtension',
    number: 1,
    approved: true,
    newDueAt: null,
    basis: '县政府常务会议纪要',
    reason: null,
  } as const;

  it('moves nothing when asked or refused, everything when approved with a basis', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.until('2023-09-01T00:00');
    run.give('kgx-head', '2023-09-01T09:00', ask);
    expect(run.give('kgx-head', '2023-09-01T09:01', ask), 'asked twice').toEqual([]);
    expect(run.limit('due')).toMatchObject({ status: 'overdue', dueAt: at('2023-09-01T00:00') });
    expect(() => run.give('jj-director', '2023-09-01T10:00', { ...approve, basis: null })).toThrow(
      code('missing_basis'),
    );
    const earlier = { ...approve, newDueAt: at('2023-09-01T00:00') };
    expect(() => run.give('jj-director', '2023-08-20T10:00', earlier)).toThrow(code('invalid_due'));
    run.give('jj-director', '2023-09-01T10:00', approve);
    expect(run.limit('due')).toMatchObject({ status: 'running', dueAt: at('2023-10-01T00:00'), steps: [], next: null });
    expect(run.task.escalations).toMatchObject([{ status: 'resolved' }]);
    expect(run.give('jj-director', '2023-09-01T10:01', approve)).toEqual([]);
    expect(escalations(run.until('2023-10-01T00:00'))).toEqual(['due 0 2023-10-01T00:00 post:jj-director']);
  });

  it.each([
    ['not later than the limit', { ...ask, newDueAt: at('2023-09-01T00:00') }, 'invalid_due'],
    ['already past', { ...ask, newDueAt: at('2023-05-01T00:00') }, 'invalid_due'],
    ['of a limit that is not there', { ...ask, limitId: 'milestone:Q9' }, 'unknown_reference'],
  ] as const)('cannot be %s', (_, command, refusal) => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    expect(() => run.give('kgx-head', '2023-06-02T10:00', command)).toThrow(code(refusal));
  });
});

describe('completion', () => {
  it.each([
    ['2023-08-31T23:59', true, 0],
    ['2023-09-01T00:00', true, 0],
    ['2023-09-01T00:01', false, 60_000],
  ])('submitted %s and looked at weeks later is judged by its submission', (submitted, onTime, lateByMs) => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('kgx-head', submitted, submit);
    run.give('jj-director', '2023-09-20T10:00', verify);
    expect(run.task).toMatchObject({ status: 'closed', onTime, lateByMs });
    expect(run.nextWakeAt).toBeNull();
    expect(run.give('jj-director', '2023-09-20T10:01', verify)).toEqual([]);
  });

  it('starts the office’s own clock', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('kgx-head', '2023-08-28T10:00', submit);
    expect(run.nextWakeAt).toBe(at('2023-09-04T10:00'));
    expect(escalations(run.until('2023-09-04T10:00'))).toEqual(['verification:1 0 2023-09-04T10:00 post:jj-director']);
  });

  it('sent back after the due instant is late at once, and not accepted by units that never did', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', { leadUnits: ['kgx', 'fgj'] });
    run.give('kgx-head', '2023-06-02T10:00', accept());
    run.give('kgx-head', '2023-08-31T10:00', submit);
    run.give('jj-director', '2023-09-04T10:00', back);
    expect(run.task.status).toBe('assigned');
    expect(types(run.wake('2023-09-04T10:00'))).toEqual(['LimitMissed', 'Escalated']);
    expect(run.nextWakeAt).toBe(at('2023-09-05T10:00'));
  });
});
