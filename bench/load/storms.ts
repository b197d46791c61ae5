import { setTimeout as pause } from 'node:timers/promises';
import { type Head, refKey, type StreamRef, taskRef } from '@duban/application';
import type { Escalated, ExistingTask } from '@duban/domain';
import type { Product } from '@duban/testkit/stories/product';
import { JURISDICTION } from '../lib/tasks.ts';

const LIST = { documentNumber: '泸政办发〔2023〕5号', list: '安全生产' };
const PLAN = 'luxi-2023-anquan';
const FIRST_SEQ = 5_000;
const UNITS = ['县住建局', '县应急管理局', '县公安局', '县财政局', '县水利局', '县林业局', '县教体局', '县卫健局'];
const DAY_MS = 86_400_000;
/** The day after the county's clock begins. */
const FIRST_DAY = Date.parse('2023-05-16T00:00:00Z');
/** A holiday of that spring; deadlines do not end on one. */
const HOLIDAYS = new Set(['2023-06-22', '2023-06-23']);
const LOOK_EVERY_MS = 500;
/** Tasks looked at each time: a look at all of them would be a good part of what the store has to do in a storm. */
const LOOKED_AT = 20;
const GIVEN_UP_AFTER_MS = 120_000;

export interface StormFigure {
  readonly due: string;
  readonly tasks: number;
  /** Real seconds from when the clock was moved past the deadline until each of them was escalated; null: not all were. */
  readonly seconds: number | null;
}

export interface Storms {
  /** Moves the clock past the next day's midnight, where everything of that day falls due at once. */
  next(): Promise<StormFigure>;
  /** Tasks escalated never, or more than once, of all storms so far. */
  check(): Promise<{ readonly lost: number; readonly twice: number }>;
}

/** Imports the tasks of some storms, as many of each due on one working day. */
export async function plantStorms(product: Product, storms: number, tasksEach: number): Promise<Storms> {
  const days = workingDays(storms);
  const tasks = days.flatMap((due, storm) =>
    Array.from({ length: tasksEach }, (_, index) => ({
      ...LIST,
      ...{ seq: FIRST_SEQ + storm * tasksEach + index, title: `排查第${storm}批第${index}处`, text: '排查并整改' },
      ...{ leadUnits: [UNITS[index % UNITS.length]], due },
    })),
  );
  const token = await product.adminToken();
  // Up to 2,000 tasks the answer comes when readers see them.
  for (let from = 0; from < tasks.length; from += 1_500) {
    const bundle = { jurisdiction: JURISDICTION, tasks: tasks.slice(from, from + 1_500) };
    await untilTaken(() => product.call('POST', '/v1/imports', bundle, token));
  }
  const refs = days.map((_, storm) =>
    Array.from({ length: tasksEach }, (__, index) =>
      taskRef(JURISDICTION, `task_${PLAN}-${FIRST_SEQ + storm * tasksEach + index}`),
    ),
  );
  let done = 0;
  return {
    next: async () => {
      const [due = '', batch = []] = [days[done], refs[done]];
      done += 1;
      const began = performance.now();
      const morning = new Date(Date.parse(`${due}T00:00:00+08:00`) + DAY_MS + 1_000).toISOString();
      await product.call('PUT', '/dev/clock', { now: morning, speed: 1 });
      return { due, tasks: batch.length, seconds: await secondsUntilEscalated(product, batch, began) };
    },
    check: async () => {
      const counts: number[] = [];
      const ledger = product.ledger();
      for (const ref of refs.slice(0, done).flat()) {
        const events = await ledger.read(ref);
        // The ladder climbs on as days go by; what happens once is its first step, at the deadline.
        const first = events.filter(({ event }) => {
          const { limitId, step } = event as Partial<Escalated>;
          return event.type === 'Escalated' && limitId === 'due' && step === 0;
        });
        counts.push(first.length);
      }
      return { lost: counts.filter((count) => count === 0).length, twice: counts.filter((count) => count > 1).length };
    },
  };
}

async function secondsUntilEscalated(product: Product, refs: readonly StreamRef[], began: number) {
  const ledger = product.ledger();
  let left = refs;
  while (left.length > 0) {
    if (performance.now() - began > GIVEN_UP_AFTER_MS) return null;
    const some = left.slice(-LOOKED_AT);
    // A look that finds the store busy is taken again.
    const heads = await ledger.loadMany(some).catch(() => new Map<string, Head>());
    const waiting = some.filter((ref) => escalationsOf(heads.get(refKey(ref))) === 0);
    left = [...left.slice(0, -LOOKED_AT), ...waiting];
    if (waiting.length > 0) await pause(LOOK_EVERY_MS);
  }
  return (performance.now() - began) / 1_000;
}

function escalationsOf(head: Head | undefined): number {
  return ((head?.state ?? { escalations: [] }) as ExistingTask).escalations.length;
}

/** Another import may be under way just after the first start. */
async function untilTaken(send: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await send();
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await pause(1_000);
    }
  }
}

function workingDays(count: number): readonly string[] {
  const days: string[] = [];
  for (let at = FIRST_DAY; days.length < count; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const weekday = new Date(at).getUTCDay();
    if (weekday >= 1 && weekday <= 5 && !HOLIDAYS.has(day)) days.push(day);
  }
  return days;
}
