import type { CommandContext } from '../aggregate.ts';
import { isActive } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { ProblemCommandOf } from './commands.ts';
import type { ProblemEvent, ProblemSolved } from './events.ts';
import { callBackLimit, freshSolutionLimit } from './limits.ts';
import type { ExistingProblem } from './state.ts';

/** 办理效果. The same again while it awaits its call-back changes nothing. */
export function solve(
  problem: ExistingProblem,
  { outcome }: ProblemCommandOf<'Solve'>,
  context: CommandContext,
): readonly ProblemEvent[] {
  if (problem.status === 'solved') return [];
  requireOpen(problem);
  return [solvedEvent(problem, outcome, false, context)];
}

/** What was solved on the spot is never late, whenever it was written down. */
export function solvedEvent(
  problem: ExistingProblem,
  outcome: string,
  onTheSpot: boolean,
  context: CommandContext,
): ProblemSolved {
  const { now, actor } = context;
  const limit = problem.limits.find((candidate) => candidate.kind === 'solution' && isActive(candidate));
  const lateByMs = onTheSpot || limit === undefined ? 0 : Math.max(0, now - limit.dueAt);
  const limitAfter = callBackLimit(problem, context);
  return { type: 'ProblemSolved', at: now, by: actor, outcome, onTheSpot, lateByMs, callBack: limitAfter };
}

/**
 * Whoever raised it is asked (回访, 泸政办发〔2023〕7号 四(三)): satisfied, it is struck off; not satisfied, it is to be
 * solved anew where it lies (解决不彻底不放手, 六(二)).
 */
export function callBack(
  problem: ExistingProblem,
  { satisfied, note }: ProblemCommandOf<'CallBack'>,
  context: CommandContext,
): readonly ProblemEvent[] {
  const { now, actor } = context;
  if (isRepeated(problem, satisfied)) return [];
  if (problem.status !== 'solved') {
    throw new DomainError(
      'wrong_status',
      problem.status === 'open'
        ? 'The problem is not solved yet; record its solution first, then the call-back.'
        : 'The problem has been called back and closed; register what has come up since as a new problem.',
      problem.status === 'open'
        ? '问题尚未解决，请先填报办理效果，再登记回访。'
        : '问题已回访销号；如有新情况，请另行登记。',
    );
  }
  const limit = satisfied ? null : freshSolutionLimit(problem, problem.level, context);
  return [{ type: 'CalledBack', at: now, by: actor, satisfied, note, limit }];
}

/** Open after a call-back means that the last of them was not satisfied. */
function isRepeated({ status, callBacks }: ExistingProblem, satisfied: boolean): boolean {
  return satisfied ? status === 'closed' : status === 'open' && callBacks > 0;
}

/** @throws DomainError `wrong_status` for a problem that nobody has to solve any more */
export function requireOpen({ status }: ExistingProblem): void {
  if (status === 'open') return;
  throw new DomainError(
    'wrong_status',
    status === 'solved'
      ? 'The problem is solved and awaits its call-back; a call-back that is not satisfied opens it again.'
      : 'The problem is closed; register what has come up since as a new problem.',
    status === 'solved' ? '问题已解决、待回访；回访不满意的会重新办理。' : '问题已销号；如有新情况，请另行登记。',
  );
}
