import {
  currentStructure,
  listDeadDeliveries,
  listDeliveries,
  readDelivery,
  redeliver,
  redeliverSince,
  sendTest,
} from '@duban/application';
import { parseInstant } from '@duban/calendar';
import { emptyBody } from '@duban/contracts/http/escalations';
import * as contract from '@duban/contracts/http/subscriptions';
import { type Endpoint, endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentDelivery, presentHistory } from '../present-subscription.ts';
import { channelOf, type Family, PATH, SUFFIX } from './channel-family.ts';

/** Tries a channel, reads its log, sends again. */
export function deliveriesOf(family: Family) {
  return {
    test: test(family),
    deliveries: deliveries(family),
    delivery: delivery(family),
    redeliverOne: redeliverOne(family),
    redeliverMany: redeliverMany(family),
  };
}

function test(family: Family): Endpoint {
  return endpoint({
    operationId: `test${SUFFIX[family]}`,
    summary: '发送一条测试消息；结果见送达记录',
    params: contract.subscriptionParams,
    body: emptyBody,
    answer: contract.deliveryAnswer,
    statuses: [202],
    async handle({ params }, exchange) {
      const channel = await channelOf(exchange, family, params.id);
      const sent = await sendTest(exchange.deps, exchange.caller, channel);
      const location = `${PATH[family]}/${params.id}/deliveries/${sent.id}`;
      return { status: 202, body: presentDelivery(channel.structure, sent), headers: { location } };
    },
  });
}

function deliveries(family: Family): Endpoint {
  return endpoint({
    operationId: `list${SUFFIX[family]}Deliveries`,
    summary: '送达记录，最新的在前',
    params: contract.subscriptionParams,
    query: contract.deliveryQuery,
    answer: contract.deliveryList,
    async handle({ params, query }, exchange) {
      const { deps, caller } = exchange;
      const channel = await channelOf(exchange, family, params.id);
      const found = await listDeliveries(deps, caller, channel, query.status ?? null, await pageOf(exchange, query));
      return { body: await listed(exchange, found, (row) => presentDelivery(channel.structure, row)) };
    },
  });
}

function delivery(family: Family): Endpoint {
  return endpoint({
    operationId: `get${SUFFIX[family]}Delivery`,
    summary: '一次送达及其每次尝试',
    params: contract.deliveryParams,
    answer: contract.deliveryDetail,
    async handle({ params }, exchange) {
      const channel = await channelOf(exchange, family, params.id);
      const found = await readDelivery(exchange.deps, exchange.caller, channel, params.n);
      return { body: presentHistory(channel.structure, found) };
    },
  });
}

function redeliverOne(family: Family): Endpoint {
  return endpoint({
    operationId: `redeliver${SUFFIX[family]}Delivery`,
    summary: '重新发送一条，消息编号不变',
    params: contract.deliveryParams,
    body: emptyBody,
    answer: contract.deliveryAnswer,
    async handle({ params }, exchange) {
      const channel = await channelOf(exchange, family, params.id);
      const row = await redeliver(exchange.deps, exchange.caller, channel, params.n);
      return { body: presentDelivery(channel.structure, row) };
    },
  });
}

function redeliverMany(family: Family): Endpoint {
  return endpoint({
    operationId: `redeliver${SUFFIX[family]}Deliveries`,
    summary: '重新发送某时起未送达的（或全部）消息',
    params: contract.subscriptionParams,
    body: contract.redeliveryBody,
    answer: contract.redeliveryAnswer,
    async handle({ params, body }, exchange) {
      const channel = await channelOf(exchange, family, params.id);
      const since = parseInstant(body.since) ?? 0;
      const { which } = body;
      return { body: await redeliverSince(exchange.deps, exchange.caller, channel, { since, which }) };
    },
  });
}

export const getDeadDeliveries = endpoint({
  operationId: 'listDeadDeliveries',
  summary: '全部渠道中已放弃的消息，最新的在前',
  query: contract.deadQuery,
  answer: contract.deliveryList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const { structure } = await currentStructure(deps, caller);
    const found = await listDeadDeliveries(deps, caller, await pageOf(exchange, query));
    return { body: await listed(exchange, found, (row) => presentDelivery(structure, row)) };
  },
});
