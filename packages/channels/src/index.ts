export { type ChannelSeams, type Channels, createChannels } from './channels.ts';
export type { Resolver } from './guard.ts';
export { type OutboundSettings, parseOutboundSettings } from './settings.ts';
