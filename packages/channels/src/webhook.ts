import type { ChannelAddress, MessageLine, OutgoingMessage } from '@duban/application';
import type { Calendar } from '@duban/calendar';
import type { WebhookEvent, WebhookLine } from '@duban/contracts/http/webhook-events';
import { Webhook } from 'standardwebhooks';
import type { HttpClient } from './http-client.ts';
import { secretsOf } from './masking.ts';
import { failed, type Outcome, outcomeOf } from './results.ts';
import { countFitting, utf8Bytes } from './text/fit.ts';
import { printableTitle } from './text/titles.ts';
import { clockOf } from './text/zones.ts';

/** What receivers commonly take at the most. */
export const MAX_WEBHOOK_BYTES = 256 * 1024;

/**
 * Posts a CloudEvent (1.0, structured JSON) signed as Standard Webhooks asks: `v1` with each secret that is live. The
 * body is the same to the byte at every attempt; the timestamp and so the signatures are the attempt's.
 * Sources: standard-webhooks spec/standard-webhooks.md; CloudEvents JSON format 1.0 3.1, HTTP binding 3.2.
 */
export async function sendWebhook(
  http: HttpClient,
  address: Extract<ChannelAddress, { kind: 'webhook' }>,
  message: OutgoingMessage,
): Promise<Outcome> {
  const body = webhookBody(message);
  const signatures = signaturesOf(address.secrets, message, body);
  if (signatures === null) return failed('unusable_address');
  const answer = await http.post({
    url: address.url,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': message.messageId,
      'webhook-timestamp': String(Math.floor(message.at / 1_000)),
      'webhook-signature': signatures,
    },
    body: Buffer.from(body),
  });
  return outcomeOf(answer, secretsOf(address), message.at);
}

/** Null when a secret is no key, or there is none: nothing leaves unsigned. */
function signaturesOf(secrets: readonly string[], { messageId, at }: OutgoingMessage, body: string): string | null {
  if (secrets.length === 0) return null;
  try {
    return secrets.map((secret) => new Webhook(secret).sign(messageId, new Date(at), body)).join(' ');
  } catch {
    return null;
  }
}

/** The event as JSON, at most 256 KiB: lines that are too many are counted in `more`. */
export function webhookBody(message: OutgoingMessage): string {
  const written = (lines: readonly WebhookLine[]) => JSON.stringify(eventOf(message, lines));
  const { content } = message;
  if (content.type === 'test') return written([]);
  const clock = clockOf(content.jurisdiction.timeZone);
  const lines = content.lines.map((line) => lineOf(line, clock));
  const sizes = lines.map((line) => utf8Bytes(JSON.stringify(line)) + 1);
  // `more` has most digits when there is no line.
  const empty = utf8Bytes(written([]));
  return written(
    lines.slice(
      0,
      countFitting(sizes, () => empty, MAX_WEBHOOK_BYTES),
    ),
  );
}

function eventOf({ messageId, subscriptionId, content }: OutgoingMessage, lines: readonly WebhookLine[]): WebhookEvent {
  const { code, name, timeZone } = content.jurisdiction;
  const clock = clockOf(timeZone);
  const envelope = {
    specversion: '1.0',
    id: messageId,
    source: `/jurisdictions/${encodeURIComponent(code)}/subscriptions/${encodeURIComponent(subscriptionId)}`,
    subject: content.recipient.mailbox,
    time: clock.format(content.type === 'test' ? content.at : content.releaseAt),
    datacontenttype: 'application/json',
  } as const;
  const { recipient } = content;
  const parties = { jurisdiction: { code, name }, recipient: { mailbox: recipient.mailbox, name: recipient.name } };
  if (content.type === 'test') return { ...envelope, type: 'duban.webhook.test.v1', data: parties };
  const data = {
    ...parties,
    digestId: content.digestId,
    releaseAt: clock.format(content.releaseAt),
    urgent: content.urgent,
    lines: [...lines],
    more: content.more + content.lines.length - lines.length,
    toldRecently: content.toldRecently,
    link: content.link,
  };
  return content.urgent
    ? { ...envelope, type: 'duban.notice.urgent.v1', data }
    : { ...envelope, type: 'duban.digest.released.v1', data };
}

/** Without the link that acknowledges: it is a person's, and a machine must not follow it. */
function lineOf(line: MessageLine, clock: Calendar): WebhookLine {
  return {
    noticeId: line.noticeId,
    kind: line.kind,
    itemId: line.itemId,
    itemType: line.itemType,
    number: line.number,
    title: printableTitle(line),
    leadUnits: [...line.leadUnits],
    at: clock.format(line.at),
    due: line.dueAt === null ? null : clock.format(line.dueAt),
    lateBySeconds: line.lateByMs === null ? null : Math.max(0, Math.floor(line.lateByMs / 1_000)),
    askedUntil: line.askedUntil === null ? null : clock.format(line.askedUntil),
    escalationId: line.escalationId,
    link: line.link,
  };
}
