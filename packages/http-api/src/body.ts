import { createHash } from 'node:crypto';
import { XLSX } from './endpoint.ts';
import { checkValue } from './marked.ts';
import { HttpProblem } from './problems.ts';

/** Bodies are forms, not files. */
export const BODY_LIMIT_BYTES = 256 * 1024;
export const BUNDLE_LIMIT_BYTES = 6 * 1024 * 1024;
/** A workbook of 50,000 tasks with texts of usual length takes 8 MB. */
export const WORKBOOK_LIMIT_BYTES = 16 * 1024 * 1024;

const FORMS = { json: /^application\/json$/, yaml: /^(?:application|text)\/(?:x-)?yaml$/, xlsx: RegExp(`^${XLSX}$`) };
type Form = keyof typeof FORMS;

/** What an operation takes beside JSON. */
export interface BodyForms {
  readonly yaml: boolean;
  readonly xlsx: boolean;
  /** Of JSON and YAML. */
  readonly limitBytes: number;
}

/** A body as it was sent; `sent` stands for it where repeats are told apart. */
export type Body =
  | { readonly form: 'value'; readonly sent: unknown; readonly tradeSecret: boolean }
  | { readonly form: 'workbook'; readonly sent: unknown; readonly bytes: Uint8Array };

/**
 * The body; an absent one counts as `{}`.
 * @throws HttpProblem 413 as soon as the limit is passed, 415 for a form the operation does not take, 400 for broken
 * JSON or YAML, 422 for text marked as a state secret.
 */
export async function readBody(request: Request, forms: BodyForms): Promise<Body> {
  const form = formOf(request, forms);
  const limitBytes = form === 'xlsx' ? WORKBOOK_LIMIT_BYTES : forms.limitBytes;
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const bytes = await readLimited(request, limitBytes);
  if (bytes.length === 0) return { form: 'value', sent: {}, tradeSecret: false };
  if (form === null) throw new HttpProblem('unsupported_media_type');
  if (form === 'xlsx') return { form: 'workbook', sent: createHash('sha256').update(bytes).digest('hex'), bytes };
  const { value, tradeSecret } = await parseText(bytes, form);
  return { form: 'value', sent: value, tradeSecret };
}

/**
 * A value out of JSON or YAML, and whether it speaks of trade secrets.
 * @throws HttpProblem for what cannot be read, or bears the marking of a state secret
 */
export async function parseText(
  bytes: Uint8Array,
  form: 'json' | 'yaml',
): Promise<{ readonly value: unknown; readonly tradeSecret: boolean }> {
  const text = textOf(bytes, form);
  const value = await parsed(text, form).catch((error: unknown) => {
    // What cannot be read may be marked all the same, and that is what its sender must hear.
    checkValue(null, text, form);
    throw error;
  });
  return { value, ...checkValue(value, text, form) };
}

/** Whether a body speaks of trade secrets. A workbook's text is known once it was read. */
export async function speaksOfTradeSecrets(body: Body): Promise<boolean> {
  if (body.form === 'value') return body.tradeSecret;
  const { inspectWorkbook } = await import('@duban/workbook');
  return (await inspectWorkbook(body.bytes)).tradeSecret;
}

function formOf(request: Request, { yaml, xlsx }: BodyForms): Form | null {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  const plain = parameters.every((parameter) => /^\s*charset=(?:utf-8|"utf-8")\s*$/.test(parameter));
  if (!plain || (request.headers.get('content-encoding') ?? 'identity') !== 'identity') return null;
  const taken: readonly Form[] = ['json', ...(yaml ? ['yaml' as const] : []), ...(xlsx ? ['xlsx' as const] : [])];
  return taken.find((form) => FORMS[form].test(type.trim())) ?? null;
}

async function readLimited(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limitBytes) {
      await reader.cancel();
      throw tooLarge(limitBytes);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limitBytes: number): HttpProblem {
  const kilobytes = limitBytes / 1024;
  return new HttpProblem('too_large', {
    zh: `请求体不得超过 ${kilobytes} kB。`,
    en: `A body holds at most ${kilobytes} kB.`,
  });
}

function textOf(bytes: Uint8Array, form: 'json' | 'yaml'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(form);
  }
}

async function parsed(text: string, form: 'json' | 'yaml'): Promise<unknown> {
  if (form === 'yaml') return yamlOf(text);
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(form);
  }
}

async function yamlOf(text: string): Promise<unknown> {
  const { parseYaml, YamlFault } = await import('./yaml-text.ts');
  return parseYaml(text).catch((error: unknown) => {
    throw malformed('yaml', error instanceof YamlFault ? error.line : undefined);
  });
}

/** The parser's own message repeats what was sent, so it is left out; where it stands may be told. */
function malformed(form: 'json' | 'yaml', line?: number): HttpProblem {
  const name = form.toUpperCase();
  return new HttpProblem(`malformed_${form}`, {
    zh: `请求体不是有效的 UTF-8 编码 ${name}${line === undefined ? '' : `（第 ${line} 行）`}。`,
    en: `The body is not valid ${name} in UTF-8${line === undefined ? '' : ` (line ${line})`}.`,
  });
}
