import { currentStructure, recipientsOf } from '@duban/application';
import type { Instant } from '@duban/calendar';
import * as contract from '@duban/contracts/http/structure';
import type { Group, Plan, Post, Structure, Unit } from '@duban/domain';
import { type Exchange, endpoint } from '../endpoint.ts';
import { listed, pageOf, slice } from '../pages.ts';
import { holderOf, presentRecipient, unitNamed } from '../present.ts';
import { HttpProblem } from '../problems.ts';
import { dueInstantOrNull, unitOfQuery } from '../references.ts';

async function structureOf({ deps, caller }: Exchange): Promise<{ structure: Structure; now: Instant }> {
  const { structure } = await currentStructure(deps, caller);
  return { structure, now: deps.clock.now() };
}

function found<T>(item: T | null): T {
  if (item === null) throw new HttpProblem('not_found');
  return item;
}

function presentUnit(structure: Structure, { code, name, aliases, kind, parent, leaderInCharge }: Unit) {
  const above = parent === null ? null : unitNamed(structure, parent);
  return { code, name, aliases: [...aliases], kind, parent: above, leaderInCharge };
}

function presentPost(structure: Structure, { code, unit, title, head }: Post, now: Instant) {
  return { code, unit: unitNamed(structure, unit), title, head, holder: holderOf(structure, code, now) };
}

function presentSeat(structure: Structure, code: string | null, now: Instant) {
  const post = code === null ? null : structure.post(code);
  if (post === null) return null;
  const { unit, title, holder } = presentPost(structure, post, now);
  return { post: post.code, title, unit, holder };
}

function presentGroup(structure: Structure, group: Group, now: Instant) {
  const { code, name, kind, documentNumber, parent, office } = group;
  const seat = (post: string | null) => presentSeat(structure, post, now);
  const seats = (posts: readonly string[]) => posts.map(seat).filter((each) => each !== null);
  return {
    ...{ code, name, kind, documentNumber, parent },
    office:
      office === null
        ? null
        : {
            hostUnit: unitNamed(structure, office.hostUnit),
            director: seat(office.director),
            deputyDirector: seat(office.deputyDirector),
          },
    leader: seat(group.leader),
    firstDeputy: seat(group.firstDeputy),
    deputies: seats(group.deputies),
    members: seats(group.members),
    plans: structure.plansOfGroup(code).map((plan) => plan.code),
  };
}

function presentPlan(structure: Structure, { code, documentNumber, list, title, group, policy }: Plan) {
  const groupName = structure.group(group)?.name ?? group;
  return { code, documentNumber, list, title, policy, group: { code: group, name: groupName } };
}

export const getUnits = endpoint({
  operationId: 'listUnits',
  summary: '单位；name 亦匹配别名，q 匹配拼音首字母',
  query: contract.unitQuery,
  answer: contract.unitList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure } = await structureOf(exchange);
    const units = await matchingUnits(structure, query.name, query.q);
    return { body: await listed(exchange, slice(units, page), (unit) => presentUnit(structure, unit)) };
  },
});

/** Exact names first. */
async function matchingUnits(structure: Structure, name?: string, q?: string): Promise<readonly Unit[]> {
  let units = structure.data.units;
  if (name !== undefined) {
    const wanted = name.trim();
    const namesOf = (unit: Unit) => [unit.code, unit.name, ...unit.aliases];
    const exact = units.filter((unit) => namesOf(unit).includes(wanted));
    const partly = units.filter((unit) => !exact.includes(unit) && namesOf(unit).some((each) => each.includes(wanted)));
    units = [...exact, ...partly];
  }
  if (q === undefined) return units;
  const { spellingsOf } = await import('../pinyin.ts');
  const spellings = spellingsOf(structure);
  const wanted = q.toLowerCase();
  return units.filter((unit) => spellings.get(unit.code)?.some((spelling) => spelling.includes(wanted)));
}

export const getUnit = endpoint({
  operationId: 'getUnit',
  summary: '单位及其职务',
  params: contract.codeParams,
  answer: contract.unitDetail,
  async handle({ params }, exchange) {
    const { structure, now } = await structureOf(exchange);
    const unit = found(structure.unit(params.code));
    const posts = structure.postsOfUnit(unit.code).map((post) => presentPost(structure, post, now));
    return { body: { ...presentUnit(structure, unit), posts } };
  },
});

export const getPosts = endpoint({
  operationId: 'listPosts',
  summary: '职务及现任者',
  query: contract.postQuery,
  answer: contract.postList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure, now } = await structureOf(exchange);
    const unit = unitOfQuery(structure, query.unit);
    const posts = unit === null ? structure.data.posts : structure.postsOfUnit(unit);
    return { body: await listed(exchange, slice(posts, page), (post) => presentPost(structure, post, now)) };
  },
});

export const getGroups = endpoint({
  operationId: 'listGroups',
  summary: '领导小组、工作专班、指挥部',
  query: contract.pagedQuery,
  answer: contract.groupList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure, now } = await structureOf(exchange);
    const groups = slice(structure.data.groups, page);
    return { body: await listed(exchange, groups, (group) => presentGroup(structure, group, now)) };
  },
});

export const getGroup = endpoint({
  operationId: 'getGroup',
  summary: '领导小组、工作专班或指挥部',
  params: contract.codeParams,
  answer: contract.groupAnswer,
  async handle({ params }, exchange) {
    const { structure, now } = await structureOf(exchange);
    return { body: presentGroup(structure, found(structure.group(params.code)), now) };
  },
});

export const getRecipients = endpoint({
  operationId: 'listRecipients',
  summary: '此刻会通知谁，以及如何找到',
  params: contract.codeParams,
  query: contract.recipientsQuery,
  answer: contract.recipientList,
  async handle({ params, query }, exchange) {
    const { structure } = await structureOf(exchange);
    const at = dueInstantOrNull(structure, query.at ?? null);
    const recipients = await recipientsOf(exchange.deps, exchange.caller, params.code, query.target, at);
    return { body: { items: recipients.map((recipient) => presentRecipient(structure, recipient)), next: null } };
  },
});

export const getPolicies = endpoint({
  operationId: 'listPolicies',
  summary: '逐级督办规则',
  query: contract.pagedQuery,
  answer: contract.policyList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure } = await structureOf(exchange);
    return {
      body: await listed(exchange, slice(structure.policies, page), (policy) => ({
        ...policy,
        remindWorkingDaysBefore: [...policy.remindWorkingDaysBefore],
        remindMinutesBefore: [...policy.remindMinutesBefore],
        steps: policy.steps.map((step) => ({ ...step, targets: [...step.targets] })),
      })),
    };
  },
});

export const getDocuments = endpoint({
  operationId: 'listDocuments',
  summary: '文件',
  query: contract.pagedQuery,
  answer: contract.documentList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure } = await structureOf(exchange);
    const documents = slice(structure.data.documents, page);
    return {
      body: await listed(exchange, documents, ({ number, title, issuer, issuedOn }) => ({
        number,
        title,
        issuer,
        issuedOn,
      })),
    };
  },
});

export const getPlans = endpoint({
  operationId: 'listPlans',
  summary: '方案与任务清单',
  query: contract.pagedQuery,
  answer: contract.planList,
  async handle({ query }, exchange) {
    const page = await pageOf(exchange, query);
    const { structure } = await structureOf(exchange);
    return { body: await listed(exchange, slice(structure.data.plans, page), (plan) => presentPlan(structure, plan)) };
  },
});

export const getPlan = endpoint({
  operationId: 'getPlan',
  summary: '方案或任务清单',
  params: contract.codeParams,
  answer: contract.planAnswer,
  async handle({ params }, exchange) {
    const { structure } = await structureOf(exchange);
    return { body: presentPlan(structure, found(structure.plan(params.code))) };
  },
});
