import type { Aggregate } from '../aggregate.ts';
import type { ProblemCommand } from './commands.ts';
import { decideProblem } from './decide.ts';
import type { ProblemEvent } from './events.ts';
import { evolveProblem } from './evolve.ts';
import { INITIAL_PROBLEM, type ProblemState, problemNextWakeAt } from './state.ts';
import { recomputeProblem, wakeProblem } from './wake.ts';

export * from './commands.ts';
export * from './evolve.ts';
export { APPROVE_WITHIN, CALL_BACK_DAYS } from './limits.ts';
export * from './policy.ts';
export * from './rights.ts';
export * from './state.ts';
export * from './wake.ts';

/** 问题台账: from the visit on which it was found to the call-back that strikes it off. */
export const problemAggregate: Aggregate<ProblemState, ProblemCommand, ProblemEvent> = {
  initial: INITIAL_PROBLEM,
  decide: decideProblem,
  evolve: evolveProblem,
  wake: wakeProblem,
  recompute: recomputeProblem,
  nextWakeAt: problemNextWakeAt,
};
