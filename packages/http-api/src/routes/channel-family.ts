import { readSubscription, type SubscriptionView } from '@duban/application';
import type { Exchange } from '../endpoint.ts';
import { HttpProblem } from '../problems.ts';

/** Webhooks stand apart from the other channels, for they have secrets of ours and a log that machines read. */
export type Family = 'webhook' | 'subscription';

export const SUFFIX: Readonly<Record<Family, string>> = { webhook: 'Webhook', subscription: 'Subscription' };
export const PATH: Readonly<Record<Family, string>> = { webhook: '/v1/webhooks', subscription: '/v1/subscriptions' };

/** The channel, for whoever may see it; one of the other family is not there, as one that is not there is not. */
export async function channelOf({ deps, caller }: Exchange, family: Family, id: string): Promise<SubscriptionView> {
  const subscription = await readSubscription(deps, caller, id);
  if ((subscription.channel === 'webhook') !== (family === 'webhook')) throw new HttpProblem('not_found');
  return subscription;
}
