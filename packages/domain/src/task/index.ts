import type { Aggregate } from '../aggregate.ts';
import type { TaskCommand } from './commands.ts';
import { decideTask } from './decide.ts';
import type { TaskEvent } from './events.ts';
import { evolveTask } from './evolve.ts';
import { INITIAL_TASK, type TaskState, taskNextWakeAt } from './state.ts';
import { recomputeTask, wakeTask } from './wake.ts';

/** 任务: from 交办 to 销号. */
export const taskAggregate: Aggregate<TaskState, TaskCommand, TaskEvent> = {
  initial: INITIAL_TASK,
  decide: decideTask,
  evolve: evolveTask,
  wake: wakeTask,
  recompute: recomputeTask,
  nextWakeAt: taskNextWakeAt,
};
