import type { DigestContent, OutgoingMessage } from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { Language } from '@duban/domain';
import { totalOf } from './digest-text.ts';
import { forChat } from './plain.ts';
import { instantText, localTime } from './times.ts';

/**
 * What is put into the approved template of a short message: how many items, and of the worst its number, by how much it
 * is late, and until when it is to be acted on. No title and no link: links stand in the template, which is what
 * providers ask for.
 * @param length - characters each may have, from 6
 * @returns four, none of them empty
 */
export function smsParameters({ content, language }: OutgoingMessage, length: number): readonly string[] {
  if (content.type === 'test') return ['0', ...NOTHING[language], SOON[language]];
  const [worst] = content.lines;
  if (worst === undefined) return [String(totalOf(content)), ...NOTHING[language], SOON[language]];
  const late =
    worst.lateByMs === null || worst.lateByMs < 0 ? NOTHING[language][1] : spanOf(worst.lateByMs, language, length);
  const until = worst.askedUntil === null ? SOON[language] : untilOf(worst.askedUntil, content, language, length);
  return [String(totalOf(content)), numberOf(worst.number, length) || NOTHING[language][0], late, until];
}

/** In the place of a number and of a lateness that are not there. */
const NOTHING: Readonly<Record<Language, readonly [string, string]>> = {
  zh: ['督办', '未逾期'],
  en: ['Duban', 'none'],
};
const SOON: Readonly<Record<Language, string>> = { zh: '尽快', en: 'soon' };

/** Whole where it fits; else as many of its last words, or characters, as do: 泸政办发〔2023〕5号 园区建设 12 is 12. */
function numberOf(number: string, length: number): string {
  const words = forChat(number, 200).split(' ');
  for (let first = 0; first < words.length; first += 1) {
    const tail = words.slice(first).join(' ');
    if ([...tail].length <= length) return tail;
  }
  return [...(words.at(-1) ?? '')].slice(-length).join('');
}

const UNITS: Readonly<Record<Language, readonly [string, string, string]>> = {
  zh: ['天', '小时', '分钟'],
  en: ['d', 'h', 'm'],
};

/** 2天3小时, 2d3h; where that is too long 2天. */
function spanOf(ms: number, language: Language, length: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  const counts = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const first = counts.findIndex((count) => count > 0);
  const part = (unit: number) => ((counts[unit] ?? 0) > 0 ? `${counts[unit]}${UNITS[language][unit]}` : '');
  const both = part(first) + part(first + 1);
  return both.length <= length ? both : part(first);
}

/** 5月18日18:00; where that is too long 18日18时, whose minutes are left off: rather too early. */
function untilOf(at: Instant, { releaseAt, jurisdiction }: DigestContent, language: Language, length: number): string {
  const whole = instantText(at, releaseAt, jurisdiction.timeZone, language);
  if (whole.length <= length) return whole;
  const { day, time } = localTime(at, jurisdiction.timeZone);
  const hour = time.slice(0, 2);
  return language === 'zh' ? `${day}日${hour}时` : `${day} ${hour}h`;
}
