import type { ChannelAddress } from '@duban/application';

const MASK = '***';
const MAX_ANSWER_LENGTH = 500;
/** Shorter parts of an address are words, not keys: masking `v2` or `send` would only make an answer unreadable. */
const SHORTEST_KEY = 8;

/** Controls, and marks that turn the direction of writing: in a log they hide what a text says. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/**
 * The beginning of an answer as it may be kept: without what the receiver echoes of the address it was sent to, and
 * without control characters.
 * @param secrets - of {@link secretsOf}, and whatever else must not be repeated
 * @returns at most 500 characters; null when nothing was answered
 */
export function keptAnswer(text: string, secrets: readonly RegExp[]): string | null {
  const readable = text.toWellFormed().replace(UNPRINTABLE, ' ');
  const masked = secrets.reduce((answer, secret) => answer.replace(secret, MASK), readable).trim();
  return masked === '' ? null : cutAt(masked, MAX_ANSWER_LENGTH);
}

/** What of an address must not be read in an answer, in the forms in which it may be echoed. The longest first. */
export function secretsOf(address: ChannelAddress): readonly RegExp[] {
  switch (address.kind) {
    case 'webhook':
      return masksOf([address.url, ...keysIn(address.url), ...address.secrets.flatMap(secretForms)]);
    case 'wecom':
      return masksOf([address.url, ...keysIn(address.url)]);
    case 'dingtalk':
    case 'feishu':
      return masksOf([address.url, ...keysIn(address.url), ...(address.secret === null ? [] : [address.secret])]);
    case 'mail':
      return masksOf([address.to]);
    case 'sms':
      return [digits(address.phone)];
  }
}

/** @param texts - each as it is, percent-encoded, in JSON and in HTML */
export function masksOf(texts: readonly string[]): readonly RegExp[] {
  const forms = new Set(
    texts
      .filter((text) => text !== '')
      .flatMap((text) => [text, encodeURIComponent(text), jsonForm(text), htmlForm(text)]),
  );
  return [...forms].sort((one, other) => other.length - one.length).map((form) => new RegExp(literally(form), 'gi'));
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
const jsonForm = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/');
const htmlForm = (text: string) => text.replaceAll('&', '&amp;');

const secretForms = (secret: string) => [secret, secret.replace(/^whsec_/, '')];

/** Robots' keys stand in the query or the path, a webhook's wherever its owner put it. */
function keysIn(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const parts = [
    `${url.pathname}${url.search}`,
    url.hash.slice(1),
    ...url.pathname.split('/'),
    ...url.searchParams.values(),
  ];
  return parts.filter((part) => part.length >= SHORTEST_KEY);
}

/** A number however it is grouped, with its country code or without. */
function digits(phone: string): RegExp {
  const last = phone.replace(/\D/g, '').slice(-8);
  return new RegExp(`\\+?(?:\\d[\\s-]*){0,7}${[...last].join('[\\s-]*')}`, 'g');
}

function cutAt(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
