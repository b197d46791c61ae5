import {
  assignTask,
  currentStructure,
  forbidden,
  listTasks,
  nearestNames,
  readTask,
  type TaskView,
} from '@duban/application';
import * as contract from '@duban/contracts/http/tasks';
import type { Structure, TaskDefinition } from '@duban/domain';
import { etag, idempotencyOf } from '../conditions.ts';
import { type Answer, type Exchange, endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentSummary, presentTask } from '../present.ts';
import { HttpProblem } from '../problems.ts';
import { dueInstant, dueInstantOrNull, References, unitOfQuery } from '../references.ts';

/** A task as every command answers it. */
export function answerTask({ deps }: Exchange, view: TaskView): Answer<contract.TaskAnswer> {
  return { body: presentTask(view, deps.clock.now()), headers: { etag: etag(view.task.version) } };
}

export const createTask = endpoint({
  operationId: 'createTask',
  summary: '交办任务',
  body: contract.newTask,
  answer: contract.taskAnswer,
  statuses: [201],
  idempotent: true,
  async handle({ body }, exchange) {
    const { deps, caller } = exchange;
    const { structure, seats } = await currentStructure(deps, caller);
    // Suggestions would tell a stranger who is who.
    if (seats.posts.size === 0 && !seats.admin) throw forbidden('assigning tasks');
    const definition = definitionOf(structure, body);
    const view = await assignTask(deps, caller, definition, { idempotency: idempotencyOf(exchange) });
    const answer = answerTask(exchange, view);
    return { ...answer, status: 201, headers: { ...answer.headers, location: `/v1/tasks/${view.task.id}` } };
  },
});

function definitionOf(structure: Structure, body: contract.NewTask): TaskDefinition {
  const references = new References(structure);
  const plan = structure.plan(body.plan);
  if (plan === null) {
    const codes = structure.data.plans.map(({ code }) => code);
    references.unknown('/plan', 'plan', '方案', nearestNames(body.plan, codes));
  }
  const leadUnits = references.units(body.leadUnits, '/leadUnits');
  const responsibleUnits = references.units(body.responsibleUnits, '/responsibleUnits');
  const leaders = references.posts(body.leaders, '/leaders');
  const { authority } = body;
  if (authority !== null && structure.document(authority) === null) {
    const numbers = structure.data.documents.map(({ number }) => number);
    references.unknown('/authority', 'document', '文件', nearestNames(authority, numbers));
  }
  references.check();
  if (authority === null) requireNoTownship(structure, [...leadUnits, ...responsibleUnits]);
  return {
    ...{ title: body.title, text: body.text, plan: body.plan, seq: body.seq },
    ...{ leadUnits, responsibleUnits, leaders },
    group: plan?.group ?? '',
    documentNumber: authority ?? plan?.documentNumber ?? '',
    list: plan?.list ?? '',
    dueAt: dueInstantOrNull(structure, body.due),
    dueText: body.dueText,
    ongoing: body.ongoing,
    milestones: body.milestones.map(({ code, title, text, due }) => ({
      ...{ code, title, text },
      dueAt: dueInstant(structure, due),
    })),
    targets: body.targets,
    source: authority,
    notes: [],
  };
}

/** Townships are given no task without a document that says so (基层减负). */
function requireNoTownship(structure: Structure, units: readonly string[]): void {
  if (!units.some((code) => structure.unit(code)?.kind === 'township')) return;
  const message = {
    zh: '向乡镇交办任务须引用文件依据，请在 authority 填写文号。',
    en: 'A task for a township must cite the document that gives it; name its number in authority.',
  };
  throw new HttpProblem('missing_authority', message, [{ pointer: '/authority', code: 'missing_authority', message }]);
}

export const getTasks = endpoint({
  operationId: 'listTasks',
  summary: '任务列表，按时限排序',
  query: contract.taskListQuery,
  answer: contract.taskList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const filter = {
      plan: query.plan ?? null,
      unit: unitOfQuery(structure, query.unit),
      office: query.office ?? null,
      status: query.status ?? null,
      light: query.light ?? null,
      dueBefore: dueInstantOrNull(structure, query.dueBefore ?? null),
    };
    const found = await listTasks(deps, caller, filter, page);
    return { body: await listed(exchange, found, (summary) => presentSummary(structure, summary)) };
  },
});

export const getTask = endpoint({
  operationId: 'getTask',
  summary: '任务',
  params: contract.taskParams,
  answer: contract.taskAnswer,
  async handle({ params }, exchange) {
    return answerTask(exchange, await readTask(exchange.deps, exchange.caller, params.id));
  },
});
