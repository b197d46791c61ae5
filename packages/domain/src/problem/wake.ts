import type { WakeContext } from '../aggregate.ts';
import { activeLimits } from '../clock/limit.ts';
import { recomputeLimits } from '../clock/recompute.ts';
import { type ClockRules, wakeLimits } from '../clock/wake.ts';
import type { Answerable } from '../structure/recipients.ts';
import type { ProblemEvent } from './events.ts';
import { evolveProblem } from './evolve.ts';
import { solutionPolicy } from './limits.ts';
import type { ExistingProblem, ProblemState } from './state.ts';

/** How the clock sees a problem: what lies with the prefecture is escalated across to it, all else inside the county. */
export const PROBLEM_CLOCK: ClockRules<ExistingProblem> = {
  running: activeLimits,
  policyOf: (problem, { kind }) => (kind === 'solution' ? solutionPolicy(problem, problem.level) : problem.policy),
  // Once it is solved the finder's unit owes the call-back, and is the one to be reminded.
  answerable: (problem) =>
    answerableForProblem(problem.status === 'solved' ? { ...problem, unit: problem.foundBy } : problem),
  isCovered: () => false,
};

/** The unit solves it, the office of the register's group answers for it. */
export function answerableForProblem({ group, unit }: Pick<ExistingProblem, 'group' | 'unit'>): Answerable {
  return { group, leadUnits: [unit] };
}

export function wakeProblem(state: ProblemState, context: WakeContext): readonly ProblemEvent[] {
  if (state.status === 'none') return [];
  const evolve = (item: ExistingProblem, event: ProblemEvent) => evolveProblem(item, event) as ExistingProblem;
  return wakeLimits(state, PROBLEM_CLOCK, context, evolve).events;
}

export function recomputeProblem(state: ProblemState, context: WakeContext): readonly ProblemEvent[] {
  if (state.status === 'none') return [];
  return recomputeLimits(state, PROBLEM_CLOCK, context);
}
