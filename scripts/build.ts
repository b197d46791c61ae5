import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFunction } from './build/bundle.ts';
import { faultsOf } from './build/check.ts';
import { sizesOf, startByPackage } from './build/sizes.ts';

const FUNCTIONS = ['api', 'wake', 'alarm-clock', 'project', 'react'];

const { values } = parseArgs({
  options: { explain: { type: 'boolean' }, out: { type: 'string', default: 'dist/functions' } },
});

const kB = (bytes: number): string => `${(bytes / 1024).toFixed(0).padStart(6)} kB`;

let faults = 0;
for (const name of FUNCTIONS) {
  const outdir = join(values.out, name);
  await rm(outdir, { recursive: true, force: true });
  const bundle = await bundleFunction(name, join('functions', `${name}.ts`), outdir);
  const { startBytes, allBytes } = sizesOf(bundle);
  console.log(`${name.padEnd(12)} at the start ${kB(startBytes)}   in all ${kB(allBytes)}`);
  if (values.explain) {
    for (const part of startByPackage(bundle).slice(0, 15)) console.log(`${kB(part.bytes).padStart(24)}  ${part.name}`);
  }
  for (const fault of faultsOf(bundle)) {
    console.error(fault);
    faults += 1;
  }
}
if (faults > 0) process.exitCode = 1;
