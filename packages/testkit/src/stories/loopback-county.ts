import type { ChannelSender } from '@duban/application';
import { createChannels, parseOutboundSettings } from '@duban/channels';
import { type Receiver, startReceiver } from '../receiver.ts';
import { type CloudTestSystem, createCloudTestSystem } from '../system.ts';
import { type Client, type County, countyOf, DIRECTOR, ISSUED } from './county.ts';

/** The real channels, let out to this machine alone. */
export function loopbackChannels(): ChannelSender {
  return createChannels(parseOutboundSettings({ allow: ['127.0.0.0/8'] }));
}

/** 泸溪县 with its channels, and somebody else's machine for them to reach. */
export interface LoopbackCounty {
  readonly system: CloudTestSystem;
  readonly county: County;
  readonly director: Client;
  readonly receiver: Receiver;
  close(): Promise<void>;
}

export async function loopbackCounty(): Promise<LoopbackCounty> {
  const receiver = await startReceiver();
  const system = await createCloudTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi', channels: loopbackChannels() });
  const county = countyOf(system);
  return {
    ...{ system, county, receiver, director: county.as(DIRECTOR.person) },
    close: async () => {
      await system.close();
      await receiver.close();
    },
  };
}
