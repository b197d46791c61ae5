import { shorten } from './fit.ts';

/** Controls, marks that turn the direction of writing, characters without width. */
const UNSEEN = /[\s\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g;

/** One line of characters that a reader sees as what they are. */
export function plain(text: string): string {
  return text.toWellFormed().replace(UNSEEN, ' ').trim();
}

/**
 * Every character that any of the robots' dialects takes for markup, a mention, an image or a link, and its full-width
 * twin. A backslash is no escape everywhere: 企业微信 prints it, 飞书 knows tags of its own.
 */
const MARKUP = /[\\`*_~#<>[\]|!@&]/g;

/** Text for a group chat: full-width where it would be markup, so that it reads the same and does nothing. */
export function forChat(text: string, characters: number): string {
  return (
    shorten(plain(text), characters)
      .replace(MARKUP, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
      // Clients make links of what only looks like an address.
      .replace(/:(?=\/\/)/g, '：')
      .replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L})/gu, '．')
  );
}

/** For a chat; longer ones are left out, for an address that is cut leads nowhere. */
const MAX_LINK_LENGTH = 400;

/**
 * A link that closes no bracket early and mentions nobody; null for what is no address of a page.
 * @param length - characters it may have
 */
export function safeLink(link: string | null, length = MAX_LINK_LENGTH): string | null {
  if (link === null || !URL.canParse(link)) return null;
  const { protocol, origin, href } = new URL(link);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const rest = href.slice(origin.length).replace(/[()[\]<>@*`"'\\|]/g, percent);
  const safe = `${origin}${rest}`;
  return href.startsWith(origin) && safe.length <= length ? safe : null;
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
