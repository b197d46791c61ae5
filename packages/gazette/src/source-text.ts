import { readFileSync } from 'node:fs';

type Lines = readonly [number, number];

/** The gazette's own text, by line (1-based), to hold the data against. */
export class SourceText {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  static read(name: 'luxi-2023-02'): SourceText {
    return new SourceText(readFileSync(new URL(`../source/${name}.txt`, import.meta.url), 'utf8'));
  }

  /** The lines from first to last, joined, without any white space. */
  printed([from, to]: Lines): string {
    return withoutSpace(this.#lines.slice(from - 1, to).join(''));
  }

  /**
   * Whether a text stands in its lines as printed; spaces and line breaks do not count.
   * @param pieces for a text that a page or a column tore apart: where its pieces stand, in reading order
   */
  holds(text: string, lines: Lines, pieces?: readonly Lines[]): boolean {
    const printed = pieces === undefined ? this.printed(lines) : pieces.map((piece) => this.printed(piece)).join('');
    return printed.includes(withoutSpace(text));
  }
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/gu, '');
}
