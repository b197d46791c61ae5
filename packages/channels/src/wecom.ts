import type { ChannelAddress, OutgoingMessage } from '@duban/application';
import type { HttpClient } from './http-client.ts';
import { secretsOf } from './masking.ts';
import { type Outcome, outcomeOf } from './results.ts';
import { errcodeAnswer, JSON_HEADERS, jsonBody, judgeByCode, tooOften } from './robots.ts';
import { chatText, type Dialect } from './text/chat.ts';
import { utf8Bytes } from './text/fit.ts';
import { type LineBreaks, markdown, markdownItem } from './text/markdown.ts';

/** Markdown of a group robot, UTF-8 (developer.work.weixin.qq.com/document/path/91770). */
export const MAX_WECOM_BYTES = 4_096;
/** 接口调用超过限制; a robot may speak 20 times a minute. */
const API_FREQ_OUT_OF_LIMIT = 45009;

const BREAKS: LineBreaks = { within: '\n', between: '\n' };
const DIALECT: Dialect = {
  limit: MAX_WECOM_BYTES,
  itemSize: (item) => utf8Bytes(markdownItem(item, BREAKS) + BREAKS.between),
  restSize: (text) => utf8Bytes(markdown({ ...text, items: [] }, BREAKS)),
};

const judge = judgeByCode(
  errcodeAnswer,
  ({ errcode }) => errcode,
  (code) => (code === API_FREQ_OUT_OF_LIMIT ? tooOften(60_000) : null),
);

/** Markdown, at most 4,096 bytes. */
export const wecomText = (message: OutgoingMessage): string => markdown(chatText(message, DIALECT), BREAKS);

/** Speaks through a group robot of 企业微信. Its key is in the address; there is no signature. */
export async function sendWecom(
  http: HttpClient,
  address: Extract<ChannelAddress, { kind: 'wecom' }>,
  message: OutgoingMessage,
): Promise<Outcome> {
  const body = jsonBody({ msgtype: 'markdown', markdown: { content: wecomText(message) } });
  const answer = await http.post({ url: address.url, headers: JSON_HEADERS, body });
  return outcomeOf(answer, secretsOf(address), message.at, judge);
}
