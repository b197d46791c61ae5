import { problem } from '@duban/contracts/http/problem';
import { type EventType, WEBHOOK_EVENTS } from '@duban/contracts/http/webhook-events';
import { z } from 'zod';
import { type Endpoint, FILE_TYPES, XLSX } from './endpoint.ts';
import { WARNINGS } from './marked.ts';
import { LINK_PATH, ROUTES, type Route } from './routes.ts';

type Json = Record<string, unknown>;

const WARNINGS_HEADER: Json = {
  description:
    '请求已照办，但请留意：trade-secret 表示文本提及商业秘密或工作秘密。Carried out, but take note: trade-secret says that the text speaks of trade or work secrets.',
  schema: { type: 'string', enum: [WARNINGS.tradeSecret] },
};

let made: { readonly version: string; readonly document: Promise<Json> } | null = null;

/** The OpenAPI 3.1 description, from the schemas that validate. Made once. */
export function openApiDocument(version: string): Promise<Json> {
  if (made?.version !== version) made = { version, document: describe(version) };
  return made.document;
}

async function describe(version: string): Promise<Json> {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    const item = paths[route.path] ?? {};
    paths[route.path] = item;
    item[route.method.toLowerCase()] = operationOf(route, await route.load(), schemas);
  }
  const problemRef = schemaOf(problem, 'output', schemas);
  return {
    openapi: '3.1.0',
    info: { title: '督办 API', version, description: '县级文件任务的台账、时限与逐级督办。' },
    paths: { ...openPaths(), ...paths },
    webhooks: webhooksOf(schemas),
    components: {
      schemas,
      responses: {
        Problem: {
          description: 'RFC 9457; decide by code',
          content: { 'application/problem+json': { schema: problemRef } },
        },
        Later429: laterResponse(
          problemRef,
          '您同时发出的请求过多（too_many_requests），未执行。You have too many requests under way; nothing was carried out.',
        ),
        Later503: laterResponse(
          problemRef,
          '系统繁忙（overloaded，未执行）或暂时不可用（unavailable，请带幂等键重试）。Too busy, and nothing was carried out; or out of reach.',
        ),
      },
      headers: { Warnings: WARNINGS_HEADER },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    security: [{ bearer: [] }],
  };
}

/** The same request will do later. */
function laterResponse(problemRef: Json, description: string): Json {
  const retryAfter = {
    description:
      '多少秒后以同一请求重试。Seconds until the same request may be repeated; a gateway’s own answer may lack it.',
    schema: { type: 'integer', minimum: 1 },
  };
  return {
    description,
    headers: { 'Retry-After': retryAfter },
    content: { 'application/problem+json': { schema: problemRef } },
  };
}

/** What is posted to webhooks, by the event's type. */
function webhooksOf(schemas: Json): Json {
  const header = (name: string, description: string) => ({
    ...{ name, in: 'header', required: true, description },
    schema: { type: 'string' },
  });
  const parameters = [
    header('webhook-id', 'the same at every attempt: drop what you have had'),
    header('webhook-timestamp', 'of the attempt, in seconds'),
    header('webhook-signature', 'Standard Webhooks: v1 and the signature, once for each live secret'),
  ];
  const entries = Object.entries(WEBHOOK_EVENTS).map(([type, event]) => {
    const content = { 'application/cloudevents+json': { schema: schemaOf(event, 'output', schemas) } };
    const responses = { '2XX': { description: '收到。任何其他答复都会重试，最长 72 小时。' } };
    return [
      type,
      { post: { summary: WEBHOOK_SUMMARIES[type as EventType], parameters, requestBody: { content }, responses } },
    ];
  });
  return Object.fromEntries(entries) as Json;
}

const WEBHOOK_SUMMARIES: Readonly<Record<EventType, string>> = {
  'duban.digest.released.v1': '一份摘要已发布',
  'duban.notice.urgent.v1': '紧急通知，不等时段，不合并',
  'duban.webhook.test.v1': '测试消息',
};

function linkOperation(answer: (type: string) => Json): Json {
  const token = { name: 'token', in: 'path', required: true, schema: { type: 'string' } };
  const refused = { description: '同样是网页：无权、已用、已失效或暂时不可用', content: { 'text/html': {} } };
  return { security: [], parameters: [token], responses: { ...answer('text/html'), default: refused } };
}

function openPaths(): Json {
  const answer = (type: string) => ({ 200: { description: 'OK', content: { [type]: {} } } });
  return {
    '/healthz': {
      get: { operationId: 'health', security: [], summary: '存活', responses: answer('application/json') },
    },
    '/openapi.json': {
      get: { operationId: 'describe', security: [], summary: '本说明', responses: answer('application/json') },
    },
    [LINK_PATH]: {
      get: {
        operationId: 'showLink',
        summary: '邮件中的签收链接：说明并请求确认，不作任何改动',
        ...linkOperation(answer),
      },
      post: { operationId: 'useLink', summary: '确认签收；链接只能使用一次', ...linkOperation(answer) },
    },
    '/docs': {
      get: { operationId: 'docs', security: [], summary: '说明页', responses: answer('text/html') },
    },
  };
}

function operationOf(route: Route, operation: Endpoint, schemas: Json): Json {
  const { operationId, summary, params, query, body, answer, statuses = [200] } = operation;
  const fileType = FILE_TYPES.get(answer);
  const content = fileType === undefined ? jsonContent(schemaOf(answer, 'output', schemas)) : { [fileType]: {} };
  const headers = {
    ...(operation.conditional === true ? { ETag: { schema: { type: 'string' } } } : {}),
    ...(body === undefined ? {} : { [WARNINGS.header]: { $ref: `#/components/headers/Warnings` } }),
  };
  return {
    ...{ operationId, summary, tags: [route.path.split('/')[2] ?? ''] },
    ...(route.keyed === true ? { security: [{ bearer: [] }, {}] } : {}),
    parameters: [
      ...parametersOf(params, 'path', schemas),
      ...parametersOf(query, 'query', schemas),
      ...(operation.conditional === true ? [header('If-Match', 'the version that was seen, with its quotes')] : []),
      ...(operation.idempotent === true
        ? [header('Idempotency-Key', 'same key and body: the first answer again')]
        : []),
    ],
    ...(body === undefined ? {} : { requestBody: requestBodyOf(operation, body, schemas) }),
    responses: {
      ...Object.fromEntries(statuses.map((status) => [status, { description: 'OK', headers, content }])),
      ...Object.fromEntries([429, 503].map((status) => [status, { $ref: `#/components/responses/Later${status}` }])),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** A body of which every field may be left out may itself be left out. */
function requestBodyOf({ yaml, handleWorkbook }: Endpoint, body: z.ZodType, schemas: Json): Json {
  const schema = schemaOf(body, 'input', schemas);
  const content = {
    ...jsonContent(schema),
    ...(yaml === true ? { 'application/yaml': { schema } } : {}),
    ...(handleWorkbook === undefined ? {} : { [XLSX]: {} }),
  };
  return { required: !body.safeParse({}).success, content };
}

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } };
}

function header(name: string, description: string): Json {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Json): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...each }]) => ({
    ...{ name, in: place, required: place === 'path' || required.includes(name) },
    ...(description === undefined ? {} : { description }),
    schema: each,
  }));
}

/** A schema as JSON Schema 2020-12; the named ones among its parts move to the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  // Wrapped, so that a named schema stands among the definitions whether or not it is the whole.
  const made = z.toJSONSchema(z.tuple([schema]), { io, unrepresentable: 'any' }) as unknown as {
    readonly prefixItems: readonly [Json];
    readonly $defs?: Record<string, Json>;
  };
  for (const [name, definition] of Object.entries(made.$defs ?? {})) schemas[name] = relocated(definition);
  return relocated(made.prefixItems[0]);
}

function relocated(schema: Json): Json {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key === 'id' && typeof value === 'string') return undefined;
    return key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : value;
  });
  return JSON.parse(text) as Json;
}
