import type { BilingualFault } from '@duban/contracts/http/faults';
import {
  bearsSecretMarking,
  mentionsTradeSecret,
  nameBearsSecretMarking,
  OFFLINE,
} from '@duban/contracts/http/state-secrets';
import { HttpProblem } from './problems.ts';

/** Told with an answer to whoever sent text about trade or work secrets, which is carried out all the same. */
export const WARNINGS = { header: 'x-duban-warnings', tradeSecret: 'trade-secret' } as const;

/** Deeper than any schema here goes. */
const MAX_DEPTH = 20;
/** Where clients put a file's name, or a text of their own. */
const HEADERS = ['content-disposition', 'x-file-name', 'content-type', 'idempotency-key'] as const;

/**
 * Refuses an address or a header that bears the marking of a state secret. Runs before anything else looks at them: what
 * is marked must reach no log, no store and no error.
 * @returns whether a file's name speaks of trade secrets
 * @throws HttpProblem 422
 */
export function checkAddress({ headers }: Pick<Request, 'headers'>, url: URL): { readonly tradeSecret: boolean } {
  const faults: BilingualFault[] = [];
  if (url.pathname.split('/').flatMap(readings).some(nameBearsSecretMarking)) faults.push(marked('/path'));
  for (const parameter of url.search.slice(1).split('&')) {
    const [name = '', ...value] = parameter.replaceAll('+', ' ').split('=');
    if (![parameter, name, value.join('=')].flatMap(readings).some(bearsSecretMarking)) continue;
    // A name nobody here gave may say as much as its value.
    faults.push(marked(/^[A-Za-z]{1,32}$/.test(name) ? `/query/${name}` : '/query'));
  }
  const names = HEADERS.map((header) => ({ header, given: namesIn(headers.get(header) ?? '') }));
  for (const { header, given } of names)
    if (given.some(nameBearsSecretMarking)) faults.push(marked(`/header/${header}`));
  if (faults.length > 0) throw refusal(faults);
  return { tradeSecret: names.some(({ given }) => given.some(mentionsTradeSecret)) };
}

/**
 * Refuses a body that bears a marking anywhere, as {@link checkAddress} does.
 * @param text as it was sent: comments and whatever else leaves no value
 * @throws HttpProblem 422 with every place; 400 when it is nested too deeply
 */
export function checkValue(
  body: unknown,
  text: string,
  form: 'json' | 'yaml' = 'json',
): { readonly tradeSecret: boolean } {
  const faults: BilingualFault[] = [];
  let tradeSecret = false;
  const open: { readonly value: unknown; readonly pointer: string; readonly depth: number }[] = [
    { value: body, pointer: '', depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (depth > MAX_DEPTH)
      throw new HttpProblem(`malformed_${form}`, { zh: '嵌套过深。', en: 'It is nested too deeply.' });
    if (typeof value === 'string') {
      if (bearsSecretMarking(value)) faults.push(marked(pointer));
      tradeSecret ||= mentionsTradeSecret(value);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      if (entries.some(([key]) => bearsSecretMarking(key))) {
        faults.push(marked(pointer));
        continue;
      }
      for (const [key, inner] of entries) {
        // Fields of ours have names like these; any other may say as much as its value.
        const part = /^\w{1,64}$/.test(key) ? `/${key}` : '';
        open.push({ value: inner, pointer: pointer + part, depth: depth + 1 });
      }
    }
  }
  if (faults.length === 0 && bearsSecretMarking(text)) faults.push(marked(''));
  if (faults.length > 0) throw refusal(faults);
  return { tradeSecret };
}

function marked(pointer: string): BilingualFault {
  return { pointer, code: 'state_secret', message: OFFLINE };
}

function refusal(faults: readonly BilingualFault[]): HttpProblem {
  return new HttpProblem('state_secret', OFFLINE, faults);
}

/** What an address or a header may say, in either of the encodings in use; nothing when it is plain ASCII. */
function readings(text: string): readonly string[] {
  if (!/[%\u0080-\uffff]/.test(text)) return [];
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return decodings(Buffer.from(bytes, 'latin1'));
}

function decodings(bytes: Uint8Array): readonly string[] {
  return ['utf-8', 'gb18030'].map((encoding) => new TextDecoder(encoding).decode(bytes));
}

/** The parts of a header that may be a file's name: RFC 6266 with its continuations, RFC 2047, or as it is. */
function namesIn(header: string): readonly string[] {
  const whole = header.replace(/"?\s{0,8};\s{0,8}filename\*\d{1,3}\*?\s{0,8}=\s{0,8}"?/gi, '');
  const words = [...header.matchAll(/=\?[\w-]+\?([bq])\?([^?]*)\?=/gi)].flatMap(([, kind = '', word = '']) =>
    kind.toLowerCase() === 'b'
      ? decodings(Buffer.from(word, 'base64'))
      : readings(word.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, '%$1')),
  );
  return [...words, ...readings(header), ...readings(whole)].flatMap((text) => text.split(/[;="\\/]|''/));
}
