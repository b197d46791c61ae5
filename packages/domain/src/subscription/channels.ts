/** Where notices go beside the inbox, which has them always. 企业微信 钉钉 飞书 are robots of a group chat. */
export const CHANNEL_KINDS = ['webhook', 'wecom', 'dingtalk', 'feishu', 'mail', 'sms'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * Least time between two messages to one address (ms), such that neither the provider's limit of a minute nor that of
 * a second is ever passed whichever instant one counts from: k slots of 1/(k-1) of the span touch at most k messages.
 * 企业微信 20/min, 钉钉 20/min, 飞书 100/min and 5/s. Null: no limit of the provider's.
 */
export const LEAST_INTERVAL_MS: Readonly<Record<ChannelKind, number | null>> = {
  webhook: null,
  wecom: Math.ceil(60_000 / 19),
  dingtalk: Math.ceil(60_000 / 19),
  feishu: Math.ceil(60_000 / 99),
  mail: null,
  sms: null,
};
