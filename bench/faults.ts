import { parseArgs } from 'node:util';
import { runStorms } from './faults/storms.ts';
import { say } from './lib/progress.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20231001' },
    items: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '100' },
    storms: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const [seed, items, kills, storms] = [values.seed, values.items, values.kills, values.storms].map(Number) as [
  number,
  number,
  number,
  number,
];
if (![seed, items, kills, storms].every((value) => Number.isInteger(value) && value >= 0) || items < 1 || storms < 1) {
  say('npm run faults -- [--seed n] [--items n] [--kills n, of each process] [--storms n] [--json]');
  process.exit(2);
}

const figure = await runStorms({ seed, items, kills, storms });
process.stdout.write(`${values.json ? JSON.stringify(figure) : JSON.stringify(figure, null, 2)}\n`);
const sound = figure.lost === 0 && figure.duplicate === 0 && figure.chains.verified && figure.viewsEqualRebuild;
process.exit(sound ? 0 : 1);
