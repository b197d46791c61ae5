import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { serveParent, tellCommitted, workerSettings } from '../lib/tell-parent.ts';
import { type DueRow, recordSteps } from './items-table.ts';

/** The poller that a careful engineer writes by hand: batches under SKIP LOCKED, and a sleep until what is due next. */
const BATCH = 100;
const LOOPS = 2;
/** What another process has planted in the meantime is found this late at most (ms). */
const LONGEST_SLEEP_MS = 500;
/** What another loop holds locked is due already: without a pause this one would spin (ms). */
const SHORTEST_SLEEP_MS = 5;
const PAUSE_AFTER_ERROR_MS = 100;

const CLAIM = `
  SELECT id, step, body FROM items WHERE due_ms <= $1 ORDER BY due_ms LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;

const { url } = workerSettings<{ readonly url: string }>();
const pool = new pg.Pool({ connectionString: url, max: LOOPS });
pool.on('error', () => undefined);

/** @returns how many were due */
async function carryOut(client: pg.PoolClient): Promise<number> {
  await client.query('BEGIN');
  const now = Date.now();
  const { rows } = await client.query<DueRow>(CLAIM, [now]);
  if (rows.length > 0) {
    await recordSteps(async (text, values) => (await client.query(text, [...values])).rows, rows, now);
  }
  await client.query('COMMIT');
  tellCommitted(
    rows.map(({ id }) => id),
    Date.now(),
  );
  return rows.length;
}

async function untilNextDue(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ due: string | null }>('SELECT min(due_ms) AS due FROM items');
  const due = rows[0]?.due ?? null;
  const left = due === null ? LONGEST_SLEEP_MS : Number(due) - Date.now();
  return Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, left));
}

async function loop(): Promise<never> {
  for (;;) {
    let client: pg.PoolClient | null = null;
    try {
      client = await pool.connect();
      // A connection that breaks between two statements says so to nobody else; the next statement fails.
      client.on('error', () => undefined);
      for (;;) {
        if ((await carryOut(client)) < BATCH) await pause(await untilNextDue(client));
      }
    } catch {
      await pause(PAUSE_AFTER_ERROR_MS);
    } finally {
      client?.release(true);
    }
  }
}

serveParent();
await Promise.all(Array.from({ length: LOOPS }, loop));
