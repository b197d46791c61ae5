import type { Caller, Dependencies } from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';
import { BODY_LIMIT_BYTES, type Body, readBody, speaksOfTradeSecrets } from './body.ts';
import { type Answer, type Endpoint, type Exchange, FILE_TYPES, type FileAnswer } from './endpoint.ts';
import { checkAddress, WARNINGS } from './marked.ts';
import type { Language } from './problems.ts';

/** Checks every part of a request against the operation's schemas, then runs it. */
export async function run(
  operation: Endpoint,
  request: Request,
  params: Readonly<Record<string, string>>,
  context: { readonly deps: Dependencies; readonly caller: Caller; readonly language: Language },
): Promise<Response> {
  const [{ faultsOf }, { HttpProblem, invalid }] = await Promise.all([
    import('@duban/contracts/http/faults'),
    import('./problems.ts'),
  ]);
  const url = new URL(request.url);
  // What is marked is refused before anything else is: whoever sends it to a wrong address must hear of it too.
  const address = checkAddress(request, url);
  const sent = await bodyOf(operation, request);
  // A path that cannot name anything names nothing.
  const path = operation.params?.safeParse(params);
  if (path?.success === false) throw new HttpProblem('not_found');
  const faults: BilingualFault[] = [];
  const asked = queryOf(url, faults);
  const query = operation.query?.safeParse(asked);
  if (query === undefined) {
    for (const name of Object.keys(asked)) faults.push(unknownParameter(name));
  } else if (!query.success) faults.push(...faultsOf(query.error, asked, '/query'));
  const { form } = sent;
  const body = form === 'value' ? operation.body?.safeParse(sent.sent) : undefined;
  if (body?.success === false) faults.push(...faultsOf(body.error, sent.sent));
  if (faults.length > 0) throw invalid(faults);
  const exchange: Exchange = { ...context, method: request.method, url, sent: sent.sent, headers: request.headers };
  const answer =
    form === 'workbook' && operation.handleWorkbook !== undefined
      ? await operation.handleWorkbook({ query: query?.data, bytes: sent.bytes }, exchange)
      : await operation.handle({ params: path?.data, query: query?.data, body: body?.data }, exchange);
  const fileType = FILE_TYPES.get(operation.answer);
  const response = fileType === undefined ? jsonResponse(answer) : fileResponse(answer as Answer<FileAnswer>, fileType);
  if (address.tradeSecret || (await speaksOfTradeSecrets(sent)))
    response.headers.set(WARNINGS.header, WARNINGS.tradeSecret);
  return response;
}

async function bodyOf(operation: Endpoint, request: Request): Promise<Body> {
  if (operation.body === undefined) return { form: 'value', sent: null, tradeSecret: false };
  return readBody(request, {
    yaml: operation.yaml ?? false,
    xlsx: operation.handleWorkbook !== undefined,
    limitBytes: operation.bodyLimitBytes ?? BODY_LIMIT_BYTES,
  });
}

function jsonResponse({ body, status = 200, headers }: Answer<unknown>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

function fileResponse(
  { body: { fileName, content, inline = false }, headers }: Answer<FileAnswer>,
  fileType: string,
): Response {
  const disposition = `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(fileName)}`;
  return new Response(content as ConstructorParameters<typeof Response>[0], {
    headers: { 'content-type': fileType, 'content-disposition': disposition, ...headers },
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
