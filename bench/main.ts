import { parseArgs } from 'node:util';
import { say } from './lib/progress.ts';
import { showTables } from './lib/show.ts';
import { measureAlarmClock } from './parts/alarm-clock.ts';
import { measureColdStart } from './parts/cold-start.ts';
import { measureDelivery } from './parts/delivery.ts';
import { measureHidden } from './parts/hidden.ts';
import { measureHttp } from './parts/http.ts';
import { measureImport } from './parts/import.ts';
import { measureLateness } from './parts/lateness.ts';
import { measureRecompute } from './parts/recompute.ts';
import { measureStorm } from './parts/storm.ts';
import { measureUnits } from './parts/units.ts';

const PARTS: Readonly<Record<string, () => Promise<unknown>>> = {
  lateness: measureLateness,
  storm: measureStorm,
  delivery: measureDelivery,
  units: measureUnits,
  alarmClock: measureAlarmClock,
  http: measureHttp,
  hidden: measureHidden,
  import: measureImport,
  recompute: measureRecompute,
  coldStart: measureColdStart,
};

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const wanted = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  say(`There is no part ${unknown.join(', ')}: ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

const figures: Record<string, unknown> = {};
for (const [name, measure] of Object.entries(PARTS)) {
  if (!wanted.includes(name)) continue;
  say(`${name} ...`);
  figures[name] = await measure();
}
if (values.json) console.log(JSON.stringify(figures));
else showTables(figures);
