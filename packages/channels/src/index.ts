export { type ChannelSeams, type Channels, createChannels } from './channels.ts';
export type { Resolver } from './resolver.ts';
export { type OutboundSettings, parseOutboundSettings } from './settings.ts';
