import { createHmac } from 'node:crypto';
import type { ChannelAddress, OutgoingMessage } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { HttpClient } from './http-client.ts';
import { secretsOf } from './masking.ts';
import { failed, type Outcome, outcomeOf } from './results.ts';
import { errcodeAnswer, JSON_HEADERS, jsonBody, judgeByCode, tooOften } from './robots.ts';
import { type ChatText, chatText, type Dialect } from './text/chat.ts';
import { utf8Bytes } from './text/fit.ts';
import { type LineBreaks, markdown, markdownItem } from './text/markdown.ts';

/** Of the request’s body: beyond it the robot answers “message too long, exceed 20000 bytes”. */
export const MAX_DINGTALK_BYTES = 20_000;
/** 发送速度太快而限流, by the code of the custom robot and by that of the open platform. */
const RATE_LIMITED: ReadonlySet<number> = new Set([130101, 410100]);
/** 每个机器人每分钟最多发送20条，如果超过20条，会限流10分钟 (open.dingtalk.com/document/orgapp/custom-robot-access). */
const RATE_LIMITED_MS = 600_000;

const BREAKS: LineBreaks = { within: '  \n', between: '\n\n' };
const bodyOf = (text: ChatText) => ({
  msgtype: 'markdown',
  markdown: { title: text.head, text: markdown(text, BREAKS) },
});
const DIALECT: Dialect = {
  limit: MAX_DINGTALK_BYTES,
  itemSize: (item) => utf8Bytes(JSON.stringify(markdownItem(item, BREAKS) + BREAKS.between)) - 2,
  restSize: (text) => utf8Bytes(JSON.stringify(bodyOf({ ...text, items: [] }))),
};

const judge = judgeByCode(
  errcodeAnswer,
  ({ errcode }) => errcode,
  (code) => (RATE_LIMITED.has(code) ? tooOften(RATE_LIMITED_MS) : null),
);

/** The request's body, at most 20,000 bytes as JSON. */
export const dingtalkBody = (message: OutgoingMessage) => bodyOf(chatText(message, DIALECT));

/** Speaks through a custom robot of a 钉钉 group, signed (加签) where it has a secret. */
export async function sendDingtalk(
  http: HttpClient,
  address: Extract<ChannelAddress, { kind: 'dingtalk' | 'feishu' }>,
  message: OutgoingMessage,
): Promise<Outcome> {
  const url = signedUrl(address.url, address.secret, message.at);
  if (url === null) return failed('unusable_address');
  const body = jsonBody(dingtalkBody(message));
  const answer = await http.post({ url, headers: JSON_HEADERS, body });
  return outcomeOf(answer, [...secretsOf({ ...address, url }), ...secretsOf(address)], message.at, judge);
}

/**
 * `timestamp` (ms, within the hour) and `sign` = base64(HMAC-SHA256(secret, timestamp + "\n" + secret)), in the query
 * (open.dingtalk.com/document/robots/customize-robot-security-settings).
 */
function signedUrl(text: string, secret: string | null, at: Instant): string | null {
  if (secret === null) return text;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const sign = createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64');
  url.searchParams.set('timestamp', String(at));
  url.searchParams.set('sign', sign);
  return url.href;
}
