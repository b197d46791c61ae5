import type { ChannelSender } from '@duban/application';
import { createChannels, parseOutboundSettings } from '@duban/channels';

/** The real channels, let out to this machine alone. */
export function loopbackChannels(): ChannelSender {
  return createChannels(parseOutboundSettings({ allow: ['127.0.0.0/8'] }));
}
