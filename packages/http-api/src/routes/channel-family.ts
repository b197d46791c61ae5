import { readSubscription } from '@duban/application';
import type { Exchange } from '../endpoint.ts';
import { HttpProblem } from '../problems.ts';

/** Webhooks stand apart from the other channels, for they have secrets of ours and a log that machines read. */
export type Family = 'webhook' | 'subscription';

export const SUFFIX: Readonly<Record<Family, string>> = { webhook: 'Webhook', subscription: 'Subscription' };
export const PATH: Readonly<Record<Family, string>> = { webhook: '/v1/webhooks', subscription: '/v1/subscriptions' };

/** Answers the same 404 for one that is of the other family as for one that is not there. */
export async function requireFamily({ deps, caller }: Exchange, family: Family, id: string): Promise<void> {
  const { channel } = await readSubscription(deps, caller, id);
  if ((channel === 'webhook') !== (family === 'webhook')) throw new HttpProblem('not_found');
}
