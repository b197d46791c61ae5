import {
  commandProblem,
  currentStructure,
  listProblems,
  type ProblemSummary,
  type ProblemView,
  problemSummary,
  readProblem,
  registerProblem,
} from '@duban/application';
import * as contract from '@duban/contracts/http/problems';
import type { ProblemCommand, Structure } from '@duban/domain';
import { etag, idempotencyOf } from '../conditions.ts';
import { type Answer, endpoint } from '../endpoint.ts';
import { commandsOf } from '../item-commands.ts';
import { listed, pageOf } from '../pages.ts';
import { linesOf, presentEscalationsOf, presentLimit, seconds, time, timeOrNull, unitNamed } from '../present.ts';
import { References, unitOfQuery } from '../references.ts';

/** A problem as every command answers it. */
export function answerProblem(view: ProblemView): Answer<contract.RegisteredProblem> {
  return { body: presentProblem(view), headers: { etag: etag(view.problem.version) } };
}

function presentProblemSummary(structure: Structure, summary: ProblemSummary): contract.RegisteredProblemSummary {
  const { id, version, status, light, level, title, place, group, documentNumber, foundOn, term } = summary;
  return {
    ...{ id, version, status, light, level, title, place, group, documentNumber, foundOn, term },
    openEscalations: summary.openEscalations,
    foundBy: unitNamed(structure, summary.foundBy),
    unit: unitNamed(structure, summary.unit),
    due: timeOrNull(structure, summary.dueAt),
    registeredAt: time(structure, summary.registeredAt),
    solvedAt: timeOrNull(structure, summary.solvedAt),
  };
}

function presentProblem({
  problem,
  text,
  measure,
  outcome,
  roles,
  structure,
}: ProblemView): contract.RegisteredProblem {
  const { onTheSpot, callBacks, basis, moves, lateByMs, closedAt } = problem;
  return {
    ...presentProblemSummary(structure, problemSummary(problem)),
    ...{ text, measure, outcome, onTheSpot, callBacks },
    basis: { ...basis, lines: linesOf(basis.lines) },
    lateBySeconds: seconds(lateByMs),
    closedAt: timeOrNull(structure, closedAt),
    moves: moves.map((move) => ({ ...move, decisions: move.decisions.map((decision) => ({ ...decision })) })),
    limits: problem.limits.map((limit) => presentLimit(structure, limit)),
    escalations: presentEscalationsOf(structure, problem),
    roles: [...roles],
  };
}

export const createProblem = endpoint({
  operationId: 'registerProblem',
  summary: '登记走访发现的问题：当场解决，或立行立改、1至3个月内解决',
  body: contract.newProblem,
  answer: contract.problemAnswer,
  statuses: [201],
  idempotent: true,
  async handle({ body }, exchange) {
    const { deps, caller } = exchange;
    const { structure } = await currentStructure(deps, caller);
    const references = new References(structure);
    const registration = {
      ...body,
      foundBy: references.unit(body.foundBy, '/foundBy'),
      unit: body.unit === null ? null : references.unit(body.unit, '/unit'),
    };
    references.check();
    const view = await registerProblem(deps, caller, registration, { idempotency: idempotencyOf(exchange) });
    const answer = answerProblem(view);
    return { ...answer, status: 201, headers: { ...answer.headers, location: `/v1/problems/${view.problem.id}` } };
  },
});

export const getProblems = endpoint({
  operationId: 'listProblems',
  summary: '问题台账，按时限排序',
  query: contract.problemListQuery,
  answer: contract.problemList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const { office = null, status = null, level = null, light = null } = query;
    const filter = { unit: unitOfQuery(structure, query.unit), office, status, level, light };
    const found = await listProblems(deps, caller, filter, page);
    return { body: await listed(exchange, found, (summary) => presentProblemSummary(structure, summary)) };
  },
});

export const getProblem = endpoint({
  operationId: 'getProblem',
  summary: '问题',
  params: contract.problemParams,
  answer: contract.problemAnswer,
  async handle({ params }, { deps, caller }) {
    return answerProblem(await readProblem(deps, caller, params.id));
  },
});

const command = commandsOf<ProblemCommand, typeof contract.problemAnswer>({
  answer: contract.problemAnswer,
  params: contract.problemParams,
  mayRead: ({ deps, caller }, id) => readProblem(deps, caller, id),
  carryOut: async ({ deps, caller }, id, wanted, options) =>
    answerProblem(await commandProblem(deps, caller, id, wanted, options)),
});

export const solve = command('solveProblem', '问题已解决', contract.problemCommands.solution, ({ outcome }) => ({
  ...{ type: 'Solve', outcome },
}));

export const requestMove = command(
  'moveProblem',
  '提交上一级：县级直接受理，州级须经专班常务副主任、主任审定',
  contract.problemCommands.move,
  ({ to, reason }) => ({ type: 'RequestMove', to, reason }),
);

export const decideMove = command(
  'decideMove',
  '审定是否提交州级',
  contract.problemCommands.moveDecision,
  ({ post, approved, note }, { references, number }) => ({
    ...{ type: 'DecideMove', number, approved, note },
    post: post === null ? null : references.post(post, '/post'),
  }),
  contract.problemNumberedParams,
);

export const callBack = command('callBack', '回访', contract.problemCommands.callBack, ({ satisfied, note }) => ({
  ...{ type: 'CallBack', satisfied, note },
}));
