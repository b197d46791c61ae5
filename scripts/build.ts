import { parseArgs } from 'node:util';
import { BUNDLES, buildAll } from './build/functions.ts';
import { startByPackage } from './build/sizes.ts';

const { values } = parseArgs({ options: { explain: { type: 'boolean' }, out: { type: 'string', default: BUNDLES } } });

const kB = (bytes: number): string => `${(bytes / 1024).toFixed(0).padStart(6)} kB`;

for (const [name, { bundle, sizes, faults }] of await buildAll(values.out)) {
  console.log(`${name.padEnd(12)} at the start ${kB(sizes.startBytes)}   in all ${kB(sizes.allBytes)}`);
  if (values.explain) {
    for (const part of startByPackage(bundle).slice(0, 15)) console.log(`${kB(part.bytes).padStart(24)}  ${part.name}`);
  }
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
