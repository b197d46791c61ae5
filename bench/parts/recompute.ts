import { importBundle, recomputeClocks } from '@duban/application';
import { type HolidayNotice, type Instant, stateCouncilHolidays } from '@duban/calendar';
import { DEFAULT_TASK_POLICY, emptyStructure } from '@duban/domain';
import { type BareCloud, importCounty, startBareCloud } from '../lib/bare-cloud.ts';
import { watchCpu } from '../lib/cpu.ts';
import { say } from '../lib/progress.ts';
import { round } from '../lib/statistics.ts';
import { JURISDICTION, plantTasks } from '../lib/tasks.ts';

export interface RecomputeFigure {
  /** Tasks with two reminders each, all due in a year whose notice is not known. */
  readonly stored: number;
  /** Of these, tasks of which a limit moves when the notice arrives: each gets an event. */
  readonly moved: number;
  /** From the import of the notice until every clock has been counted again and that is noted. */
  readonly seconds: number;
  readonly movedPerSecond: number;
  /** This process. */
  readonly ownCpuSeconds: number;
  /** This process and DynamoDB Local; null where there is no /proc. */
  readonly cpuSeconds: number | null;
  /** Once more: nothing is left to be moved. */
  readonly againSeconds: number;
}

/** A year of which no notice can be known yet, with the days off of 2023's moved into it. */
const YEAR = 2033;
const START: Instant = Date.parse('2032-11-01T09:00:00+08:00');
const DAY_MS = 86_400_000;

/** What the arrival of a year's holiday notice costs, deadlines spread over the year, and all of them right after a holiday. */
export async function measureRecompute(): Promise<readonly RecomputeFigure[]> {
  const yearStart = Date.parse(`${YEAR}-01-02T00:00:00+08:00`);
  return [
    await measure(100_000, (index) => yearStart + (index % 363) * DAY_MS),
    await measure(20_000, (index) => Date.parse(`${YEAR}-10-09T00:00:00+08:00`) + (index % 5) * DAY_MS),
  ];
}

async function measure(stored: number, dueAt: (index: number) => Instant): Promise<RecomputeFigure> {
  const cloud = await startBareCloud('recompute-');
  try {
    cloud.setClock(START);
    await importCounty(cloud.deps, { tasks: false });
    say(`recompute: storing ${stored} items`);
    await plantTasks(cloud.deps, stored, dueAt, DEFAULT_TASK_POLICY);
    say('recompute: the notice arrives');
    const cpu = watchCpu(cloud.dynamoDb.pid);
    const start = performance.now();
    await importNotice(cloud);
    const seconds = (performance.now() - start) / 1_000;
    const { own, all } = cpu();
    const moved = await followedUp(cloud);
    const again = performance.now();
    const structure = await cloud.deps.structures.current(JURISDICTION);
    const left = await recomputeClocks(cloud.deps, structure);
    if (left > 0) throw new Error(`${left} clocks were counted again that had been counted.`);
    return {
      ...{ stored, moved, seconds: round(seconds), movedPerSecond: Math.round(moved / seconds) },
      ...{ ownCpuSeconds: round(own), cpuSeconds: all === null ? null : round(all) },
      againSeconds: round((performance.now() - again) / 1_000),
    };
  } finally {
    await cloud.stop();
  }
}

async function importNotice({ deps }: BareCloud): Promise<void> {
  const structure = await deps.structures.current(JURISDICTION);
  if (structure.calendar.isPublished(`${YEAR}-10-01`)) throw new Error(`The notice of ${YEAR} is known by now.`);
  const caller = {
    jurisdiction: JURISDICTION,
    actor: { person: 'system:bench', bootstrapAdmin: true },
    correlationId: 'bench',
  };
  const jurisdictions = [{ ...structure.jurisdiction, holidayNotices: [noticeLike(2023)] }];
  const bundle = { jurisdiction: JURISDICTION, mode: 'merge' as const, jurisdictions };
  const { problems } = await importBundle(deps, caller, bundle, { dryRun: false, idempotency: null });
  if (problems.length > 0) throw new Error(`The notice has problems: ${problems[0]?.message}`);
}

/** The notice of one year as that of another. */
function noticeLike(model: number): HolidayNotice {
  const { calendar } = emptyStructure(JURISDICTION);
  const named = (nameOf: (date: string) => string | null) => {
    const days: { date: string; name: string }[] = [];
    for (let date = `${model}-01-01`; date <= `${model}-12-31`; date = calendar.addDays(date, 1)) {
      const name = nameOf(date);
      if (name !== null) days.push({ date: date.replace(String(model), String(YEAR)), name });
    }
    return days;
  };
  return {
    year: YEAR,
    source: `按${model}年通知仿制`,
    daysOff: named(stateCouncilHolidays.dayOff),
    makeUpDays: named(stateCouncilHolidays.makeUpDay),
  };
}

async function followedUp({ deps }: BareCloud): Promise<number> {
  const ref = { jurisdiction: JURISDICTION, type: 'structure', id: 'structure' } as const;
  const recorded = await deps.store.read(ref);
  const done = recorded.map(({ event }) => event).findLast(({ type }) => type === 'FollowUpDone');
  if (done === undefined || !('clocks' in done)) throw new Error('The clocks have not been counted again.');
  return done.clocks as number;
}
