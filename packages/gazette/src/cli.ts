import { parseArgs } from 'node:util';
import { loadCounty } from './index.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const county = loadCounty('luxi');

if (values.json) {
  process.stdout.write(`${JSON.stringify(county, null, 2)}\n`);
} else {
  const counts = Object.entries(county).flatMap(([kind, records]) =>
    Array.isArray(records) ? [`${kind}: ${records.length}`] : [],
  );
  process.stdout.write(`${counts.join('\n')}\n`);
}
