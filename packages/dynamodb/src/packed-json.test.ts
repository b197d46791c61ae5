import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DICTIONARIES } from './dictionary.ts';
import { packJson, unpackJson } from './packed-json.ts';

function unpack(row: ReturnType<typeof packJson>): string {
  const stored = row.state?.S ?? row.state?.B ?? '';
  return unpackJson(stored, row.dictionary?.N === undefined ? undefined : Number(row.dictionary.N));
}

describe('packed JSON', () => {
  it.each([0, 1, 200, 5_000, 60_000])('comes back as it was (%i characters)', (length) => {
    const json = JSON.stringify({ title: '督'.repeat(length), n: length });
    expect(unpack(packJson('state', json, 700))).toBe(json);
  });

  it('stays readable while there is room', () => {
    expect(packJson('state', '{"a":1}', 7)).toEqual({ state: { S: '{"a":1}' } });
    expect(packJson('state', '{"a":1}', 6).dictionary).toEqual({ N: '1' });
    expect(packJson('state', '"督"', 4).dictionary).toEqual({ N: '1' });
  });

  it('tells damaged bytes and unknown dictionaries', () => {
    expect(() => unpackJson(Uint8Array.of(255, 255), 1)).toThrow(RangeError);
    expect(() => unpackJson(Uint8Array.of(3, 0), 99)).toThrow(RangeError);
    expect(() => unpackJson(Uint8Array.of(3, 0), undefined)).toThrow(RangeError);
  });

  it('keeps dictionary 1 as it was: stored rows depend on every byte of it', () => {
    expect(hash('sha256', DICTIONARIES[1] as Buffer, 'base64url')).toBe('VbVmhmdobP7tveJdqZGVPfv3u_xYW5AqK4FHVKZLCRs');
  });
});
