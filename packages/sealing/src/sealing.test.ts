import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, type KeyRing, KeyRingError, newKeyRing, parseKeyRing } from './index.ts';

const ring = parseKeyRing(newKeyRing());
const sealer = createSealer(async () => ring);

describe('a seal', () => {
  it('opens to the same text, whatever it holds, and never looks the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '𠮷野家𰻝')), async (text) => {
        const sealed = await sealer.seal(text, 'test');
        expect(await sealer.open(sealed, 'test')).toBe(text);
        expect(await sealer.seal(text, 'test')).not.toBe(sealed);
      }),
    );
  });

  it('opens for nothing else, and not at all when any character of it was changed', async () => {
    const sealed = await sealer.seal('whsec_x', 'subscription/433122/subscription_1');
    expect(await sealer.open(sealed, 'subscription/433122/subscription_2')).toBeNull();
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, index) + other + sealed.slice(index + 1);
      expect(await sealer.open(altered, 'subscription/433122/subscription_1')).toBeNull();
      expect(await sealer.open(sealed.slice(0, index), 'subscription/433122/subscription_1')).toBeNull();
    }
    expect(await sealer.open(`${sealed}A`, 'subscription/433122/subscription_1')).toBeNull();
    for (const nonsense of ['', 's1', 's1.k1.', 's1.__proto__.AAAA', 's1.constructor.AAAA']) {
      expect(await sealer.open(nonsense, 'test')).toBeNull();
    }
  });

  it('goes on opening after the key was rotated, until that key is taken away', async () => {
    const sealed = await sealer.seal('old', 'test');
    const k2 = 'b'.repeat(64);
    const rotated: KeyRing = { current: 'k2', keys: { ...ring.keys, k2 } };
    const after = createSealer(async () => rotated);
    expect(await after.open(sealed, 'test')).toBe('old');
    expect(await after.seal('new', 'test')).toMatch(/^s1\.k2\./);
    expect(await createSealer(async () => ({ current: 'k2', keys: { k2 } })).open(sealed, 'test')).toBeNull();
  });

  it('asks for the keys once, and again after a failure', async () => {
    let asked = 0;
    const flaky = createSealer(async () => {
      asked += 1;
      if (asked === 1) throw new Error('out of reach');
      return ring;
    });
    await expect(flaky.seal('x', 'test')).rejects.toThrow('out of reach');
    await Promise.all([flaky.seal('x', 'test'), flaky.open('s1.k1.x', 'test')]);
    expect(asked).toBe(2);
  });
});

it('has one fingerprint a text, key and purpose', async () => {
  const [one, two] = await Promise.all([sealer.fingerprint('a', 'endpoint'), sealer.fingerprint('a', 'endpoint')]);
  expect(one).toBe(two);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(await sealer.fingerprint('b', 'endpoint')).not.toBe(one);
  expect(await sealer.fingerprint('a', 'other')).not.toBe(one);
});

describe('a key ring', () => {
  const key = 'x'.repeat(43);
  it.each([
    ['not json', '{'],
    ['no current', JSON.stringify({ k1: key })],
    ['a current that is not there', JSON.stringify({ current: 'k2', k1: key })],
    ['current itself', JSON.stringify({ current: 'current' })],
    ['a short key', JSON.stringify({ current: 'k1', k1: 'hunter2' })],
    ['a key that is no text', JSON.stringify({ current: 'k1', k1: 7 })],
    ['a name with a dot', JSON.stringify({ current: 'k.1', 'k.1': key })],
  ])('is refused without a word of its content: %s', (_, json) => {
    expect(() => parseKeyRing(json)).toThrow(KeyRingError);
    expect(() => parseKeyRing(json)).not.toThrow(/hunter2/);
  });

  it('has the form a secrets store can make', () => {
    expect(parseKeyRing(JSON.stringify({ current: 'k1', k1: key }))).toEqual({ current: 'k1', keys: { k1: key } });
  });
});
