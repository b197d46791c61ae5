import { currentStructure, type ImportProblem, importBundle, listImports, readImport } from '@duban/application';
import * as contract from '@duban/contracts/http/imports';
import { pagedQuery } from '@duban/contracts/http/structure';
import { BUNDLE_LIMIT_BYTES } from '../body.ts';
import { idempotencyOf } from '../conditions.ts';
import { endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { time } from '../present.ts';
import { invalid } from '../problems.ts';

export const postImport = endpoint({
  operationId: 'importBundle',
  summary: '导入机构或任务；dryRun=true 只比较不写入，有任何错误即不写入',
  query: contract.importQuery,
  body: contract.importBundle,
  bodyLimitBytes: BUNDLE_LIMIT_BYTES,
  answer: contract.importResult,
  statuses: [200, 201],
  idempotent: true,
  async handle({ query, body }, exchange) {
    const { deps, caller } = exchange;
    const options = { dryRun: query.dryRun === 'true', idempotency: idempotencyOf(exchange) };
    const { id, applied, difference, problems } = await importBundle(deps, caller, body, options);
    if (problems.length > 0) throw invalid(problems.map(faultOf));
    const result = {
      id,
      applied,
      difference: Object.fromEntries(
        Object.entries(difference).map(([kind, { added, changed, removed, unchanged }]) => [
          kind,
          { added: [...added], changed: [...changed], removed: [...removed], unchanged },
        ]),
      ),
    };
    return id === null ? { body: result } : { status: 201, body: result, headers: { location: `/v1/imports/${id}` } };
  },
});

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
    return {
      body: listed(exchange, found, ({ id, at, by, counts }) => ({ id, at: time(structure, at), by, counts })),
    };
  },
});

export const getImport = endpoint({
  operationId: 'getImport',
  summary: '一次导入改了什么，改前与改后',
  params: contract.importParams,
  answer: contract.importDetail,
  async handle({ params }, { deps, caller }) {
    const { id, at, by, counts, changes } = await readImport(deps, caller, params.id);
    const { structure } = await currentStructure(deps, caller);
    return { body: { id, at: time(structure, at), by, counts, changes: changes.map((change) => ({ ...change })) } };
  },
});
