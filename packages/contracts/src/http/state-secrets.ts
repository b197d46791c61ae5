/**
 * The marking of a state secret is its level, ★, and its term, the day or the condition of its release: 机密★1年,
 * 绝密★启用前 (保密法〔2010〕第十七条; GB/T 9704-2012 7.2.2 puts it at the head of a document). A term is years, months,
 * days or 长期 (保密法〔2010〕第十五条).
 *
 * People leave parts of it out and set it as they like, so any of these is a marking: a level with ★ or ☆; a level with a
 * term that no Chinese word precedes (商业秘密长期有效 marks nothing); a level in brackets; a level that stands alone on
 * its line; a level after 密级：. Blanks, signs, full-width and traditional forms, and what cannot be seen make no
 * difference. A word of the law, such as 保密工作 or 定密培训, is none.
 */
export function bearsSecretMarking(text: string): boolean {
  const visible = visibleOf(text);
  return visible !== '' && MARKINGS.some((marking) => marking.test(visible));
}

/** True for a file's name that bears a marking, also as a part of it: 机密_部署.xlsx. */
export function nameBearsSecretMarking(fileName: string): boolean {
  const withoutKind = fileName.replace(/\.[A-Za-z0-9]{1,8}$/, '');
  return [fileName, withoutKind, ...withoutKind.split(/[_\-–—·.+~]+/)].some(bearsSecretMarking);
}

/**
 * True when a text speaks of trade or work secrets (商业秘密, 工作秘密). They are no state secrets (反不正当竞争法〔2019〕第九条;
 * 保密法〔2024〕第六十四条) and may be handled here; whoever sends them is reminded.
 */
export function mentionsTradeSecret(text: string): boolean {
  return /(?:商\s*[业業]|工\s*作)\s*[秘祕]\s*密/.test(visibleOf(text));
}

/** What whoever sends marked text is told; never with the text. */
export const OFFLINE = {
  zh: '内容带有国家秘密标志。请勿在本系统处理涉密内容，按保密规定线下报送。',
  en: 'The text bears the marking of a state secret. Do not handle classified content here; report it offline as the rules on secrecy require.',
} as const;

/** As a reader sees it: full-width as half-width, nothing that is invisible, one kind of line end. Empty without 密. */
function visibleOf(text: string): string {
  // No other character normalises to this one, and nearly all text is without it.
  if (!text.includes('密')) return '';
  return text
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}]|[^\P{Cc}\s]/gu, '')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n');
}

// Bounded, and never across two quantifiers that take the same characters: texts are millions of characters long.
const WITHIN = String.raw`[\s\p{P}\p{S}]{0,6}`;
const LEVEL = `(?:[秘祕机機绝絕絶]${WITHIN}密\\s{0,3}[级級]?\\s{0,3}件?)`;
const OPEN = String.raw`[\[({<【〖〔]`;
const CLOSE = String.raw`[\])}>】〗〕]`;
/** What may stand between a level and its term. A comma or a full stop ends the thought. */
const BETWEEN = String.raw`[\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Pd}\p{S}:/*"'.·・•|_\\]{0,8}`;
const NUMBER = String.raw`(?:\d[\d\s]{0,5}|[〇零一二两三四五六七八九十百]{1,6}\s{0,3})`;
const TERM = `(?:${NUMBER}(?:年|[个個]?\\s?月|天|日)|[长長]\\s*期|(?:[启啟啓]\\s*用|解\\s*密|公\\s*[布开開])\\s*[之以]?前)`;
const LINE = String.raw`[^\S\n]`;
const EDGE = String.raw`(?:${LINE}|\p{P}|\p{S})*`;

const MARKINGS = [
  `${LEVEL}(?:${LINE}|\\p{Pe}|\\p{Pf}|["'*]){0,8}[★☆]`,
  `(?:(?<!\\p{Script=Han})|(?<=[级級定列][为為是]?))${LEVEL}${BETWEEN}(?:保?密?期限)?[为為至到:\\s]{0,4}${TERM}`,
  `${OPEN}\\s{0,3}${LEVEL}(?:文件)?\\s{0,3}${CLOSE}`,
  `密[级級别別]\\s{0,3}:${BETWEEN}${LEVEL}(?!\\s*[、,/或和及与])`,
  `^${EDGE}${LEVEL}(?:文件)?${EDGE}$`,
].map((pattern) => new RegExp(pattern, 'mu'));
