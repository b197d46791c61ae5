import type { Caller, Dependencies } from '@duban/application';
import { BODY_LIMIT_BYTES, readJson } from './body.ts';
import type { Endpoint } from './endpoint.ts';
import type { BilingualFault, Language } from './problems.ts';

/** Checks every part of a request against the operation's schemas, then runs it. */
export async function run(
  operation: Endpoint,
  request: Request,
  params: Readonly<Record<string, string>>,
  context: { readonly deps: Dependencies; readonly caller: Caller; readonly language: Language },
): Promise<Response> {
  const [{ faultsOf }, { HttpProblem, invalid }] = await Promise.all([import('./faults.ts'), import('./problems.ts')]);
  const url = new URL(request.url);
  // A path that cannot name anything names nothing.
  const path = operation.params?.safeParse(params);
  if (path?.success === false) throw new HttpProblem('not_found');
  const faults: BilingualFault[] = [];
  const asked = queryOf(url, faults);
  const query = operation.query?.safeParse(asked);
  if (query === undefined) {
    for (const name of Object.keys(asked)) faults.push(unknownParameter(name));
  } else if (!query.success) faults.push(...faultsOf(query.error, asked, '/query'));
  const sent =
    operation.body === undefined ? null : await readJson(request, operation.bodyLimitBytes ?? BODY_LIMIT_BYTES);
  const body = operation.body?.safeParse(sent);
  if (body?.success === false) faults.push(...faultsOf(body.error, sent));
  if (faults.length > 0) throw invalid(faults);
  const exchange = { ...context, method: request.method, url, sent, headers: request.headers };
  const answer = await operation.handle({ params: path?.data, query: query?.data, body: body?.data }, exchange);
  return new Response(JSON.stringify(answer.body), {
    status: answer.status ?? 200,
    headers: { 'content-type': 'application/json; charset=utf-8', ...answer.headers },
  });
}

function queryOf(url: URL, faults: BilingualFault[]): Readonly<Record<string, string>> {
  const names = [...new Set(url.searchParams.keys())];
  for (const name of names) {
    if (url.searchParams.getAll(name).length > 1) {
      faults.push({
        pointer: `/query/${name.slice(0, 64)}`,
        code: 'repeated',
        message: { zh: '只能填写一次。', en: 'Give it once only.' },
      });
    }
  }
  return Object.fromEntries(names.map((name) => [name, url.searchParams.get(name) ?? '']));
}

function unknownParameter(name: string): BilingualFault {
  return {
    pointer: `/query/${name.slice(0, 64)}`,
    code: 'unknown_field',
    message: { zh: '没有这个参数。', en: 'There is no such parameter.' },
  };
}
