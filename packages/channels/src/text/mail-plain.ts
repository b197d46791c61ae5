import type { Language } from '@duban/domain';
import type { MailDigest, MailLink, MailRow } from './mail.ts';

/** The mail for whoever reads no HTML. */
export function plainMail({ head, rows, rest, inbox }: MailDigest, language: Language): string {
  const parts = [
    head,
    ...rows.map((row, index) => rowText(row, index + 1, language)),
    ...(rest === null ? [] : [rest]),
  ];
  return `${[...parts, ...(inbox === null ? [] : [linkText(inbox, language)])].join('\n\n')}\n`;
}

function rowText({ number, title, leadUnits, state, ask, links }: MailRow, place: number, language: Language): string {
  const lines = [
    ...(title === null ? [] : [title]),
    ...(leadUnits === '' ? [] : [language === 'zh' ? `牵头单位：${leadUnits}` : `Led by ${leadUnits}`]),
    state,
    ...(ask === null ? [] : [ask]),
    ...links.map((link) => linkText(link, language)),
  ];
  return [`${place}. ${number}`, ...lines.map((line) => `   ${line}`)].join('\n');
}

const linkText = ({ text, href }: MailLink, language: Language): string =>
  `${text}${language === 'zh' ? '：' : ': '}${href}`;
