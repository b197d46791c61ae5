import type { createApp } from '@duban/http-api';

/** A JSON Schema of the document, as far as is used of it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly description?: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** What an operation answers with a status: a media type, and a schema where it is JSON. */
export interface DocumentedAnswer {
  readonly mediaType: string;
  readonly schema: Schema | null;
}

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly schema: Schema } | null;
  /** By status; `default` for all others. */
  readonly answers: Readonly<Record<string, DocumentedAnswer>>;
  readonly isOpen: boolean;
}

export interface ApiDocument {
  readonly operations: readonly Operation[];
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface RawContent {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}
interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RawContent & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, RawContent & { readonly $ref?: string }>>;
  readonly security?: readonly object[];
}
interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: ApiDocument['components'] & { readonly responses: Readonly<Record<string, RawContent>> };
}

/** The document as the app serves it. @throws Error when it serves none */
export async function readDocument(app: ReturnType<typeof createApp>): Promise<ApiDocument> {
  const served = await app.request('/openapi.json');
  if (served.status !== 200) throw new Error(`The document was answered ${served.status}.`);
  const { paths, components } = (await served.json()) as RawDocument;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(path, method.toUpperCase(), raw, components)),
  );
  return { operations, components };
}

function operationOf(
  path: string,
  method: string,
  raw: RawOperation,
  components: RawDocument['components'],
): Operation {
  const json = raw.requestBody?.content?.['application/json']?.schema;
  return {
    ...{ id: raw.operationId, method: method as Operation['method'], path, parameters: raw.parameters ?? [] },
    body: json === undefined ? null : { required: raw.requestBody?.required === true, schema: json },
    answers: Object.fromEntries(
      Object.entries(raw.responses).map(([status, response]) => [status, answerOf(response, components)]),
    ),
    isOpen: raw.security?.length === 0,
  };
}

function answerOf(
  response: RawContent & { readonly $ref?: string },
  { responses }: RawDocument['components'],
): DocumentedAnswer {
  const named = response.$ref?.split('/').at(-1);
  const { content } = named === undefined ? response : (responses[named] ?? {});
  const [mediaType = '', media] = Object.entries(content ?? {})[0] ?? [];
  return { mediaType, schema: media?.schema ?? null };
}
