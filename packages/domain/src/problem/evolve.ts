import { endLimits, evolveClock, withLimits } from '../clock/item.ts';
import type {
  CalledBack,
  MoveDecided,
  ProblemEvent,
  ProblemMoved,
  ProblemRegistered,
  ProblemSolved,
} from './events.ts';
import type { ExistingProblem, MoveRecord, ProblemState } from './state.ts';

/** What happened, happened: never rejects. */
export function evolveProblem(state: ProblemState, event: ProblemEvent): ProblemState {
  if (state.status === 'none') return event.type === 'ProblemRegistered' ? registered(event) : state;
  return applied({ ...state, version: state.version + 1 }, event);
}

function registered(event: ProblemRegistered): ExistingProblem {
  const { group, basis, title, place, foundBy, foundOn, unit, term, policy, prefecturePolicy, limit } = event;
  return {
    status: 'open',
    id: event.problemId,
    version: 1,
    ...{ group, basis, title, place, foundBy, foundOn, unit, term },
    level: 'own',
    ...{ policy, prefecturePolicy },
    registeredAt: event.at,
    limits: [limit],
    escalations: [],
    moves: [],
    callBacks: 0,
    onTheSpot: false,
    solvedAt: null,
    lateByMs: null,
    closedAt: null,
  };
}

function applied(problem: ExistingProblem, event: ProblemEvent): ExistingProblem {
  switch (event.type) {
    case 'ProblemRegistered':
      return problem;
    case 'ProblemSolved':
      return solved(problem, event);
    case 'MoveRequested': {
      const { number, to, limit } = event;
      const request: MoveRecord = { number, to, status: 'pending', decisions: [] };
      return { ...withLimits(problem, [limit]), moves: [...problem.moves, request] };
    }
    case 'MoveDecided':
      return decided(problem, event);
    case 'ProblemMoved':
      return moved(problem, event);
    case 'CalledBack':
      return calledBack(problem, event);
    default:
      return evolveClock(problem, event);
  }
}

/** A request that nobody has decided on falls away: there is nothing left to move. */
function solved(problem: ExistingProblem, { at, onTheSpot, lateByMs, callBack }: ProblemSolved): ExistingProblem {
  const met = endLimits(problem, ({ kind }) => kind === 'solution', 'met');
  const ending = endLimits(met, ({ kind }) => kind === 'approval', 'void');
  const moves = problem.moves.map(
    (move): MoveRecord => (move.status === 'pending' ? { ...move, status: 'void' } : move),
  );
  return { ...withLimits(ending, [callBack]), status: 'solved', moves, onTheSpot, solvedAt: at, lateByMs };
}

function decided(problem: ExistingProblem, { number, post, approved }: MoveDecided): ExistingProblem {
  const moves = problem.moves.map((move): MoveRecord => {
    if (move.number !== number) return move;
    const decisions = [...move.decisions, { post, approved }];
    return approved ? { ...move, decisions } : { ...move, decisions, status: 'refused' };
  });
  const told = { ...problem, moves };
  return approved ? told : endLimits(told, ({ id }) => id === `approval:${number}`, 'met');
}

/** Whoever answers for it now has a limit of their own; what was missed below is settled by the move. */
function moved(problem: ExistingProblem, { number, to, limit }: ProblemMoved): ExistingProblem {
  const approved = endLimits(problem, ({ kind }) => kind === 'approval', 'met');
  const left = endLimits(approved, ({ kind }) => kind === 'solution', 'void');
  const requested = problem.moves.some((move) => move.number === number);
  const moves: readonly MoveRecord[] = requested
    ? problem.moves.map((move): MoveRecord => (move.number === number ? { ...move, status: 'approved' } : move))
    : [...problem.moves, { number, to, status: 'approved', decisions: [] }];
  return { ...withLimits(left, [limit]), level: to, moves };
}

function calledBack(problem: ExistingProblem, { at, satisfied, limit }: CalledBack): ExistingProblem {
  const met = endLimits(problem, ({ kind }) => kind === 'call_back', 'met');
  const told = { ...withLimits(met, limit === null ? [] : [limit]), callBacks: problem.callBacks + 1 };
  return satisfied
    ? { ...told, status: 'closed', closedAt: at }
    : { ...told, status: 'open', onTheSpot: false, solvedAt: null, lateByMs: null };
}
