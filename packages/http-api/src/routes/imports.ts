import {
  type ClockEffect,
  currentStructure,
  type ImportBundle,
  type ImportResult,
  importBundle,
  listImports,
  type RecordChange,
  readImport,
} from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';
import * as contract from '@duban/contracts/http/imports';
import { OFFLINE } from '@duban/contracts/http/state-secrets';
import { pagedQuery } from '@duban/contracts/http/structure';
import type { Structure } from '@duban/domain';
import type { Locator } from '@duban/workbook';
import { BUNDLE_LIMIT_BYTES } from '../body.ts';
import { idempotencyOf } from '../conditions.ts';
import { type Exchange, endpoint, workbookFile } from '../endpoint.ts';
import { faultOf } from '../faults.ts';
import { listed, pageOf } from '../pages.ts';
import { time, timeOrNull } from '../present.ts';
import { HttpProblem, invalid } from '../problems.ts';

export const postImport = endpoint({
  operationId: 'importBundle',
  summary: '导入机构或任务；dryRun=true 只比较不写入，有任何错误即不写入',
  query: contract.importQuery,
  body: contract.importBundle,
  bodyLimitBytes: BUNDLE_LIMIT_BYTES,
  yaml: true,
  answer: contract.importResult,
  statuses: [200, 201, 202],
  idempotent: true,
  async handle({ query, body }, exchange) {
    return importAndAnswer(body, query.dryRun, exchange);
  },
  async handleWorkbook({ query, bytes }, exchange) {
    const { caller } = exchange;
    const { readWorkbookBundle } = await import('../workbook-bundle.ts');
    const read = await readWorkbookBundle(bytes, { jurisdiction: caller.jurisdiction, mode: query.mode ?? 'merge' });
    if ('faults' in read) throw refusal(read.faults, read.more);
    return importAndAnswer(read.bundle, query.dryRun, exchange, read.locate);
  },
});

async function importAndAnswer(
  bundle: ImportBundle,
  dryRun: 'true' | 'false' | undefined,
  exchange: Exchange,
  locate?: Locator,
) {
  const { deps, caller } = exchange;
  const options = { dryRun: dryRun === 'true', idempotency: idempotencyOf(exchange) };
  const result = await importBundle(deps, caller, bundle, options);
  const faults = result.problems.map((problem) => faultOf(problem, locate));
  if (faults.length > 0) throw refusal(faults, result.moreProblems);
  const { structure } = await currentStructure(deps, caller);
  return answerOf(result, structure);
}

/** What is marked as a state secret outweighs every other fault. */
function refusal(faults: readonly BilingualFault[], more: number): HttpProblem {
  const isSecret = faults.some(({ code }) => code === 'state_secret');
  return isSecret ? new HttpProblem('state_secret', OFFLINE, faults) : invalid(faults, more);
}

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

export const getImports = endpoint({
  operationId: 'listImports',
  summary: '导入记录，最新的在前',
  query: pagedQuery,
  answer: contract.importList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const found = await listImports(deps, caller, await pageOf(exchange, query));
    const { structure } = await currentStructure(deps, caller);
    return { body: await listed(exchange, found, ({ at, ...summary }) => ({ ...summary, at: time(structure, at) })) };
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
    const { changes, next, at, ...summary } = await readImport(deps, caller, params.id, await pageOf(exchange, query));
    const { structure } = await currentStructure(deps, caller);
    const page = await listed(exchange, { items: changes, next }, presentChange);
    return { body: { ...summary, at: time(structure, at), changes: page.items, next: page.next } };
  },
});

function presentChange({ fields, ...change }: RecordChange) {
  return { ...change, ...(fields === undefined ? {} : { fields: [...fields] }) };
}

export const getTemplate = endpoint({
  operationId: 'getImportTemplate',
  summary: '导入模板：单位、岗位、任职、文件、机构、方案、任务各一张工作表',
  answer: workbookFile,
  async handle() {
    const { templateWorkbook } = await import('@duban/workbook');
    return { body: { fileName: '督办导入模板.xlsx', content: await templateWorkbook() } };
  },
});
