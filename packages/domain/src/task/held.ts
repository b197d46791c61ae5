import type { ExistingTask } from './state.ts';

/**
 * The task as readers may see it: before what an unpublished import has written to it. Null when that import brings it.
 * @param unpublished the jurisdiction's import that is being written; null when there is none
 */
export function shownTask(task: ExistingTask, unpublished: string | null): ExistingTask | null {
  return isHidden(task, unpublished) ? (task.held?.before ?? null) : task;
}

/** An unpublished import has written to the task: until it is published nothing else may happen to it. */
export function isHidden(task: ExistingTask, unpublished: string | null): boolean {
  return task.held !== null && task.held.importId === unpublished;
}
