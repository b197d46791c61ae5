import { describe, expect, it } from 'vitest';
import { parseText } from './body.ts';

const read = (text: string) => parseText(new TextEncoder().encode(text), 'yaml');
/** Aliases that unfold to ten to the nth. */
const laughs = (depth: number) =>
  Array.from({ length: depth }, (_, n) => {
    const inner = n === 0 ? 'ha' : `*l${n - 1}`;
    return `l${n}: &l${n} [${Array(10).fill(inner).join(', ')}]`;
  }).join('\n');

describe('YAML', () => {
  it.each([
    ['aliases that unfold to a thousand million', laughs(9), undefined],
    ['a list that holds itself', '&a [*a]', undefined],
    ['an object that holds itself', 'units: &a\n  - again: *a', undefined],
    ['a hundred thousand brackets', `units:\n  ${'['.repeat(100_000)}`, 2],
    ['objects in objects', `${'{a: '.repeat(200)}1${'}'.repeat(200)}`, 1],
    ['lists in lists without a bracket', `${'- '.repeat(30)}a`, undefined],
    ['a key twice', 'mode: merge\njurisdiction: "1"\nmode: replace', 3],
    ['a key twice, further in', 'units:\n  - {code: a, "code": b}', 2],
    ['two documents', 'a: 1\n---\nb: 2', 2],
  ])('refuses %s', async (_what, text, line) => {
    const refused = await read(text).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'malformed_yaml', status: 400 });
    if (line !== undefined) expect((refused as { detail: { en: string } }).detail.en).toContain(`(line ${line})`);
  });

  it('makes no object of a tag, and no prototype of a key', async () => {
    const { value } = await read(
      '__proto__: {admin: true}\nconstructor: {prototype: {admin: true}}\nf: !!js/function "x"',
    );
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'f']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((value as { f: unknown }).f).toBe('x');
  });

  it('is read in time that grows with its length: keys are not compared with each other', async () => {
    const count = 100_000;
    const text = Array.from({ length: count }, (_, nth) => `k${nth}: x`).join('\n');
    expect(Object.keys((await read(text)).value as object)).toHaveLength(count);
  });
});
