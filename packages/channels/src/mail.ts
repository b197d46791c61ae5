import type { ChannelAddress, OutgoingMessage, SendFault } from '@duban/application';
import type { SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { createMailTransport, type MailTransport, type SesEndpoint } from './mail-transport.ts';
import { keptAnswer, masksOf, secretsOf } from './masking.ts';
import { accepted, failed, type Outcome } from './results.ts';
import { isMailAddress, type MailSettings } from './settings.ts';
import { mailDigest, probeMail, subjectText } from './text/mail.ts';
import { htmlMail, htmlNote } from './text/mail-html.ts';
import { plainMail } from './text/mail-plain.ts';
import { plain } from './text/plain.ts';

type MailAddress = Extract<ChannelAddress, { kind: 'mail' }>;

export interface MailSender {
  send(address: MailAddress, message: OutgoingMessage): Promise<Outcome>;
  close(): void;
}

/** @param timeoutMs - for all of it, waiting for a connection of the pool included */
export function createMailSender(settings: MailSettings, timeoutMs: number, ses?: SesEndpoint): MailSender {
  let made: Promise<MailTransport> | null = null;
  return {
    send: async (address, message) => {
      if (!isMailAddress(address.to)) return failed('unusable_address');
      const secrets = [...secretsOf(address), ...masksOf(credentialsOf(settings))];
      made ??= createMailTransport(settings, timeoutMs, ses);
      const { mailer } = await made;
      try {
        const sent = await within(timeoutMs, (signal) =>
          mailer.sendMail({ ...mailOf(settings, address, message), signal }),
        );
        const response = String(sent.response);
        return accepted(statusOf(response), keptAnswer(response, secrets));
      } catch (error) {
        return mailFailure(error, secrets);
      }
    },
    close: () => {
      made?.then(
        ({ close }) => close(),
        () => undefined,
      );
    },
  };
}

/** SMTP ends with the signal; SES's transport knows none, and is left behind. */
async function within<T>(timeoutMs: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const passed = new Promise<never>((_resolve, reject) => {
    deadline.signal.addEventListener('abort', () => reject(Object.assign(new Error('timeout'), { code: 'EABORT' })));
  });
  try {
    return await Promise.race([act(deadline.signal), passed]);
  } finally {
    clearTimeout(timer);
  }
}

function credentialsOf(settings: MailSettings): readonly string[] {
  if (settings.via === 'ses') return [];
  const { username, password } = new URL(settings.url);
  return [username, password].flatMap((part) => [part, decodeURIComponent(part)]);
}

/** SES answers with its own id for the message, and 200. */
const statusOf = (response: string): number => Number(/^[2-5]\d\d(?=[ -]|$)/.exec(response)?.[0] ?? 200);

/** The same mail at every attempt but for its date; whoever gets it twice has one Message-ID to tell by. */
export function mailOf({ from }: MailSettings, { to }: MailAddress, message: OutgoingMessage): SendMailOptions {
  const { messageId, at, content, language } = message;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const digest = content.type === 'test' ? null : mailDigest(content, language);
  return {
    from: { name: plain(from.name), address: from.address },
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject: subjectText(message),
    messageId: `<${messageId.replace(/[^\w.-]/g, '-')}@${new URL(`http://${domain}`).hostname}>`,
    date: new Date(at),
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: digest === null ? `${probeMail(message)}\n` : plainMail(digest, language),
    html: digest === null ? htmlNote(probeMail(message), language) : htmlMail(digest, language),
  };
}

const mailError = z.object({
  name: z.string().optional(),
  message: z.string().optional(),
  code: z.string().optional(),
  originalCode: z.string().optional(),
  response: z.string().optional(),
  responseCode: z.number().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

function mailFailure(error: unknown, secrets: readonly RegExp[]): Outcome {
  const parsed = mailError.safeParse(error);
  if (!parsed.success) return failed('internal');
  const { name, message, code = '', originalCode = '', response, responseCode, $metadata } = parsed.data;
  if (responseCode !== undefined)
    return { ...failed('status', responseCode), answer: keptAnswer(response ?? '', secrets) };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return failed(faultOf(code, originalCode));
  const fault = status === 429 || THROTTLED.has(name ?? '') ? 'rate_limited' : 'status';
  return { ...failed(fault, status), answer: keptAnswer(`${name}: ${message}`, secrets) };
}

/** SES beyond the account's rate or its day. */
const THROTTLED: ReadonlySet<string> = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'ThrottlingException',
]);

const FAULTS: Readonly<Record<string, SendFault>> = {
  EABORT: 'timeout',
  ETIMEDOUT: 'timeout',
  ETLS: 'tls',
  EDNS: 'unresolved',
  ENOTFOUND: 'unresolved',
  ECONNECTION: 'connection',
  ESOCKET: 'connection',
  EPROTOCOL: 'connection',
  ECONNREFUSED: 'connection',
  ECONNRESET: 'connection',
};

function faultOf(code: string, originalCode: string): SendFault {
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(originalCode)) return 'tls';
  return FAULTS[originalCode] ?? FAULTS[code] ?? 'internal';
}
