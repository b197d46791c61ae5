import { escapeXml } from '@duban/contracts/markup';
import type { Language } from '@duban/domain';
import type { MailDigest, MailLink, MailRow } from './mail.ts';

const COLUMNS: Readonly<Record<Language, readonly string[]>> = {
  zh: ['序号', '事项', '牵头单位', '情况', '请办', ''],
  en: ['No.', 'Item', 'Led by', 'State', 'Asked', ''],
};

// Mail programs drop style sheets and keep what stands at the element.
const CELL = 'border:1px solid #bbb;padding:6px 8px;text-align:left;vertical-align:top';

/** The mail with its table, the worst first. Loads nothing from anywhere. */
export function htmlMail({ head, rows, rest, inbox }: MailDigest, language: Language): string {
  const header = COLUMNS[language].map((name) => `<th style="${CELL}">${name}</th>`).join('');
  const table = [
    '<table style="border-collapse:collapse;font-size:14px">',
    `<thead><tr>${header}</tr></thead>`,
    '<tbody>',
    ...rows.map((row, index) => rowHtml(row, index + 1)),
    '</tbody></table>',
  ];
  return page(language, [
    `<p><strong>${escapeXml(head)}</strong></p>`,
    ...(rows.length === 0 ? [] : table),
    ...(rest === null ? [] : [`<p>${escapeXml(rest)}</p>`]),
    ...(inbox === null ? [] : [`<p>${linkHtml(inbox)}</p>`]),
  ]);
}

/** A mail of one sentence. */
export const htmlNote = (text: string, language: Language): string => page(language, [`<p>${escapeXml(text)}</p>`]);

function page(language: Language, body: readonly string[]): string {
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  // Long lines would be broken by servers that hold to 998 bytes.
  return [
    '<!doctype html>',
    `<html lang="${lang}"><head><meta charset="utf-8"></head><body>`,
    ...body,
    '</body></html>',
    '',
  ].join('\n');
}

function rowHtml({ number, title, leadUnits, state, ask, links }: MailRow, place: number): string {
  const item = `<strong>${escapeXml(number)}</strong>${title === null ? '' : `<br>${escapeXml(title)}`}`;
  const cells = [
    String(place),
    item,
    escapeXml(leadUnits),
    escapeXml(state),
    escapeXml(ask ?? ''),
    links.map(linkHtml).join('<br>'),
  ];
  return `<tr>${cells.map((cell) => `<td style="${CELL}">${cell}</td>`).join('\n')}</tr>`;
}

const linkHtml = ({ text, href }: MailLink): string => `<a href="${escapeXml(href)}">${escapeXml(text)}</a>`;
