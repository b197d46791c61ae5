import type { DigestContent, MessageContent, MessageLine } from '@duban/application';
import type { Language } from '@duban/domain';
import { instantText, spanText } from './times.ts';
import { ACT, wordingOf } from './wording.ts';

/** What is said of one item, in words; numbers and titles are the line's own. */
export interface LineText {
  readonly what: string;
  /** 逾期2天3小时; null when nothing is late. */
  readonly late: string | null;
  /** 时限5月18日24:00; null when it is late already, or has no limit. */
  readonly due: string | null;
  /** 请于5月18日18:00前督促办理; null when nothing is asked. */
  readonly ask: string | null;
}

/** @param content - whose release and time zone the times are told by */
export function lineText(line: MessageLine, content: DigestContent, language: Language): LineText {
  const { what, ask } = wordingOf(line.kind, language);
  const at = (instant: number) => instantText(instant, content.releaseAt, content.jurisdiction.timeZone, language);
  const late = line.lateByMs === null || line.lateByMs < 0 ? null : lateText(line.lateByMs, language);
  const due = late !== null || line.dueAt === null ? null : `${language === 'zh' ? '时限' : 'due '}${at(line.dueAt)}`;
  if (line.askedUntil === null) return { what, late, due, ask: ask === null ? null : askText(ask, language) };
  return { what, late, due, ask: askText(ask ?? ACT[language], language, at(line.askedUntil)) };
}

const lateText = (ms: number, language: Language) =>
  language === 'zh' ? `逾期${spanText(ms, language)}` : `${spanText(ms, language)} late`;

function askText(ask: string, language: Language, until: string | null = null): string {
  if (language === 'zh') return until === null ? `请${ask}` : `请于${until}前${ask}`;
  return until === null ? `please ${ask}` : `please ${ask} by ${until}`;
}

/** Everything there is, said or not. */
export const totalOf = ({ lines, more, toldRecently }: DigestContent): number => lines.length + more + toldRecently;

/**
 * Who speaks, and whether it is urgent. 督办 stands in it in both languages: a robot that lets through only what holds a
 * keyword is given this one.
 */
export function brandText(content: MessageContent, language: Language): string {
  const urgent = content.type === 'digest' && content.urgent;
  if (language === 'zh') return urgent ? '【督办·紧急】' : '【督办】';
  return urgent ? 'Duban 督办 · URGENT' : 'Duban 督办';
}

/** 【督办】县政府办：共12项. @param name - of the recipient, fit for where it is printed */
export function headText(content: DigestContent, name: string, language: Language): string {
  const total = totalOf(content);
  const brand = brandText(content, language);
  if (language === 'zh') return `${brand}${name}：共${total}项`;
  return `${brand} · ${name}: ${total} ${total === 1 ? 'item' : 'items'}`;
}

/** What is said of what is not shown; null when all is. */
export function restText(more: number, toldRecently: number, language: Language): string | null {
  const said =
    language === 'zh'
      ? [
          ...(more > 0 ? [`另有${more}项，详见收件箱`] : []),
          ...(toldRecently > 0 ? [`另有${toldRecently}项近期已提醒`] : []),
        ]
      : [
          ...(more > 0 ? [`${more} more in the inbox`] : []),
          ...(toldRecently > 0 ? [`${toldRecently} more told recently`] : []),
        ];
  return said.length === 0 ? null : said.join(language === 'zh' ? '；' : '; ');
}

/** Says that a channel works. */
export function probeText(jurisdiction: string, recipient: string, language: Language): string {
  return language === 'zh'
    ? `测试消息：${jurisdiction}督办发给${recipient}的通知可以由此送达。`
    : `Test: notices of ${jurisdiction} for ${recipient} can be delivered here.`;
}

export const OPEN: Readonly<Record<Language, string>> = { zh: '查看', en: 'Open' };
export const INBOX: Readonly<Record<Language, string>> = { zh: '打开收件箱', en: 'Open the inbox' };
