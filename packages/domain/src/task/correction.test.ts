import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, assignment, at, DEFINITION } from '../../test-support/fixtures.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import { isHidden, shownTask } from './held.ts';
import { taskAggregate } from './index.ts';

const NOW = at('2023-06-02T10:00');
const later = { ...DEFINITION, dueAt: at('2023-12-31T00:00') };
const correct = (more: object) => ({
  ...{ type: 'Correct' as const, definition: DEFINITION, changed: [], importId: 'import_1', basis: null },
  ...more,
});

describe('a correction', () => {
  const run = TaskRun.assigned('2023-06-01T10:00');
  const spec = specify(taskAggregate, run.events);

  it('moves a limit that runs only with a basis', () => {
    const moving = { definition: later, changed: ['dueAt'] };
    spec.when(correct(moving), as('clerk', NOW)).isRefused('missing_basis');
    const gone = { definition: { ...DEFINITION, dueAt: null }, changed: ['dueAt'] };
    spec.when(correct(gone), as('clerk', NOW)).isRefused('missing_basis');
    const basis = '县政府第12次常务会议纪要';
    const [event] = taskAggregate.decide(run.state, correct({ ...moving, basis }), as('clerk', NOW));
    expect(event).toMatchObject({ type: 'TaskCorrected', basis, limits: [{ id: 'due', dueAt: later.dueAt }] });
  });

  it('needs none for words, for a date that stays, and for a limit that has ended', () => {
    const words = { definition: { ...DEFINITION, title: '改名' }, changed: ['title'] };
    expect(taskAggregate.decide(run.state, correct(words), as('clerk', NOW))).toMatchObject([
      { limits: [], basis: null },
    ]);
    expect(taskAggregate.decide(run.state, correct({ changed: ['dueAt'] }), as('clerk', NOW))).toHaveLength(1);
    const closed = TaskRun.assigned('2023-06-01T10:00');
    closed.give('jj-director', '2023-06-02T10:00', { type: 'Cancel', reason: '重复', basis: '会议纪要' });
    const moving = correct({ definition: later, changed: ['dueAt'] });
    expect(taskAggregate.decide(closed.state, moving, as('clerk', NOW))).toHaveLength(1);
  });
});

describe('what an import has written', () => {
  const take = (run: TaskRun, command: object) => {
    run.give('clerk', '2023-06-02T10:00', correct(command));
    return run.task;
  };

  it('is hidden until that import is published: a new task wholly', () => {
    const run = new TaskRun();
    run.give('inspector', '2023-06-01T10:00', { ...assignment(), importId: 'import_1' });
    expect(shownTask(run.task, 'import_1')).toBeNull();
    expect(shownTask(run.task, null)).toBe(run.task);
    expect(shownTask(run.task, 'import_2')).toBe(run.task);
    expect([isHidden(run.task, 'import_1'), isHidden(run.task, null)]).toEqual([true, false]);
  });

  it('shows a corrected task as it was, at the version it had', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.give('kgx-head', '2023-06-01T11:00', { type: 'Accept', unit: null });
    const before = run.task;
    const task = take(run, {
      definition: { ...DEFINITION, title: '改名', leadUnits: ['fgj'] },
      changed: ['title', 'leadUnits'],
    });
    expect(task).toMatchObject({ title: '改名', leadUnits: ['fgj'], status: 'assigned', version: 3 });
    expect(shownTask(task, 'import_1')).toEqual(before);
  });

  it('is released by the next event, and keeps one former state at the most', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    take(run, { definition: { ...DEFINITION, title: '一' }, changed: ['title'] });
    const twice = take(run, { definition: { ...DEFINITION, title: '二' }, changed: ['title'], importId: 'import_2' });
    expect(shownTask(twice, 'import_2')).toMatchObject({ title: '一', held: null });
    run.give('kgx-head', '2023-06-03T11:00', { type: 'Accept', unit: null });
    expect(run.task.held).toBeNull();
  });
});
