import { createHash } from 'node:crypto';
import type { BilingualFault } from '@duban/contracts/http/faults';
import { bearsSecretMarking, OFFLINE } from '@duban/contracts/http/state-secrets';
import { XLSX } from './endpoint.ts';
import { HttpProblem } from './problems.ts';

/** Bodies are forms, not files. */
export const BODY_LIMIT_BYTES = 256 * 1024;
export const BUNDLE_LIMIT_BYTES = 6 * 1024 * 1024;
/** A workbook of 50,000 tasks with texts of usual length takes 8 MB. */
export const WORKBOOK_LIMIT_BYTES = 16 * 1024 * 1024;
/** Deeper than any schema here goes. */
const MAX_DEPTH = 20;

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
  | { readonly form: 'value'; readonly sent: unknown }
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
  if (bytes.length === 0) return { form: 'value', sent: {} };
  if (form === null) throw new HttpProblem('unsupported_media_type');
  if (form === 'xlsx') return { form: 'workbook', sent: createHash('sha256').update(bytes).digest('hex'), bytes };
  return { form: 'value', sent: await parseText(bytes, form) };
}

/**
 * A value out of JSON or YAML.
 * @throws HttpProblem for what cannot be read, or bears the marking of a state secret
 */
export async function parseText(bytes: Uint8Array, form: 'json' | 'yaml'): Promise<unknown> {
  const value = form === 'json' ? parseJson(bytes) : await parseYaml(bytes);
  refuseSecrets(value);
  return value;
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

/** The parser's own message repeats what was sent, so it is left out. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HttpProblem('malformed_json', {
      zh: '请求体不是有效的 UTF-8 编码 JSON。',
      en: 'The body is not valid JSON in UTF-8.',
    });
  }
}

/** The parser's own message repeats what was sent, but where it stands may be told. */
async function parseYaml(bytes: Uint8Array): Promise<unknown> {
  const { parse, YAMLParseError } = await import('yaml');
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { logLevel: 'error' });
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0]?.line : undefined;
    throw new HttpProblem('malformed_yaml', {
      zh: `请求体不是有效的 UTF-8 编码 YAML${line === undefined ? '' : `（第 ${line} 行）`}。`,
      en: `The body is not valid YAML in UTF-8${line === undefined ? '' : ` (line ${line})`}.`,
    });
  }
}

/** Runs before anything else looks at the text: what is marked must reach no log, no store and no error. */
function refuseSecrets(body: unknown): void {
  const faults: BilingualFault[] = [];
  const open: { readonly value: unknown; readonly pointer: string; readonly depth: number }[] = [
    { value: body, pointer: '', depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (depth > MAX_DEPTH)
      throw new HttpProblem('malformed_json', { zh: '嵌套过深。', en: 'It is nested too deeply.' });
    if (typeof value === 'string') {
      if (bearsSecretMarking(value)) faults.push({ pointer, code: 'state_secret', message: OFFLINE });
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      if (entries.some(([key]) => bearsSecretMarking(key))) {
        faults.push({ pointer, code: 'state_secret', message: OFFLINE });
        continue;
      }
      for (const [key, inner] of entries) {
        const part = key.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
        open.push({ value: inner, pointer: `${pointer}/${part}`, depth: depth + 1 });
      }
    }
  }
  if (faults.length > 0) throw new HttpProblem('state_secret', OFFLINE, faults);
}
