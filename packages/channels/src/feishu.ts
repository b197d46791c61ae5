import { createHmac } from 'node:crypto';
import type { ChannelAddress, OutgoingMessage } from '@duban/application';
import type { Instant } from '@duban/calendar';
import { z } from 'zod';
import type { HttpClient } from './http-client.ts';
import { secretsOf } from './masking.ts';
import { type Outcome, outcomeOf } from './results.ts';
import { JSON_HEADERS, jsonBody, judgeByCode, tooOften } from './robots.ts';
import { type ChatItem, type ChatLine, type ChatText, chatText } from './text/chat.ts';
import { utf8Bytes } from './text/fit.ts';

/** Of the request’s body: 20 KB (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). */
export const MAX_FEISHU_BYTES = 20_000;
const FREQUENCY_LIMITED = 11232;
/** A bad request, also said of too many; which of them only the words tell. */
const AMBIGUOUS = 9499;
const RATE_LIMITED_MS = 60_000;

type Tag =
  | { readonly tag: 'text'; readonly text: string }
  | { readonly tag: 'a'; readonly text: string; readonly href: string };
type Paragraph = readonly Tag[];

/** Older robots answer `StatusCode`, newer ones `code`, some both. */
const answer = z.object({ code: z.number().optional(), StatusCode: z.number().optional(), msg: z.string().optional() });

const judge = judgeByCode(
  answer,
  ({ code, StatusCode }) => code ?? StatusCode ?? null,
  (code, { msg = '' }) => {
    const limited = code === FREQUENCY_LIMITED || (code === AMBIGUOUS && /too many|frequency/i.test(msg));
    return limited ? tooOften(RATE_LIMITED_MS) : null;
  },
);

/**
 * Speaks through a custom robot of a 飞书 group, signed where it has a secret. Rich text (post): words there are words, and
 * no markup.
 */
export async function sendFeishu(
  http: HttpClient,
  address: Extract<ChannelAddress, { kind: 'dingtalk' | 'feishu' }>,
  message: OutgoingMessage,
): Promise<Outcome> {
  const body = jsonBody(feishuBody(message, address.secret));
  const got = await http.post({ url: address.url, headers: JSON_HEADERS, body });
  return outcomeOf(got, secretsOf(address), message.at, judge);
}

/** The request's body, at most 20,000 bytes as JSON. */
export function feishuBody(message: OutgoingMessage, secret: string | null) {
  const signature = secret === null ? {} : signatureOf(secret, message.at);
  const language = message.language === 'zh' ? 'zh_cn' : 'en_us';
  const bodyOf = (text: ChatText) => ({
    ...signature,
    msg_type: 'post',
    content: { post: { [language]: { title: text.head, content: paragraphsOf(text) } } },
  });
  return bodyOf(
    chatText(message, {
      limit: MAX_FEISHU_BYTES,
      // The brackets around an item's paragraphs are as long as the comma after them, and one byte to spare.
      itemSize: (item) => utf8Bytes(JSON.stringify(itemParagraphs(item))),
      restSize: (text) => utf8Bytes(JSON.stringify(bodyOf({ ...text, items: [] }))),
    }),
  );
}

/**
 * `sign` = base64(HMAC-SHA256(key: timestamp + "\n" + secret, message: nothing)), `timestamp` in seconds, within the hour
 * (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot, 签名校验).
 */
function signatureOf(secret: string, at: Instant): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(at / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}

function paragraphsOf({ items, tail }: ChatText): readonly Paragraph[] {
  return [...items.flatMap(itemParagraphs), ...(tail === null ? [] : [paragraphOf(tail)])];
}

function itemParagraphs({ number, state, details }: ChatItem): readonly Paragraph[] {
  return [[{ tag: 'text', text: `${number} ${state}` }], ...details.map(paragraphOf)];
}

function paragraphOf({ text, link }: ChatLine): Paragraph {
  const words: Paragraph = text === '' ? [] : [{ tag: 'text', text: link === null ? text : `${text} ` }];
  return link === null ? words : [...words, { tag: 'a', ...link }];
}
