import { createHash, randomUUID } from 'node:crypto';
import {
  burdenOf,
  commandDuty,
  currentStructure,
  type DutyView,
  EACH_TOWNSHIP,
  forbidden,
  fulfilDuty,
  listDuties,
  nearestNames,
  openDuties,
  readDuty,
  readFact,
} from '@duban/application';
import * as contract from '@duban/contracts/http/duties';
import { pagedQuery } from '@duban/contracts/http/structure';
import { type DutyCommand, type DutyDefinition, needsVisit, type Structure } from '@duban/domain';
import { etag, idempotencyOf, ifMatchOf } from '../conditions.ts';
import { type Answer, type Exchange, endpoint } from '../endpoint.ts';
import { commandsOf } from '../item-commands.ts';
import { listed, pageOf, slice } from '../pages.ts';
import { time, unitNamed } from '../present.ts';
import { presentDuty, presentDutySummary } from '../present-duty.ts';
import { HttpProblem } from '../problems.ts';
import { References, unitOfQuery } from '../references.ts';

/** A duty as every command answers it. */
export function answerDuty(view: DutyView): Answer<contract.DutyAnswer> {
  return { body: presentDuty(view), headers: { etag: etag(view.duty.version) } };
}

export const createDuties = endpoint({
  operationId: 'createDuties',
  summary: '布置定期事项：须有依据、截止日期和责任单位；每个责任单位各计各的时限',
  body: contract.newDuty,
  answer: contract.dutiesOpened,
  statuses: [201],
  idempotent: true,
  async handle({ body }, exchange) {
    const { deps, caller } = exchange;
    const { structure, seats } = await currentStructure(deps, caller);
    // Suggestions would tell a stranger who is who.
    if (seats.posts.size === 0 && !seats.admin) throw forbidden('asking for anything');
    const definition = definitionOf(structure, body, exchange);
    const references = new References(structure);
    const override = body.override && {
      approver: references.post(body.override.approver, '/override/approver'),
      reason: body.override.reason,
    };
    references.check();
    const demand = { definition, urgent: body.urgent, override };
    const opened = await openDuties(deps, caller, demand, { idempotency: idempotencyOf(exchange) });
    return { status: 201, body: { items: opened.map(presentDuty) } };
  },
});

function definitionOf(structure: Structure, body: contract.NewDuty, exchange: Exchange): DutyDefinition {
  const references = new References(structure);
  const { override: _override, urgent: _urgent, from, mode, ...stated } = body;
  const requester = references.unit(body.requester, '/requester');
  const owners = ownersOf(structure, references, body.owners);
  const known = (
    kind: string,
    zh: string,
    pointer: string,
    code: string | null,
    records: readonly { code: string }[],
  ) => {
    if (code === null || records.some((record) => record.code === code)) return;
    const codes = records.map((record) => record.code);
    references.unknown(pointer, kind, zh, nearestNames(code, codes));
  };
  known('group', '机构', '/group', body.group, structure.data.groups);
  known('subject', '主体', '/subject', body.subject, structure.data.subjects);
  references.check();
  const { calendar } = structure;
  return {
    ...stated,
    ...{ code: codeFor(exchange), requester, owners, notes: [] },
    mode: mode ?? (needsVisit({ kind: body.kind, subject: body.subject }, structure) ? 'on_site' : 'any'),
    from: from ?? calendar.dateOf(exchange.deps.clock.now()),
  };
}

/** The same for every repeat of a request, so that a repeat finishes what its first began. */
function codeFor(exchange: Exchange): string {
  const idempotency = idempotencyOf(exchange);
  if (idempotency === null) return `yaoqiu.${randomUUID()}`;
  const { key, fingerprint } = idempotency;
  const whole = [exchange.caller.actor.person, key, fingerprint].join('\n');
  return `yaoqiu.${createHash('sha256').update(whole).digest('hex').slice(0, 32)}`;
}

function ownersOf(structure: Structure, references: References, names: readonly string[]): readonly string[] {
  const owners = names.flatMap((name, index): readonly string[] => {
    const pointer = `/owners/${index}`;
    if (EACH_TOWNSHIP.includes(name)) {
      return structure.data.units.filter(({ kind }) => kind === 'township').map(({ code }) => `unit:${code}`);
    }
    const [, kind, rest = ''] = /^(unit|post):(.+)$/.exec(name) ?? [];
    if (kind === 'unit') return [`unit:${references.unit(rest, pointer)}`];
    if (kind === 'post') return [`post:${references.post(rest, pointer)}`];
    const isPost = structure.unitNamed(name) === null && looksLikePost(structure, name);
    return [isPost ? `post:${references.post(name, pointer)}` : `unit:${references.unit(name, pointer)}`];
  });
  return [...new Set(owners)];
}

/** A name that means nothing is compared with the posts' where one of them is near, else with the units'. */
function looksLikePost(structure: Structure, name: string): boolean {
  const trial = new References(structure);
  trial.post(name, '');
  return trial.faults.every(({ suggestions = [] }) => suggestions.length > 0);
}

export const getDuties = endpoint({
  operationId: 'listDuties',
  summary: '定期事项，按下一次到期排序',
  query: contract.dutyListQuery,
  answer: contract.dutyList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const { office = null, code = null, status = null, light = null, subject = null } = query;
    const filter = {
      ...{ office, code, status, light, subject },
      unit: unitOfQuery(structure, query.unit),
      requester: unitOfQuery(structure, query.requester),
    };
    const found = await listDuties(deps, caller, filter, page);
    return { body: await listed(exchange, found, (summary) => presentDutySummary(structure, summary)) };
  },
});

export const getDuty = endpoint({
  operationId: 'getDuty',
  summary: '定期事项：各周期办理情况',
  params: contract.dutyParams,
  answer: contract.dutyAnswer,
  async handle({ params }, { deps, caller }) {
    return answerDuty(await readDuty(deps, caller, params.id));
  },
});

export const fulfil = endpoint({
  operationId: 'fulfilDuty',
  summary: '办理一个周期；“无变化”一次即可；同一数据报一次即答复所有要求',
  params: contract.dutyParams,
  body: contract.dutyCommands.fulfilment,
  answer: contract.dutyAnswer,
  conditional: true,
  idempotent: true,
  async handle({ params, body }, exchange) {
    const { deps, caller } = exchange;
    const options = { ifMatch: ifMatchOf(exchange), idempotency: idempotencyOf(exchange) };
    return answerDuty(await fulfilDuty(deps, caller, params.id, body, options));
  },
});

const command = commandsOf<DutyCommand, typeof contract.dutyAnswer>({
  answer: contract.dutyAnswer,
  params: contract.dutyParams,
  mayRead: ({ deps, caller }, id) => readDuty(deps, caller, id),
  carryOut: async ({ deps, caller }, id, wanted, options) =>
    answerDuty(await commandDuty(deps, caller, id, wanted, options)),
});

export const openOccasion = command(
  'openOccasion',
  '登记发生的情形：按情形办理的事项由此计时',
  contract.dutyCommands.occasion,
  ({ occasion, on }) => ({ type: 'OpenOccasion', occasion, on }),
);

export const withdraw = command('withdrawDuty', '撤回要求', contract.dutyCommands.withdrawal, ({ reason }) => ({
  ...{ type: 'EndDuty', cause: 'withdrawn', reason },
}));

export const getSubjects = endpoint({
  operationId: 'listSubjects',
  summary: '包保主体',
  query: pagedQuery,
  answer: contract.subjectList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(exchange.deps, exchange.caller);
    const found = slice(structure.data.subjects, page);
    return {
      body: await listed(exchange, found, (subject) => ({
        ...subject,
        township: subject.township === null ? null : unitNamed(structure, subject.township),
      })),
    };
  },
});

export const getFact = endpoint({
  operationId: 'getFact',
  summary: '一个单位一个周期已填报的一项数据',
  query: contract.factQuery,
  answer: contract.factAnswer,
  async handle({ query }, { deps, caller }) {
    const { structure, seats } = await currentStructure(deps, caller);
    const unit = unitOfQuery(structure, query.unit) ?? '';
    const { indicator, period } = query;
    const fact =
      seats.posts.size === 0 && !seats.admin
        ? null
        : await readFact(deps, caller.jurisdiction, { unit, indicator, period });
    if (fact === null) throw new HttpProblem('not_found');
    const { dutyId, number, value, at } = fact;
    return {
      body: {
        ...{ indicator, period, value, dutyId, number },
        unit: unitNamed(structure, unit),
        reportedAt: time(structure, at),
      },
    };
  },
});

export const getBurden = endpoint({
  operationId: 'getBurden',
  summary: '基层负担：每周各单位被要求填报多少、由谁要求',
  query: contract.burdenQuery,
  answer: contract.burdenAnswer,
  async handle({ query }, { deps, caller }) {
    const { structure } = await currentStructure(deps, caller);
    const { calendar } = structure;
    const from = calendar.startOfIsoWeek(query.week);
    if (from === null) throw new HttpProblem('not_found');
    const { units } = await burdenOf(deps, caller, query.week, unitOfQuery(structure, query.unit));
    return {
      body: {
        ...{ week: query.week, from, to: calendar.addDays(from, 6) },
        items: units.map(({ unit, requests, overrides, byRequester }) => ({
          ...{ unit: unitNamed(structure, unit), requests, overrides },
          byRequester: byRequester.map((share) => ({ ...share, requester: unitNamed(structure, share.requester) })),
        })),
      },
    };
  },
});
