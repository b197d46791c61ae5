import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endProducts, Product } from '@duban/testkit/stories/product';
import { say } from '../lib/progress.ts';
import { measureCapacity } from './capacity.ts';
import { Chance } from './chance.ts';
import { createOpenLoad } from './open-load.ts';
import { greedyPhase, overloadPhase, type Plan, steadyPhase } from './phases.ts';
import { show } from './show.ts';
import { plantStorms } from './storms.ts';
import { prepareTraffic } from './traffic.ts';

const USAGE = `npm run load -- [--minutes 30] [--percent 70] [--seed 1] [--json]
  --minutes           of steady traffic
  --percent           of the measured capacity
  --overload-percent  300
  --overload-seconds  90
  --capacity          requests a second, instead of measuring it
  --storm-tasks       100: tasks that fall due together each time, with as many first and second reminders and two more rungs`;
/**
 * Before anything is measured: a county in use has lists and inboxes that are full, and asking for them costs more. After
 * six days of storms it costs as much as after eighteen.
 */
const EARLIER_STORMS = 6;
/** At least two, and all together no more than there are working days before the county's long holiday. */
const MINUTES_PER_STORM = 2;
const MOST_STORMS = 19;
const CALM_MS = 8_000;

interface Settings {
  readonly minutes: number;
  readonly percent: number;
  readonly seed: number;
  readonly overloadPercent: number;
  readonly overloadSeconds: number;
  readonly capacity: number | null;
  readonly stormTasks: number;
  readonly json: boolean;
}

function settings(): Settings {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ minutes: number, percent: number, seed: number, capacity: number, 'storm-tasks': number },
      ...{
        'overload-percent': number,
        'overload-seconds': number,
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    },
  });
  const of = (text: string | undefined, otherwise: number): number => {
    const value = text === undefined ? otherwise : Number(text);
    if (!(value > 0)) throw new RangeError(`${text} is not a number above 0`);
    return value;
  };
  if (values.help === true) throw new RangeError('');
  return {
    minutes: of(values.minutes, 30),
    percent: of(values.percent, 70),
    seed: of(values.seed, 1),
    overloadPercent: of(values['overload-percent'], 300),
    overloadSeconds: of(values['overload-seconds'], 90),
    capacity: values.capacity === undefined ? null : of(values.capacity, 0),
    stormTasks: of(values['storm-tasks'], 100),
    json: values.json ?? false,
  };
}

async function run({ minutes, percent, seed, overloadPercent, overloadSeconds, capacity, stormTasks }: Settings) {
  const chance = new Chance(seed);
  const stormCount = Math.min(MOST_STORMS, Math.max(2, Math.floor(minutes / MINUTES_PER_STORM)));
  say('load: starting the product with the whole gazette');
  const product = await Product.start();
  const load = createOpenLoad(product.url, chance);
  try {
    const storms = await plantStorms(product, EARLIER_STORMS + stormCount + 1, stormTasks);
    const traffic = await prepareTraffic(product, chance);
    say(`load: ${EARLIER_STORMS} days pass`);
    for (let day = 0; day < EARLIER_STORMS; day += 1) {
      await storms.next();
      await pause(CALM_MS);
    }
    say(`load: ${traffic.people} people; measuring the capacity`);
    const measured =
      capacity === null ? await measureCapacity(load, traffic.mixed) : { perSecond: capacity, steps: [] };
    await pause(CALM_MS);
    const site = { product, load, traffic, storms };
    const plan: Plan = {
      ...{ capacity: measured.perSecond, minutes, overloadSeconds, storms: stormCount },
      ...{ steadyShare: percent / 100, overloadShare: overloadPercent / 100 },
    };
    say(`load: capacity ${measured.perSecond}/s; ${minutes} minutes at ${percent}%, ${stormCount} storms`);
    const steady = await steadyPhase(site, plan);
    say(`load: ${overloadSeconds} s at ${overloadPercent}%, then as before`);
    const overload = await overloadPhase(site, plan, steady.summary.p50Ms);
    say('load: one caller asks for twice what can be done');
    const fairness = await greedyPhase(site, plan);
    say('load: counting what was escalated');
    const { lost, twice } = await storms.check();
    const verdicts = [
      ...steady.verdicts,
      ...overload.verdicts,
      ...fairness.verdicts,
      { what: 'each deadline escalated once', holds: lost + twice === 0, found: `lost ${lost}, twice ${twice}` },
    ];
    const mixture = traffic.shares;
    return { plan: { ...plan, seed, mixture }, capacity: measured, steady, overload, fairness, verdicts };
  } finally {
    load.close();
    await endProducts();
  }
}

export type Figures = Awaited<ReturnType<typeof run>>;

try {
  const wanted = settings();
  const figures = await run(wanted);
  if (wanted.json) console.log(JSON.stringify(figures));
  else show(figures);
  process.exitCode = figures.verdicts.every(({ holds }) => holds) ? 0 : 1;
} catch (error) {
  if (!(error instanceof RangeError) && (error as { code?: string }).code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    throw error;
  say(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 2;
}
