import type { DigestContent, MessageContent, MessageLine, OutgoingMessage } from '@duban/application';
import type { Language } from '@duban/domain';
import { brandText, headText, INBOX, lineText, OPEN, probeText, restText } from './digest-text.ts';
import { countFitting } from './fit.ts';
import { forChat, safeLink } from './plain.ts';
import { publicTitle } from './titles.ts';

/** A line of a chat message: words, and where they lead. */
export interface ChatLine {
  readonly text: string;
  readonly link: { readonly text: string; readonly href: string } | null;
}

/** One item of a digest. */
export interface ChatItem {
  /** `1. 泸政办发〔2023〕5号 园区建设 12`. */
  readonly number: string;
  /** 逾期升级，逾期2天3小时. */
  readonly state: string;
  readonly details: readonly ChatLine[];
}

export interface ChatText {
  readonly head: string;
  readonly items: readonly ChatItem[];
  readonly tail: ChatLine | null;
}

/** Robots' screens are small; what is beyond is in the inbox. */
const MAX_ITEMS = 30;
const MAX_NUMBER = 80;
const MAX_TITLE = 60;
const MAX_NAME = 60;

/** What a dialect makes of a text's parts, in bytes. */
export interface Dialect {
  /** Of the whole (bytes). */
  readonly limit: number;
  /** Size of an item with what separates it from the next. */
  itemSize(item: ChatItem): number;
  /** Size of all but the items. */
  restSize(text: ChatText): number;
}

/**
 * What a robot says of a message, cut at an item so that it fits. A group chat is no closed room: no title of an incident
 * or a problem, no link that acknowledges, and nothing that does more than be read.
 */
export function chatText({ content, language }: OutgoingMessage, dialect: Dialect): ChatText {
  if (content.type === 'test') return probe(content, language);
  const items = content.lines.slice(0, MAX_ITEMS).map((line, index) => chatItem(line, index + 1, content, language));
  const head = headText(content, forChat(content.recipient.name, MAX_NAME), language);
  const shown = (count: number): ChatText => ({
    head,
    items: items.slice(0, count),
    tail: tailOf(content, content.lines.length - count, language),
  });
  const sizes = items.map(dialect.itemSize);
  return shown(countFitting(sizes, (count) => dialect.restSize(shown(count)), dialect.limit));
}

function probe(content: MessageContent, language: Language): ChatText {
  const { jurisdiction, recipient } = content;
  const text = probeText(forChat(jurisdiction.name, MAX_NAME), forChat(recipient.name, MAX_NAME), language);
  return { head: brandText(content, language), items: [], tail: { text, link: null } };
}

function chatItem(line: MessageLine, place: number, content: DigestContent, language: Language): ChatItem {
  const { what, late, due, ask } = lineText(line, content, language);
  const separator = language === 'zh' ? '，' : ', ';
  const title = publicTitle(line);
  const href = safeLink(line.link);
  const link = href === null ? null : { text: OPEN[language], href };
  return {
    number: `${place}. ${forChat(line.number, MAX_NUMBER)}`,
    state: [what, late, due].filter((part) => part !== null).join(separator),
    details: [
      ...(title === null ? [] : [{ text: forChat(title, MAX_TITLE), link: null }]),
      ...(ask === null && link === null ? [] : [{ text: ask ?? '', link }]),
    ],
  };
}

/** @param left - lines that are not shown */
function tailOf(content: DigestContent, left: number, language: Language): ChatLine | null {
  const text = restText(content.more + left, content.toldRecently, language);
  const href = safeLink(content.link);
  if (text === null && href === null) return null;
  return { text: text ?? '', link: href === null ? null : { text: INBOX[language], href } };
}
