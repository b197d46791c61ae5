import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/**
 * The folder an installed package lies in. Not `import.meta.resolve`, which vitest's global setup does not have.
 *
 * @throws Error when the package is not installed.
 */
export function packageFolder(name: string): string {
  const manifest = findPackageJSON(name, import.meta.url);
  if (!manifest) throw new Error(`${name} is not installed: run npm ci`);
  return dirname(manifest);
}
