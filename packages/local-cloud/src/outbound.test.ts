import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataFolder } from './data-folder.ts';
import { OutboundSettingsError, outboundSettings } from './outbound.ts';

const folder = mkdtempSync(join(tmpdir(), 'duban-outbound-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the settings of outgoing notices', () => {
  it('of a machine without a file let nothing into private networks and send no mail', () => {
    expect(outboundSettings(undefined)).toMatchObject({ allow: [], mail: null, sms: null, linkBase: null });
    expect(outboundSettings('')).toEqual(outboundSettings(undefined));
  });

  it.each([
    ['that is not there', null, 'ENOENT'],
    ['that is empty', '', 'not JSON'],
    ['that is no JSON', '{"mail":hunter2', 'not JSON'],
    ['with a fault', '{"mail":{"via":"smtp","url":"http://u:hunter2@x","from":"a@example.com"}}', 'mail.url'],
    ['that opens the metadata of a cloud', '{"allow":["169.254.0.0/16"]}', 'allow.0'],
  ])('of a file %s say what is wrong and nothing of what stands there', (_, content, why) => {
    const file = join(folder, 'outbound.json');
    rmSync(file, { force: true });
    if (content !== null) writeFileSync(file, content);
    expect(() => outboundSettings(file)).toThrow(OutboundSettingsError);
    expect(() => outboundSettings(file)).toThrow(why);
    expect(() => outboundSettings(file)).not.toThrow(/hunter2/);
  });
});

it('the keys that addresses are sealed with are made once and are nobody else’s to read', () => {
  const data = new DataFolder(join(folder, 'data'));
  data.lock();
  const ring = data.keyRing();
  expect(data.keyRing()).toEqual(ring);
  expect(new DataFolder(join(folder, 'data')).keyRing()).toEqual(ring);
  expect(statSync(join(folder, 'data', 'sealing-keys.json')).mode & 0o777).toBe(0o600);
  data.unlock();
});
