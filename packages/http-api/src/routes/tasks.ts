import {
  assignTask,
  currentStructure,
  explainTask,
  forbidden,
  listTasks,
  nearestNames,
  readTask,
  readTaskEvents,
  type TaskView,
} from '@duban/application';
import * as contract from '@duban/contracts/http/tasks';
import type { Structure, TaskDefinition } from '@duban/domain';
import { etag, idempotencyOf } from '../conditions.ts';
import { type Answer, type Exchange, endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentData, presentLimit, presentSummary, presentTask, time } from '../present.ts';
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
    const page = pageOf(exchange, query);
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
    return { body: listed(exchange, found, (summary) => presentSummary(structure, summary)) };
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

export const getTaskEvents = endpoint({
  operationId: 'listTaskEvents',
  summary: '任务的全部事件，由早到晚',
  params: contract.taskParams,
  query: contract.taskEventsQuery,
  answer: contract.taskEventList,
  async handle({ params, query }, exchange) {
    const { deps, caller } = exchange;
    const { limit, after } = pageOf(exchange, query);
    const from = after === null ? 1 : Number(after) + 1;
    const { structure } = await currentStructure(deps, caller);
    const found = await readTaskEvents(deps, caller, params.id, from, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1)?.version;
    const next = found.length > limit && last !== undefined ? String(last) : null;
    return {
      body: listed(exchange, { items, next }, ({ version, event, meta, commitHash }) => {
        const { type, ...data } = event;
        const shown = presentData(structure, data) as Record<string, unknown>;
        const { actor: by, correlationId } = meta;
        return { version, type, at: time(structure, meta.at), by, correlationId, commitHash, data: shown };
      }),
    };
  },
});

export const getTaskClock = endpoint({
  operationId: 'explainTask',
  summary: '每个时限如何计算：规则、依据、计入与跳过的日子、此后将发生什么',
  params: contract.taskParams,
  answer: contract.taskClock,
  async handle({ params }, { deps, caller, language }) {
    const { view, now, limits } = await explainTask(deps, caller, params.id);
    const { structure, task, definition } = view;
    return {
      body: {
        id: task.id,
        now: time(structure, now),
        limits: limits.map(({ limit, rule, ruleZh, running, planned, ...counted }) => ({
          ...presentLimit(structure, limit),
          running,
          rule: language === 'zh' ? ruleZh : rule,
          source:
            limit.kind === 'due' || limit.kind === 'milestone'
              ? (definition.source ?? definition.documentNumber)
              : task.policy.source,
          workingDaysCounted: [...counted.workingDaysCounted],
          skipped: counted.skipped.map((day) => ({ ...day })),
          provisional: counted.provisional,
          planned: planned.map((change) => ({
            ...change,
            at: time(structure, change.at),
            targets: [...change.targets],
          })),
        })),
      },
    };
  },
});
