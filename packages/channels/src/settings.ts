import { isIP } from 'node:net';
import { z } from 'zod';
import { createAddressRules, parseAllowedRange } from './address-rules.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** Three attempts in a row must end within a function's minute, and one long before its lease of a minute does. */
const LONGEST_TIMEOUT_MS = 15_000;
const NO_CONTROLS = /^[^\u0000-\u001f\u007f]*$/;

const text = (max: number) => z.string().min(1).max(max).regex(NO_CONTROLS);

/** One mailbox, `duban@example.gov.cn` or `督办 <duban@example.gov.cn>`, in two parts. */
const sender = text(320).transform((value, context) => {
  const match = /^(?:([^<>@"\\,;]*?)\s*<([^<>]+)>|([^<>]+))$/.exec(value);
  const address = match?.[2] ?? match?.[3] ?? '';
  if (isMailAddress(address)) return { name: match?.[1] ?? '', address };
  context.addIssue({ code: 'custom', params: { code: 'not_a_mail_address' } });
  return z.NEVER;
});

const range = text(50).transform((value, context) => {
  const found = parseAllowedRange(value);
  if (found !== null) return found;
  context.addIssue({ code: 'custom', params: { code: 'not_a_range_to_allow' } });
  return z.NEVER;
});

const mail = z.discriminatedUnion('via', [
  z.strictObject({
    via: z.literal('smtp'),
    url: text(500).refine(isSmtpUrl, { params: { code: 'not_an_smtp_url' } }),
    from: sender,
  }),
  z.strictObject({
    via: z.literal('ses'),
    from: sender,
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,30}$/)
      .optional(),
  }),
]);

const sms = z.strictObject({
  provider: z.literal('tencent'),
  secretId: text(200),
  secretKey: text(200),
  sdkAppId: text(30),
  signName: text(50),
  templateId: z.strictObject({ zh: text(30), en: text(30) }),
  region: z.string().regex(/^[a-z0-9-]{1,30}$/),
  /** Characters a template's variable may have: 6 by Tencent's rules for notices, more where it has agreed to more. */
  parameterLength: z.int().min(6).max(100).default(6),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .default('https://sms.tencentcloudapi.com'),
});

const schema = z.strictObject({
  linkBase: z
    .string()
    .max(500)
    .refine(isLinkBase, { params: { code: 'not_a_link_base' } })
    .transform((base) => base.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  allow: z.array(range).max(50).default([]),
  mail: mail.nullable().default(null),
  sms: sms.nullable().default(null),
  timeoutMs: z.int().min(100).max(LONGEST_TIMEOUT_MS).default(DEFAULT_TIMEOUT_MS),
});

export type OutboundSettings = z.infer<typeof schema>;
export type MailSettings = z.infer<typeof mail>;
export type SmsSettings = z.infer<typeof sms>;

/**
 * What a deployment may send with.
 * @throws Error that names the fields that are wrong, never what stood in them: most of it is secret
 */
export function parseOutboundSettings(json: unknown): OutboundSettings {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(all)'}: ${faultOf(issue)}`);
  throw new Error(`The outbound settings are wrong. ${[...new Set(faults)].join('; ')}`);
}

/** Says more than zod's code where we have said why, and the names of fields that are not ours. */
function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom' && typeof issue.params?.code === 'string') return issue.params.code;
  return issue.code === 'unrecognized_keys' ? `unrecognized ${issue.keys.join(', ')}` : issue.code;
}

/** One address of the plain kind (RFC 5321 4.1.2 without quoted strings and address literals). */
export function isMailAddress(value: string): boolean {
  return (
    value.length <= 254 &&
    /^[^\s@<>(),;:"\\[\]\u0000-\u001f\u007f]{1,64}@[^\s@<>(),;:"\\[\]\u0000-\u001f\u007f.]+(\.[^\s@<>(),;:"\\[\]\u0000-\u001f\u007f.]+)*$/.test(
      value,
    )
  );
}

function isSmtpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
  const plain = /^smtps?:$/.test(protocol) && hostname !== '' && /^\/?$/.test(pathname) && search === '' && hash === '';
  return plain && isDecodable(username) && isDecodable(password);
}

function isDecodable(part: string): boolean {
  try {
    return decodeURIComponent(part).length >= 0;
  } catch {
    return false;
  }
}

/** Links are followed by people: over TLS, but for a copy on one's own machine. */
function isLinkBase(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const encrypted = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return encrypted && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

const loopback = createAddressRules(['127.0.0.0/8', '::1/128']);

/** @param hostname - as a URL has it, IPv6 in brackets */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || (isIP(host) !== 0 && loopback.judge(host) === 'allowed');
}
