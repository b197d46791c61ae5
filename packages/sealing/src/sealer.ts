import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealer } from '@duban/application';
import { once } from '@duban/application/once';
import type { KeyRing } from './key-ring.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `s1.<key>.<nonce, text and tag, base64url>`. */
const SEALED = /^s1\.([a-z0-9]{1,16})\.([A-Za-z0-9_-]+)$/;

/**
 * Seals with AES-256-GCM under a key of its own for each purpose, which is also bound into the seal.
 * @param loadKeyRing asked once, when first needed; after a failure the next one who needs it asks again
 */
export function createSealer(loadKeyRing: () => Promise<KeyRing>): Sealer {
  const ring = once(loadKeyRing);
  return {
    async seal(text, purpose) {
      const { current, keys } = await ring();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, keyFor(keys[current] ?? '', purpose), nonce);
      cipher.setAAD(Buffer.from(`${current} ${purpose}`));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `s1.${current}.${body.toString('base64url')}`;
    },
    async open(sealed, purpose) {
      const [, name = '', encoded = ''] = SEALED.exec(sealed) ?? [];
      const { keys } = await ring();
      const body = Buffer.from(encoded, 'base64url');
      if (!Object.hasOwn(keys, name) || body.length < NONCE_BYTES + TAG_BYTES) return null;
      // Letters that carry no bits could be changed unseen: another text for the same seal would be another token.
      if (body.toString('base64url') !== encoded) return null;
      const decipher = createDecipheriv(ALGORITHM, keyFor(keys[name] ?? '', purpose), body.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(`${name} ${purpose}`));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      try {
        const text = Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
        return text.toString('utf8');
      } catch {
        return null;
      }
    },
    async fingerprint(text, purpose) {
      const { current, keys } = await ring();
      return createHmac('sha256', keyFor(keys[current] ?? '', `fingerprint ${purpose}`))
        .update(text)
        .digest('hex');
    },
  };
}

function keyFor(key: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, 'duban', purpose, KEY_BYTES));
}
