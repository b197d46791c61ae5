import {
  commandTask,
  currentStructure,
  dashboard,
  type InboxDigest,
  listEscalations,
  listInbox,
  markInboxRead,
  readEscalation,
  readInboxEntry,
  taskIdOfEscalation,
  verifyAggregate,
} from '@duban/application';
import * as contract from '@duban/contracts/http/escalations';
import { taskAnswer } from '@duban/contracts/http/tasks';
import type { Structure } from '@duban/domain';
import { idempotencyOf, ifMatchOf } from '../conditions.ts';
import { endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentEscalation, presentRecipient, time, timeOrNull } from '../present.ts';
import { dueInstantOrNull, postOfQuery, unitOfQuery } from '../references.ts';
import { answerTask } from './tasks.ts';

export const getEscalations = endpoint({
  operationId: 'listEscalations',
  summary: '逐级督办，最新的在前',
  query: contract.escalationListQuery,
  answer: contract.escalationList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const filter = {
      office: query.office ?? null,
      unit: unitOfQuery(structure, query.unit),
      state: query.state ?? null,
    };
    const found = await listEscalations(deps, caller, filter, page);
    return { body: listed(exchange, found, (escalation) => presentEscalation(structure, escalation)) };
  },
});

export const getEscalation = endpoint({
  operationId: 'getEscalation',
  summary: '一次督办：通知了谁，如何找到',
  params: contract.escalationParams,
  answer: contract.escalationDetail,
  async handle({ params }, { deps, caller }) {
    const { structure } = await currentStructure(deps, caller);
    const escalation = await readEscalation(deps, caller, params.id);
    const { next, recipients } = escalation;
    return {
      body: {
        ...presentEscalation(structure, escalation),
        recipients: recipients.map((recipient) => presentRecipient(structure, recipient)),
        next: next === null ? null : { step: next.step, at: time(structure, next.at) },
      },
    };
  },
});

export const acknowledge = endpoint({
  operationId: 'acknowledgeEscalation',
  summary: '督办签收：在规定时间内暂缓升级；答复为该任务',
  params: contract.escalationParams,
  body: contract.acknowledgement,
  answer: taskAnswer,
  conditional: true,
  idempotent: true,
  async handle({ params, body }, exchange) {
    const { deps, caller } = exchange;
    const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
    const { structure } = await currentStructure(deps, caller);
    const until = dueInstantOrNull(structure, body.until);
    const command = { type: 'AcknowledgeEscalation', escalationId: params.id, note: body.note, until } as const;
    return answerTask(exchange, await commandTask(deps, caller, taskIdOfEscalation(params.id), command, options));
  },
});

export const resolve = endpoint({
  operationId: 'resolveEscalation',
  summary: '督办办结；答复为该任务',
  params: contract.escalationParams,
  body: contract.resolution,
  answer: taskAnswer,
  conditional: true,
  idempotent: true,
  async handle({ params, body }, exchange) {
    const { deps, caller } = exchange;
    const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
    const command = { type: 'ResolveEscalation', escalationId: params.id, outcome: body.outcome } as const;
    return answerTask(exchange, await commandTask(deps, caller, taskIdOfEscalation(params.id), command, options));
  },
});

function presentDigest(structure: Structure, digest: InboxDigest) {
  const { id, mailbox, urgent, count, kinds, more } = digest;
  return {
    ...{ id, mailbox, urgent, count, kinds, more },
    releaseAt: time(structure, digest.releaseAt),
    readAt: timeOrNull(structure, digest.readAt),
    items: digest.items.map(({ at, dueAt, lateByMs, leadUnits, ...item }) => ({
      ...item,
      at: time(structure, at),
      due: timeOrNull(structure, dueAt),
      leadUnits: [...leadUnits],
      lateBySeconds: lateByMs === null ? null : Math.floor(lateByMs / 1_000),
    })),
  };
}

export const getInbox = endpoint({
  operationId: 'listInbox',
  summary: '收件摘要，最新的在前',
  query: contract.inboxQuery,
  answer: contract.inboxList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const filter = { unit: unitOfQuery(structure, query.unit), post: postOfQuery(structure, query.post) };
    const found = await listInbox(deps, caller, filter, page);
    return { body: listed(exchange, found, (digest) => presentDigest(structure, digest)) };
  },
});

export const getInboxEntry = endpoint({
  operationId: 'getInboxEntry',
  summary: '一份收件摘要',
  params: contract.inboxParams,
  answer: contract.digestAnswer,
  async handle({ params }, { deps, caller }) {
    const { structure } = await currentStructure(deps, caller);
    return { body: presentDigest(structure, await readInboxEntry(deps, caller, params.id)) };
  },
});

export const markRead = endpoint({
  operationId: 'markInboxRead',
  summary: '标为已读',
  params: contract.inboxParams,
  body: contract.emptyBody,
  answer: contract.digestAnswer,
  async handle({ params }, { deps, caller }) {
    const { structure } = await currentStructure(deps, caller);
    return { body: presentDigest(structure, await markInboxRead(deps, caller, params.id)) };
  },
});

export const getDashboard = endpoint({
  operationId: 'getDashboard',
  summary: '按状态、灯色与牵头单位计数',
  query: contract.dashboardQuery,
  answer: contract.dashboardAnswer,
  async handle({ query }, { deps, caller }) {
    const { structure } = await currentStructure(deps, caller);
    const unit = unitOfQuery(structure, query.unit);
    const counted = await dashboard(deps, caller, { plan: query.plan ?? null, office: query.office ?? null, unit });
    return { body: { ...counted, byLeadUnit: counted.byLeadUnit.map((lead) => ({ ...lead })) } };
  },
});

export const getVerification = endpoint({
  operationId: 'verifyAggregate',
  summary: '校验一条台账的哈希链',
  query: contract.verificationQuery,
  answer: contract.verificationAnswer,
  async handle({ query }, { deps, caller }) {
    return { body: await verifyAggregate(deps, caller, query.aggregate) };
  },
});
