import type { ReportKind } from '../duty/definition.ts';

/** 通报, 总结. */
export const REPORT_NAMES: Readonly<Record<ReportKind, string>> = { circular: '通报', summary: '总结' };

const DIGITS = ['', '一', '二', '三', '四'];

/** What people call a turn of the calendar: 2023年9月, 2023年第三季度. A key of none of its kinds stays as it is. */
export function periodName(key: string): string {
  const month = /^(\d{4})-(\d{2})(?:-(\d{2}|T[1-3]))?$/.exec(key);
  if (month !== null) return `${month[1]}年${Number(month[2])}月${dayName(month[3])}`;
  const named = /^(\d{4})(?:-(Q[1-4]|H[12]|W\d{2}))?$/.exec(key);
  return named === null ? key : `${named[1]}年${partName(named[2])}`;
}

function dayName(day: string | undefined): string {
  if (day === undefined) return '';
  return day.startsWith('T') ? (['上旬', '中旬', '下旬'][Number(day.slice(1)) - 1] ?? '') : `${Number(day)}日`;
}

function partName(part: string | undefined): string {
  const number = Number(part?.slice(1));
  switch (part?.[0]) {
    case 'Q':
      return `第${DIGITS[number]}季度`;
    case 'H':
      return number === 1 ? '上半年' : '下半年';
    case 'W':
      return `第${number}周`;
    default:
      return '';
  }
}
