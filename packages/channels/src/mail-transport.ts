import type { SendMailOptions, Transporter } from 'nodemailer';
import { isLoopback, type MailSettings } from './settings.ts';

export interface MailTransport {
  readonly mailer: Transporter;
  close(): void;
}

/** Where a test's SES is. */
export interface SesEndpoint {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const MAX_CONNECTIONS = 10;
/** The same connection takes the next mail for so long; servers drop it after five minutes (RFC 5321 4.5.3.2.7). */
const IDLE_MS = 60_000;

/** Nobody's text names a file or an address to be read into a mail. */
const SHUT = { disableFileAccess: true, disableUrlAccess: true } as const satisfies SendMailOptions;

/** The mail server's or SES's, with the libraries of the one that is configured. */
export async function createMailTransport(
  settings: MailSettings,
  timeoutMs: number,
  ses?: SesEndpoint,
): Promise<MailTransport> {
  const { createTransport } = await import('nodemailer');
  if (settings.via === 'smtp') {
    const mailer = createTransport({ ...smtpOptions(settings, timeoutMs), ...SHUT });
    return { mailer, close: () => mailer.close({ force: true }) };
  }
  const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2');
  const sesClient = new SESv2Client({
    ...(settings.region === undefined ? {} : { region: settings.region }),
    ...ses,
    // Attempts are counted where deliveries are kept, not here.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  const mailer = createTransport({ SES: { sesClient, SendEmailCommand }, ...SHUT });
  return { mailer, close: () => sesClient.destroy() };
}

/** A password goes over TLS only, but to this machine. */
export function smtpOptions({ url, from }: Extract<MailSettings, { via: 'smtp' }>, timeoutMs: number) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const auth =
    username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
  return {
    ...auth,
    pool: true as const,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && username !== '' && !isLoopback(hostname),
    // Instead of this machine's name.
    name: from.address.slice(from.address.lastIndexOf('@') + 1),
    maxConnections: MAX_CONNECTIONS,
    // For a kept connection that had gone; more would be attempts nobody counts.
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}
