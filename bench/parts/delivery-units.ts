import { createDeliverer, createSubscription, type DueWake, project, reactTo, wakeBatch } from '@duban/application';
import { createChannels, parseOutboundSettings } from '@duban/channels';
import { startReceiver } from '@duban/testkit/receiver';
import type { BareCloud } from '../lib/bare-cloud.ts';
import { JURISDICTION, OFFICE_POST } from '../lib/tasks.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** Subscribes the office to its digests: those that are released later are delivered. */
async function subscribeOffice({ deps }: BareCloud, url: string): Promise<void> {
  const caller = {
    jurisdiction: JURISDICTION,
    actor: { person: 'system:bench', bootstrapAdmin: true },
    correlationId: 'bench',
  };
  const address = { kind: 'webhook', url, secrets: [SECRET] } as const;
  const given = { mailbox: `post:${OFFICE_POST}`, address, name: '值班系统', language: 'zh', ordered: false } as const;
  const { subscription } = await createSubscription(deps, caller, given, { idempotency: null });
  const ref = { jurisdiction: JURISDICTION, type: 'subscription', id: subscription.id } as const;
  await project(deps, [...(await deps.store.loadMany([ref])).values()]);
}

/** The office's digest from its release to a receiver on this machine that takes it at once, and into the log of its channel. */
export async function measureDelivery(
  cloud: BareCloud,
  digests: readonly DueWake[],
  measure: (command: string, work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const { deps, sent } = cloud;
  const receiver = await startReceiver();
  const channels = createChannels(parseOutboundSettings({ allow: ['127.0.0.0/8'] }));
  try {
    await subscribeOffice(cloud, receiver.url);
    await wakeBatch(deps, digests);
    const released = (await Promise.all(digests.map(({ ref }) => deps.store.read(ref)))).flat();
    const told = released.filter(({ ref, event }) => event.type === 'DigestReleased' && ref.id.includes(OFFICE_POST));
    await measure(`ask for deliveries, ${told.length}`, () => reactTo(deps, told));
    const deliveries = sent.filter(({ ref }) => ref.type === 'delivery');
    const { deliver } = createDeliverer({ ...deps, channels, linkBase: null });
    await measure(`deliver, ${deliveries.length}`, () => deliver(deliveries));
    if (receiver.received.length !== deliveries.length) throw new Error('Not everything was delivered.');
    const heads = [...(await deps.store.loadMany(deliveries.map(({ ref }) => ref))).values()];
    await measure('show it in the log of its channel', () => project(deps, heads));
  } finally {
    channels.close();
    await receiver.close();
  }
}
