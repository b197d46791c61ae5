import type { DigestContent, MessageLine, OutgoingMessage, TestContent } from '@duban/application';
import { onTestFinished } from 'vitest';
import { type ChannelSeams, type Channels, createChannels } from '../src/channels.ts';
import { parseOutboundSettings } from '../src/settings.ts';

/** 2023-05-18 10:00 in Luxi. */
export const RELEASE = Date.UTC(2023, 4, 18, 2);
const HOUR = 3_600_000;

export const line = (differs: Partial<MessageLine> = {}): MessageLine => ({
  noticeId: 'task_01/7',
  kind: 'escalation',
  itemId: 'task_01',
  itemType: 'task',
  number: '泸政办发〔2023〕5号 园区建设 12',
  title: '完成标准厂房二期主体',
  leadUnits: ['县科工信局'],
  at: RELEASE - HOUR,
  dueAt: RELEASE - 51 * HOUR,
  lateByMs: 51 * HOUR,
  askedUntil: RELEASE + 8 * HOUR,
  escalationId: 'escalation_task_01.1',
  link: 'https://duban.example.gov.cn/tasks/task_01',
  acknowledgeLink: 'https://duban.example.gov.cn/acknowledge#once-only-token',
  ...differs,
});

export const digest = (differs: Partial<DigestContent> = {}): DigestContent => ({
  type: 'digest',
  jurisdiction: { code: '433122', name: '泸溪县', timeZone: 'Asia/Shanghai' },
  recipient: { mailbox: 'unit:xian-zhengfu-ban', name: '县政府办' },
  digestId: 'digest_01',
  releaseAt: RELEASE,
  urgent: false,
  lines: [line()],
  more: 0,
  toldRecently: 0,
  link: 'https://duban.example.gov.cn/inbox/digest_01',
  ...differs,
});

export const probe = (): TestContent => ({
  type: 'test',
  jurisdiction: { code: '433122', name: '泸溪县', timeZone: 'Asia/Shanghai' },
  recipient: { mailbox: 'unit:xian-zhengfu-ban', name: '县政府办' },
  at: RELEASE,
});

export const message = (differs: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  messageId: 'msg_01H8XK3V7R',
  subscriptionId: 'subscription_01',
  language: 'zh',
  at: RELEASE + 60_000,
  content: digest(),
  ...differs,
});

/** Channels that reach the loopback; they end with the test. */
export function channelsFor(settings: Record<string, unknown> = {}, seams: ChannelSeams = {}): Channels {
  const channels = createChannels(parseOutboundSettings({ allow: ['127.0.0.0/8'], ...settings }), seams);
  onTestFinished(() => channels.close());
  return channels;
}
