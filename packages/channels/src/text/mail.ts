import type { DigestContent, MessageLine, OutgoingMessage } from '@duban/application';
import type { Language } from '@duban/domain';
import { brandText, headText, INBOX, lineText, OPEN, probeText, restText } from './digest-text.ts';
import { shorten } from './fit.ts';
import { plain, safeLink } from './plain.ts';
import { spanText } from './times.ts';
import { printableTitle } from './titles.ts';

/** A digest as a mail shows it, before it is written as text or HTML. Not escaped. */
export interface MailDigest {
  readonly head: string;
  readonly rows: readonly MailRow[];
  readonly rest: string | null;
  readonly inbox: MailLink | null;
}
export interface MailRow {
  readonly number: string;
  readonly title: string | null;
  readonly leadUnits: string;
  readonly state: string;
  readonly ask: string | null;
  readonly links: readonly MailLink[];
}
export interface MailLink {
  readonly text: string;
  readonly href: string;
}

const MAX_NAME = 40;
const MAX_TITLE = 200;
/** One-time links carry a signed token. */
const MAX_LINK_LENGTH = 2_000;

const ACKNOWLEDGE: Readonly<Record<Language, string>> = { zh: '确认收到', en: 'Acknowledge' };

/**
 * Short, and of names and numbers alone: subjects are read on locked screens.
 * @returns 【督办·紧急】县政府办：共12项，最长逾期2天3小时
 */
export function subjectText({ content, language }: OutgoingMessage): string {
  if (content.type === 'test') return `${brandText(content, language)}${language === 'zh' ? '测试' : ' · Test'}`;
  const head = headText(content, nameOf(content.recipient.name), language);
  const latest = content.lines.reduce((most, { lateByMs }) => Math.max(most, lateByMs ?? 0), 0);
  if (latest === 0) return head;
  const late = spanText(latest, language);
  return language === 'zh' ? `${head}，最长逾期${late}` : `${head}, up to ${late} late`;
}

const nameOf = (name: string): string => shorten(plain(name), MAX_NAME);

export function probeMail({ content, language }: OutgoingMessage): string {
  return probeText(nameOf(content.jurisdiction.name), nameOf(content.recipient.name), language);
}

export function mailDigest(content: DigestContent, language: Language): MailDigest {
  return {
    head: headText(content, nameOf(content.recipient.name), language),
    rows: content.lines.map((line) => rowOf(line, content, language)),
    rest: restText(content.more, content.toldRecently, language),
    inbox: linkOf(INBOX[language], content.link),
  };
}

function rowOf(line: MessageLine, content: DigestContent, language: Language): MailRow {
  const { what, late, due, ask } = lineText(line, content, language);
  const title = printableTitle(line);
  const links = [linkOf(OPEN[language], line.link), linkOf(ACKNOWLEDGE[language], line.acknowledgeLink)];
  return {
    number: shorten(plain(line.number), MAX_TITLE),
    title: title === null ? null : shorten(plain(title), MAX_TITLE),
    leadUnits: line.leadUnits.map(nameOf).join(language === 'zh' ? '、' : ', '),
    state: [what, late, due].filter((part) => part !== null).join(language === 'zh' ? '，' : ', '),
    ask,
    links: links.filter((link) => link !== null),
  };
}

function linkOf(text: string, link: string | null): MailLink | null {
  const href = safeLink(link, MAX_LINK_LENGTH);
  return href === null ? null : { text, href };
}
