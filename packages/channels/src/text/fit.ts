/** Bytes of a text as UTF-8. */
export const utf8Bytes = (text: string): number => Buffer.byteLength(text);

/**
 * How many of the first pieces fit, whole, together with what then has to be said of the others.
 * @param sizes - of the pieces, separators included (bytes)
 * @param rest - size of everything else when that many pieces are shown: what heads and ends the text (bytes)
 * @param limit - of the whole (bytes)
 */
export function countFitting(sizes: readonly number[], rest: (shown: number) => number, limit: number): number {
  let fitting = 0;
  let used = 0;
  for (const [index, size] of sizes.entries()) {
    used += size;
    if (used > limit) break;
    if (used + rest(index + 1) <= limit) fitting = index + 1;
  }
  return fitting;
}

/** At most so many characters, the last of them an ellipsis where something is left out. Code points stay whole. */
export function shorten(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}
