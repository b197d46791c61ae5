import { bearsSecretMarking, mentionsTradeSecret } from '@duban/contracts/http/state-secrets';

/** What the text of a file speaks of. */
export interface Inspection {
  /** It bears the marking of a state secret. */
  readonly secret: boolean;
  readonly tradeSecret: boolean;
}

/** Tags within one text: runs of a cell, a comment or a text box that differ in their look. */
const WITHIN_TEXT = new Set(
  (
    'r t rPr b i u s strike sz color rFont font family charset scheme vertAlign outline shadow condense extend ' +
    'span latin ea cs solidFill srgbClr schemeClr'
  ).split(' '),
);
/** A tag, CDATA and comments among them, or text. No part can be read in two ways: files may be hostile. */
const TOKEN = /<[/?!]?(?:[\w.-]*:)?([\w.-]*)(?![\w.-])([^<>]*)>|[^<]+/g;
const ATTRIBUTE = /=\s*(?:"([^"]*)"|'([^']*)')/g;
/** 密 itself, or written as a character reference or in the workbook's own way. */
const WORTH_A_LOOK = /密|&#|_x[0-9A-Fa-f]{4}_/;
/** Fonts, sizes and fields among the text of a page's header. */
const HEADER_CODE = /&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d{1,3}|[A-Za-z+-])/;
/** Text of one cell is at most 32,767 characters; what goes on for longer without a boundary is no text. */
const LONGEST_KEPT = 1024 * 1024;
const MOST_LOOKED_BACK = 200;

/**
 * Reads the XML of a workbook's parts while they unfold: properties, sheet names, headers and footers, notes, text boxes
 * and cells, wherever a marking may stand. Keeps no more than the text it is in.
 */
export class TextInspection {
  secret = false;
  tradeSecret = false;
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  #rest = '';

  push(chunk: Uint8Array): void {
    this.#decoder ??= new TextDecoder(encodingOf(chunk));
    this.#rest += this.#decoder.decode(chunk, { stream: true });
    const end = this.#rest.length > LONGEST_KEPT ? this.#rest.length : lastBoundary(this.#rest);
    this.#inspect(this.#rest.slice(0, end));
    this.#rest = this.#rest.slice(end);
  }

  /** The part is at its end; the next chunk begins another. */
  end(): void {
    this.#inspect(this.#rest);
    this.#rest = '';
    this.#decoder = null;
  }

  #inspect(xml: string): void {
    if (this.secret || !WORTH_A_LOOK.test(xml)) return;
    let text = '';
    for (const [token, name, inside = ''] of xml.matchAll(TOKEN)) {
      if (name === undefined) text += unescaped(token);
      else if (!WITHIN_TEXT.has(name)) {
        this.see(text);
        text = '';
        if (!/^\w/.test(name)) this.see(inside);
        for (const [, double, single] of inside.matchAll(ATTRIBUTE)) this.see(unescaped(double ?? single ?? ''));
      }
    }
    this.see(text);
  }

  /** Looks at one text. */
  see(text: string): void {
    if (!text.includes('密')) return;
    this.tradeSecret ||= mentionsTradeSecret(text);
    const parts = text.includes('&') ? text.split(HEADER_CODE) : [];
    this.secret ||= [text, ...parts].some(bearsSecretMarking);
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** Where the last tag begins that ends a text: what stands before it is whole. 0 when it is not near the end. */
function lastBoundary(xml: string): number {
  const tag = /<[/?!]?(?:[\w.-]{0,64}:)?([\w.-]{0,64})(?=[\s/>])/y;
  let at = xml.length;
  for (let tags = 0; tags < MOST_LOOKED_BACK; tags += 1) {
    at = at === 0 ? -1 : xml.lastIndexOf('<', at - 1);
    if (at < 1) return 0;
    tag.lastIndex = at;
    const name = tag.exec(xml)?.[1] ?? '';
    if (name !== '' && !WITHIN_TEXT.has(name)) return at;
  }
  return 0;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex?: string, decimal?: string, name = '') => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      if (Number.isNaN(code)) return NAMED[name] ?? whole;
      return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
