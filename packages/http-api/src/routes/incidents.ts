import {
  commandIncident,
  correctReport,
  currentStructure,
  type IncidentView,
  listIncidents,
  openIncident,
  readIncident,
  receiveSignal,
} from '@duban/application';
import { isPlainDate, parseInstant } from '@duban/calendar';
import * as contract from '@duban/contracts/http/incidents';
import { noQuery } from '@duban/contracts/http/structure';
import type { Facts, IncidentCommand, IncidentKind, Structure } from '@duban/domain';
import type { z } from 'zod';
import { etag, idempotencyOf, ifMatchOf } from '../conditions.ts';
import { type Answer, endpoint } from '../endpoint.ts';
import { commandsOf } from '../item-commands.ts';
import { listed, pageOf } from '../pages.ts';
import { presentIncident, presentIncidentSummary, presentKind } from '../present-incident.ts';
import { dueInstantOrNull, References, unitOfQuery } from '../references.ts';

/** An incident as every command answers it. */
export function answerIncident(view: IncidentView): Answer<contract.IncidentAnswer> {
  return { body: presentIncident(view), headers: { etag: etag(view.incident.version) } };
}

const momentOrNull = (text: string | null) => (text === null ? null : parseInstant(text));

/** A day on which something begins or was done: its first instant; an instant is itself. */
function beginning({ calendar }: Structure, text: string | null): number | null {
  if (text === null) return null;
  return isPlainDate(text) ? calendar.startOfDay(text) : parseInstant(text);
}

/**
 * What kind of matter a body is about, and whose.
 * @throws HttpProblem 422 with every name that means nothing
 */
function named(structure: Structure, body: { readonly kind: string; readonly unit: string }) {
  const references = new References(structure);
  const kind = references.incidentKind(body.kind, '/kind');
  const unit = references.unit(body.unit, '/unit');
  references.check();
  return { kind: kind as IncidentKind, unit };
}

export const postSignal = endpoint({
  operationId: 'receiveSignal',
  summary: '110、119、12345 等信号：事项等待其单位首报；同一来源同一编号只计一次',
  body: contract.signalBody,
  answer: contract.incidentAnswer,
  statuses: [200, 201],
  async handle({ body }, { deps, caller }) {
    const { source, number, title, text, level } = body;
    const { view, opened } = await receiveSignal(deps, caller, { source, number }, async () => {
      const { structure } = await currentStructure(deps, caller);
      return {
        ...{ ...named(structure, body), title, text, level },
        occurredAt: momentOrNull(body.occurredAt),
        knownAt: momentOrNull(body.knownAt),
        receivedAt: momentOrNull(body.receivedAt),
        ...{ startsAt: null, completedAt: null, ownDueAt: null },
      };
    });
    const answer = answerIncident(view);
    if (!opened) return answer;
    // A feed may not read what becomes of it.
    const location: Record<string, string> =
      view.roles.size === 0 ? {} : { location: `/v1/incidents/${view.incident.id}` };
    return { ...answer, status: 201, headers: { ...answer.headers, ...location } };
  },
});

export const createIncident = endpoint({
  operationId: 'reportIncident',
  summary: '首报，或提前报告会议活动、离县外出，或报告重要工作',
  body: contract.newIncident,
  answer: contract.incidentAnswer,
  statuses: [201],
  idempotent: true,
  async handle({ body }, exchange) {
    const { deps, caller } = exchange;
    const { structure } = await currentStructure(deps, caller);
    const { kind, unit } = named(structure, body);
    const { title, level, mode } = body;
    const opening = {
      ...{ kind, unit, title, level: null, receivedAt: null },
      occurredAt: momentOrNull(body.occurredAt),
      knownAt: momentOrNull(body.knownAt),
      startsAt: beginning(structure, body.startsAt),
      completedAt: beginning(structure, body.completedAt),
      ownDueAt: dueInstantOrNull(structure, body.due),
    };
    const report = { mode, level, facts: body.facts as Facts, receivedAt: momentOrNull(body.receivedAt) };
    const view = await openIncident(deps, caller, opening, report, { idempotency: idempotencyOf(exchange) });
    const answer = answerIncident(view);
    return { ...answer, status: 201, headers: { ...answer.headers, location: `/v1/incidents/${view.incident.id}` } };
  },
});

export const getKinds = endpoint({
  operationId: 'listIncidentKinds',
  summary: '应报告的重大事项：四类、细目、时限与依据',
  query: noQuery,
  answer: contract.incidentKindList,
  async handle(_input, { deps, caller }) {
    const { structure } = await currentStructure(deps, caller);
    return { body: { items: structure.data.incidentKinds.map(presentKind), next: null } };
  },
});

export const getIncidents = endpoint({
  operationId: 'listIncidents',
  summary: '重大事项，最新的在前',
  query: contract.incidentListQuery,
  answer: contract.incidentList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const filter = {
      unit: unitOfQuery(structure, query.unit),
      ...{ status: query.status ?? null, light: query.light ?? null, kind: query.kind ?? null },
    };
    const found = await listIncidents(deps, caller, filter, page);
    return { body: await listed(exchange, found, (summary) => presentIncidentSummary(structure, summary)) };
  },
});

export const getIncident = endpoint({
  operationId: 'getIncident',
  summary: '重大事项：全部报告、更正前后、备案与向上报告',
  params: contract.incidentParams,
  answer: contract.incidentAnswer,
  async handle({ params }, { deps, caller }) {
    return answerIncident(await readIncident(deps, caller, params.id));
  },
});

const command = commandsOf<IncidentCommand, typeof contract.incidentAnswer>({
  answer: contract.incidentAnswer,
  params: contract.incidentParams,
  mayRead: ({ deps, caller }, id) => readIncident(deps, caller, id),
  carryOut: async ({ deps, caller }, id, wanted, options) =>
    answerIncident(await commandIncident(deps, caller, id, wanted, options)),
});

type ReportBody = z.output<typeof contract.incidentCommands.followUp>;

const reportOf = (stage: 'first' | 'follow_up' | 'final', { mode, level, facts, receivedAt }: ReportBody) => ({
  ...{ type: 'Report' as const, stage, mode, level, facts: facts as Facts, receivedAt: momentOrNull(receivedAt) },
  ...{ occurredAt: null, knownAt: null },
});

export const firstReport = command(
  'reportFirst',
  '首报（信号已到的事项）：电话、口头、书面均可',
  contract.incidentCommands.firstReport,
  ({ occurredAt, knownAt, ...report }) => ({
    ...reportOf('first', report),
    occurredAt: momentOrNull(occurredAt),
    knownAt: momentOrNull(knownAt),
  }),
);

export const followUp = command('reportFollowUp', '续报', contract.incidentCommands.followUp, (body) =>
  reportOf('follow_up', body),
);

export const finalReport = command('reportFinal', '终报', contract.incidentCommands.finalReport, (body) =>
  reportOf('final', body),
);

export const correct = endpoint({
  operationId: 'correctReport',
  summary: '更正报告：追加，前后两个版本都保留；迟报不会因更正变为按时',
  params: contract.incidentParams,
  body: contract.incidentCommands.correction,
  answer: contract.incidentAnswer,
  conditional: true,
  idempotent: true,
  async handle({ params, body }, exchange) {
    const { deps, caller } = exchange;
    const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
    const { report, reason } = body;
    const correction = { report, reason, facts: body.facts as Facts, occurredAt: momentOrNull(body.occurredAt) };
    return answerIncident(await correctReport(deps, caller, params.id, correction, options));
  },
});

export const changeLevel = command(
  'changeIncidentLevel',
  '调整级别：上升时正在计时的时限随之缩短',
  contract.incidentCommands.level,
  ({ level, reason }) => ({ type: 'ChangeLevel', level, reason }),
);

export const explainLateness = command(
  'explainLateness',
  '迟报说明',
  contract.incidentCommands.explanation,
  ({ text }) => ({ type: 'ExplainLateness', text }),
);

export const requestUpward = command(
  'requestUpward',
  '申请向县以上报告：须经县委办、县政府办审核把关',
  contract.incidentCommands.upwardRequest,
  ({ to, text }) => ({ type: 'RequestUpward', to, text }),
);

export const reviewUpward = command(
  'reviewUpward',
  '审核把关',
  contract.incidentCommands.upwardReview,
  ({ office, approved, note }, { references, number }) => ({
    ...{ type: 'ReviewUpward', number, approved, note },
    office: office === null ? null : references.unit(office, '/office'),
  }),
  contract.incidentNumberedParams,
);

export const sendUpward = command(
  'dispatchUpward',
  '向县以上报出：两办均审核通过后方可',
  contract.incidentCommands.dispatch,
  (_body, { number }) => ({ type: 'SendUpward', number }),
  contract.incidentNumberedParams,
);
