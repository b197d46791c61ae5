import type { ChannelAddress, ChannelSender, OutgoingMessage, SendResult } from '@duban/application';
import type { ChannelKind } from '@duban/domain';
import { createAddressRules } from './address-rules.ts';
import { sendDingtalk } from './dingtalk.ts';
import { sendFeishu } from './feishu.ts';
import { createGuard } from './guard.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { createMailSender, type MailSender } from './mail.ts';
import type { SesEndpoint } from './mail-transport.ts';
import type { Resolver } from './resolver.ts';
import { failed, type Outcome } from './results.ts';
import type { OutboundSettings } from './settings.ts';
import { type SmsProvider, sendSms } from './sms.ts';
import { createTencentSms } from './tencent-sms.ts';
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

/** Channels that need nothing of the deployment's own. */
const OVER_HTTP = ['webhook', 'wecom', 'dingtalk', 'feishu'] as const;

/** Everything that leaves for people and machines outside goes through what this returns. */
export function createChannels(settings: OutboundSettings, { resolve, ca, ses }: ChannelSeams = {}): Channels {
  const guard = createGuard({ rules: createAddressRules(settings.allow), resolve, ca });
  const http = createHttpClient(guard, settings.timeoutMs);
  const mail = settings.mail === null ? null : createMailSender(settings.mail, settings.timeoutMs, ses);
  const sms = settings.sms === null ? null : createTencentSms(http, settings.sms);
  return {
    kinds: new Set<ChannelKind>([
      ...OVER_HTTP,
      ...(mail === null ? [] : (['mail'] as const)),
      ...(sms === null ? [] : (['sms'] as const)),
    ]),
    send: (address, message) => timed(() => dispatch({ http, mail, sms }, address, message)),
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
  readonly sms: SmsProvider | null;
}

async function dispatch(
  { http, mail, sms }: Senders,
  address: ChannelAddress,
  message: OutgoingMessage,
): Promise<Outcome> {
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
    case 'sms':
      return sms === null ? failed('not_configured') : sendSms(sms, address, message);
  }
}

async function timed(attempt: () => Promise<Outcome>): Promise<SendResult> {
  const started = performance.now();
  const outcome = await attempt().catch(() => failed('internal'));
  return { ...outcome, latencyMs: Math.round(performance.now() - started) };
}
