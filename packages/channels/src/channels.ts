import type { ChannelAddress, ChannelSender, OutgoingMessage, SendResult } from '@duban/application';
import type { ChannelKind } from '@duban/domain';
import { createAddressRules } from './address-rules.ts';
import { sendDingtalk } from './dingtalk.ts';
import { sendFeishu } from './feishu.ts';
import { createGuard, type Resolver } from './guard.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { createMailSender, type MailSender } from './mail.ts';
import type { SesEndpoint } from './mail-transport.ts';
import { failed, type Outcome } from './results.ts';
import type { OutboundSettings } from './settings.ts';
import { sendWebhook } from './webhook.ts';
import { sendWecom } from './wecom.ts';

export interface Channels extends ChannelSender {
  close(): void;
}

/** What tests put in the place of the world. */
export interface ChannelSeams {
  readonly resolve?: Resolver;
  /** Certificates (PEM) to trust instead of the system's. */
  readonly ca?: string;
  readonly ses?: SesEndpoint;
}

/** Everything that leaves for people and machines outside goes through what this returns. */
export function createChannels(settings: OutboundSettings, { resolve, ca, ses }: ChannelSeams = {}): Channels {
  const guard = createGuard({ rules: createAddressRules(settings.allow), resolve, ca });
  const http = createHttpClient(guard, settings.timeoutMs);
  const mail = settings.mail === null ? null : createMailSender(settings.mail, settings.timeoutMs, ses);
  const senders: Senders = { http, mail };
  return {
    kinds: new Set<ChannelKind>([
      'webhook',
      'wecom',
      'dingtalk',
      'feishu',
      ...(mail === null ? [] : (['mail'] as const)),
    ]),
    send: (address, message) => timed(() => dispatch(senders, address, message)),
    close: () => {
      guard.close();
      mail?.close();
    },
  };
}

/** Null: not configured. */
interface Senders {
  readonly http: HttpClient;
  readonly mail: MailSender | null;
}

async function dispatch({ http, mail }: Senders, address: ChannelAddress, message: OutgoingMessage): Promise<Outcome> {
  switch (address.kind) {
    case 'webhook':
      return sendWebhook(http, address, message);
    case 'wecom':
      return sendWecom(http, address, message);
    case 'dingtalk':
      return sendDingtalk(http, address, message);
    case 'feishu':
      return sendFeishu(http, address, message);
    case 'mail':
      return mail === null ? failed('not_configured') : mail.send(address, message);
    default:
      return failed('not_configured');
  }
}

async function timed(attempt: () => Promise<Outcome>): Promise<SendResult> {
  const started = performance.now();
  const outcome = await attempt().catch(() => failed('internal'));
  return { ...outcome, latencyMs: Math.round(performance.now() - started) };
}
