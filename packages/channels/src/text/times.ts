import type { Instant } from '@duban/calendar';
import type { Language } from '@duban/domain';
import { clockOf } from './zones.ts';

const MINUTE_MS = 60_000;

/**
 * A span in its two largest units, whole minutes, the rest left off: 2天3小时, `2 days 3 hours`.
 * @param ms - from 0
 */
export function spanText(ms: number, language: Language): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  const parts = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const first = parts.findIndex((part) => part > 0);
  if (first === -1) return language === 'zh' ? '不足1分钟' : 'less than a minute';
  return parts
    .map((part, unit) => ({ part, unit }))
    .filter(({ part, unit }) => part > 0 && (unit === first || unit === first + 1))
    .map(({ part, unit }) => unitText(part, unit, language))
    .join(language === 'zh' ? '' : ' ');
}

function unitText(count: number, unit: number, language: Language): string {
  if (language === 'zh') return `${count}${['天', '小时', '分钟'][unit]}`;
  return `${count} ${['day', 'hour', 'minute'][unit]}${count === 1 ? '' : 's'}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An instant on the jurisdiction's clocks. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `18:00`; the end of a day is its 24:00 and not the next one's 00:00. */
  readonly time: string;
}

export function localTime(at: Instant, timeZone: string): LocalTime {
  const clock = clockOf(timeZone);
  const written = clock.format(at);
  const endsDay = written.slice(11, 19) === '00:00:00' && at % 1_000 === 0;
  const date = endsDay ? clock.addDays(written.slice(0, 10), -1) : written.slice(0, 10);
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { year, month, day, time: endsDay ? '24:00' : written.slice(11, 16) };
}

/**
 * 5月18日18:00, `18 May 18:00`; with its year where that is not the present one.
 * @param now - what tells the present year
 */
export function instantText(at: Instant, now: Instant, timeZone: string, language: Language): string {
  const { year, month, day, time } = localTime(at, timeZone);
  const named = year !== localTime(now, timeZone).year;
  if (language === 'zh') return `${named ? `${year}年` : ''}${month}月${day}日${time}`;
  return `${day} ${MONTHS[month - 1]}${named ? ` ${year}` : ''} ${time}`;
}
