import {
  type ClockEffect,
  currentStructure,
  type ImportProblem,
  type ImportResult,
  importBundle,
  listImports,
  type RecordChange,
  readImport,
} from '@duban/application';
import * as contract from '@duban/contracts/http/imports';
import { pagedQuery } from '@duban/contracts/http/structure';
import type { Structure } from '@duban/domain';
import { BUNDLE_LIMIT_BYTES } from '../body.ts';
import { idempotencyOf } from '../conditions.ts';
import { endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { time, timeOrNull } from '../present.ts';
import { invalid } from '../problems.ts';

export const postImport = endpoint({
  operationId: 'importBundle',
  summary: '导入机构或任务；dryRun=true 只比较不写入，有任何错误即不写入',
  query: contract.importQuery,
  body: contract.importBundle,
  bodyLimitBytes: BUNDLE_LIMIT_BYTES,
  answer: contract.importResult,
  statuses: [200, 201, 202],
  idempotent: true,
  async handle({ query, body }, exchange) {
    const { deps, caller } = exchange;
    const options = { dryRun: query.dryRun === 'true', idempotency: idempotencyOf(exchange) };
    const result = await importBundle(deps, caller, body, options);
    if (result.problems.length > 0) throw invalid(result.problems.map(faultOf), result.moreProblems);
    const { structure } = await currentStructure(deps, caller);
    return answerOf(result, structure);
  },
});

function answerOf({ id, state, difference, clocks }: ImportResult, structure: Structure) {
  const body = {
    id,
    // Whoever is refused hears of problems instead.
    state: state === 'refused' ? ('compared' as const) : state,
    applied: state === 'applied',
    difference: Object.fromEntries(
      Object.entries(difference).map(([kind, { added, changed, removed, unchanged }]) => [
        kind,
        { added: [...added], changed: [...changed], removed: [...removed], unchanged },
      ]),
    ),
    clocks: { ...clocks, items: clocks.items.map((effect) => presentEffect(structure, effect)) },
  };
  if (id === null) return { body };
  const status = state === 'writing' ? (202 as const) : (201 as const);
  return { status, body, headers: { location: `/v1/imports/${id}` } };
}

function presentEffect(structure: Structure, { before, after, ...effect }: ClockEffect) {
  return { ...effect, before: timeOrNull(structure, before), after: timeOrNull(structure, after) };
}

function faultOf({ pointer, code, message, messageZh, suggestions }: ImportProblem) {
  return { pointer, code, message: { zh: messageZh, en: message }, suggestions };
}

export const getImports = endpoint({
  operationId: 'listImports',
  summary: '导入记录，最新的在前',
  query: pagedQuery,
  answer: contract.importList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const found = await listImports(deps, caller, pageOf(exchange, query));
    const { structure } = await currentStructure(deps, caller);
    return { body: listed(exchange, found, ({ at, ...summary }) => ({ ...summary, at: time(structure, at) })) };
  },
});

export const getImport = endpoint({
  operationId: 'getImport',
  summary: '一次导入改了什么，改前与改后；进行中的导入写了多少',
  params: contract.importParams,
  query: pagedQuery,
  answer: contract.importDetail,
  async handle({ params, query }, exchange) {
    const { deps, caller } = exchange;
    const { changes, next, at, ...summary } = await readImport(deps, caller, params.id, pageOf(exchange, query));
    const { structure } = await currentStructure(deps, caller);
    const page = listed(exchange, { items: changes, next }, presentChange);
    return { body: { ...summary, at: time(structure, at), changes: page.items, next: page.next } };
  },
});

function presentChange({ fields, ...change }: RecordChange) {
  return { ...change, ...(fields === undefined ? {} : { fields: [...fields] }) };
}
