import type { ChannelAddress, OutgoingMessage } from '@duban/application';
import { failed, type Outcome } from './results.ts';
import { smsParameters } from './text/sms.ts';

/** A company that brings short messages to telephones. Each has its texts approved before, as templates. */
export interface SmsProvider {
  /** Characters a template's variable may have. */
  readonly parameterLength: number;
  /** @param parameters - of {@link smsParameters}, in the order of the template */
  send(phone: string, parameters: readonly string[], message: OutgoingMessage): Promise<Outcome>;
}

/** E.164. */
const PHONE = /^\+[1-9]\d{6,14}$/;

export async function sendSms(
  provider: SmsProvider,
  { phone }: Extract<ChannelAddress, { kind: 'sms' }>,
  message: OutgoingMessage,
): Promise<Outcome> {
  if (!PHONE.test(phone)) return failed('unusable_address');
  return provider.send(phone, smsParameters(message, provider.parameterLength), message);
}
