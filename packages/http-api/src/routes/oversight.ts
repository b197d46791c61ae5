import {
  commandEscalation,
  currentStructure,
  dashboard,
  type InboxDigest,
  listEscalations,
  listInbox,
  markInboxRead,
  readEscalation,
  readInboxEntry,
  verifyAggregate,
} from '@duban/application';
import { dutyAnswer } from '@duban/contracts/http/duties';
import * as contract from '@duban/contracts/http/escalations';
import { incidentAnswer } from '@duban/contracts/http/incidents';
import { problemAnswer } from '@duban/contracts/http/problems';
import { taskAnswer } from '@duban/contracts/http/tasks';
import type { EscalationCommand, Structure } from '@duban/domain';
import { z } from 'zod';
import { idempotencyOf, ifMatchOf } from '../conditions.ts';
import { type Answer, type Exchange, endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentEscalation, presentRecipient, time, timeOrNull } from '../present.ts';
import { dueInstantOrNull, postOfQuery, unitOfQuery } from '../references.ts';
import { answerDuty } from './duties.ts';
import { answerIncident } from './incidents.ts';
import { answerProblem } from './problem-register.ts';
import { answerTask } from './tasks.ts';

export const getEscalations = endpoint({
  operationId: 'listEscalations',
  summary: '逐级督办，最新的在前',
  query: contract.escalationListQuery,
  answer: contract.escalationList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const filter = {
      office: query.office ?? null,
      unit: unitOfQuery(structure, query.unit),
      state: query.state ?? null,
    };
    const found = await listEscalations(deps, caller, filter, page);
    return { body: await listed(exchange, found, (escalation) => presentEscalation(structure, escalation)) };
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

/** The item an escalation is about, as its kind answers it. */
const itemAnswer = z.union([taskAnswer, incidentAnswer, dutyAnswer, problemAnswer]).meta({ id: 'Item' });

/** The item that the escalation belongs to, after the command. */
async function answerItem(exchange: Exchange, command: EscalationCommand): Promise<Answer<z.input<typeof itemAnswer>>> {
  const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
  const { type, view } = await commandEscalation(exchange.deps, exchange.caller, command, options);
  switch (type) {
    case 'incident':
      return answerIncident(view);
    case 'duty':
      return answerDuty(view);
    case 'problem':
      return answerProblem(view);
    case 'task':
      return answerTask(exchange, view);
  }
}

export const acknowledge = endpoint({
  operationId: 'acknowledgeEscalation',
  summary: '督办签收：在规定时间内暂缓升级；答复为该事项',
  params: contract.escalationParams,
  body: contract.acknowledgement,
  answer: itemAnswer,
  conditional: true,
  idempotent: true,
  async handle({ params, body }, exchange) {
    const { structure } = await currentStructure(exchange.deps, exchange.caller);
    const until = dueInstantOrNull(structure, body.until);
    return answerItem(exchange, { type: 'AcknowledgeEscalation', escalationId: params.id, note: body.note, until });
  },
});

export const resolve = endpoint({
  operationId: 'resolveEscalation',
  summary: '督办办结；答复为该事项',
  params: contract.escalationParams,
  body: contract.resolution,
  answer: itemAnswer,
  conditional: true,
  idempotent: true,
  handle: ({ params, body }, exchange) =>
    answerItem(exchange, { type: 'ResolveEscalation', escalationId: params.id, outcome: body.outcome }),
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
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const filter = {
      unit: unitOfQuery(structure, query.unit),
      post: postOfQuery(structure, query.post),
      unreadOnly: query.state === 'unread',
    };
    const found = await listInbox(deps, caller, filter, page);
    const mailboxes = found.mailboxes.map((mailbox) => ({ ...mailbox }));
    const unread = mailboxes.reduce((sum, mailbox) => sum + mailbox.unread, 0);
    return {
      body: { ...(await listed(exchange, found, (digest) => presentDigest(structure, digest))), unread, mailboxes },
    };
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
