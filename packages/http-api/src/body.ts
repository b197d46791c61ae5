import { bearsSecretMarking } from '@duban/contracts/http/state-secrets';
import { type BilingualFault, HttpProblem } from './problems.ts';

/** Bodies are forms, not files. */
export const BODY_LIMIT_BYTES = 256 * 1024;
export const BUNDLE_LIMIT_BYTES = 6 * 1024 * 1024;
/** Deeper than any schema here goes. */
const MAX_DEPTH = 20;

/**
 * The parsed JSON body; an absent one counts as `{}`.
 * @throws HttpProblem 413 as soon as the limit is passed, 415 for anything but JSON, 400 for broken JSON, 422 for text
 * marked as a state secret.
 */
export async function readJson(request: Request, limitBytes: number): Promise<unknown> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const bytes = await readLimited(request, limitBytes);
  if (bytes.length === 0) return {};
  const type = (request.headers.get('content-type') ?? '').toLowerCase();
  const encoded = request.headers.get('content-encoding') ?? 'identity';
  if (!/^application\/json\s*(?:;\s*charset=(?:utf-8|"utf-8")\s*)?$/.test(type) || encoded !== 'identity') {
    throw new HttpProblem('unsupported_media_type');
  }
  const value = parse(bytes);
  refuseSecrets(value);
  return value;
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
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HttpProblem('malformed_json', {
      zh: '请求体不是有效的 UTF-8 编码 JSON。',
      en: 'The body is not valid JSON in UTF-8.',
    });
  }
}

const OFFLINE = {
  zh: '内容带有国家秘密标志。请勿在本系统处理涉密内容，按保密规定线下报送。',
  en: 'The text bears the marking of a state secret. Do not handle classified content here; report it offline as the rules on secrecy require.',
} as const;

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
