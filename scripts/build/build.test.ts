import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleFunction } from './bundle.ts';
import { faultsOf } from './check.ts';
import { sizesOf } from './sizes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'duban-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function bundled(source: string) {
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, source);
  return bundleFunction('planted', entry, join(folder, 'out'));
}

it('refuses a route that belongs to a desk', async () => {
  const bundle = await bundled("export const route = (app: any) => app.post('/dev/token', () => 'anybody');");
  expect(faultsOf(bundle)).toEqual([expect.stringMatching(/index\.mjs contains the route \/dev\/token$/)]);
});

it('refuses the source of the local cloud', async () => {
  const emulator = join(process.cwd(), 'packages/local-cloud/src/emulators/java.ts');
  const bundle = await bundled(`export { parseJavaVersion } from ${JSON.stringify(emulator)};`);
  expect(faultsOf(bundle)).toEqual([expect.stringContaining('packages/local-cloud/src/emulators/java.ts')]);
});

it('keeps what is imported when asked out of the start, and Chinese readable', async () => {
  writeFileSync(join(folder, 'rare.ts'), `export const rare = '${'很少用到'.repeat(500)}';`);
  const bundle = await bundled("export const handler = async () => (await import('./rare.ts')).rare;");
  const { startBytes, allBytes } = sizesOf(bundle);
  expect(faultsOf(bundle)).toEqual([]);
  expect(startBytes).toBeLessThan(1_000);
  expect(allBytes).toBeGreaterThan(6_000);
  expect(bundle.files.map(({ path }) => readFileSync(path, 'utf8')).join()).toContain('很少用到');
});
