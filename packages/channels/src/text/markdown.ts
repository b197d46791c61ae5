import type { ChatItem, ChatLine, ChatText } from './chat.ts';

/** How a dialect breaks lines: 企业微信 at each line feed, 钉钉 only after two spaces or at an empty line. */
export interface LineBreaks {
  readonly within: string;
  readonly between: string;
}

export function markdownItem({ number, state, details }: ChatItem, { within }: LineBreaks): string {
  return [`**${number}** ${state}`, ...details.map((line) => `> ${markdownLine(line)}`)].join(within);
}

export function markdownLine({ text, link }: ChatLine): string {
  if (link === null) return text;
  const linked = `[${link.text}](${link.href})`;
  return text === '' ? linked : `${text} ${linked}`;
}

export function markdown({ head, items, tail }: ChatText, breaks: LineBreaks): string {
  const parts = [
    `**${head}**`,
    ...items.map((item) => markdownItem(item, breaks)),
    ...(tail === null ? [] : [markdownLine(tail)]),
  ];
  return parts.join(breaks.between);
}
