const TERM = '(?:\\d+|[一二三四五六七八九十]+)\\s*(?:年|个月|月|天|日)|长\\s*期';
const LEVEL = '(?:秘\\s*密|机\\s*密|绝\\s*密)';
/** 机密★1年: the star alone marks a classified document (GB/T 9704-2012 7.2.2). */
const STARRED = new RegExp(`${LEVEL}\\s*[★☆]`);
/** 绝密 30年, 秘密 长期. A word before the level makes it something else: 商业秘密长期有效. */
const TERMED = new RegExp(`(?<!\\p{Script=Han})${LEVEL}\\s*(?:${TERM})`, 'u');
const ALONE = new RegExp(`^[\\s\\p{P}]*${LEVEL}(?:件|级)?[\\s\\p{P}]*$`, 'u');

/** True when a text bears the marking of a state secret. */
export function bearsSecretMarking(text: string): boolean {
  const visible = text.normalize('NFKC').replace(/\p{Cf}/gu, '');
  return STARRED.test(visible) || TERMED.test(visible) || ALONE.test(visible);
}

/** What whoever sends marked text is told; never with the text. */
export const OFFLINE = {
  zh: '内容带有国家秘密标志。请勿在本系统处理涉密内容，按保密规定线下报送。',
  en: 'The text bears the marking of a state secret. Do not handle classified content here; report it offline as the rules on secrecy require.',
} as const;
