import type pg from 'pg';
import type { Effects } from '../lib/contender.ts';
import type { Planted } from '../lib/items.ts';
import { escalate, type Item } from '../lib/job.ts';

/** Runs a statement, inside whatever transaction its maker has begun. */
export type Query = <Row>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/**
 * Items, their events and the notices they make. Events have no constraint against a second one of the same step: what
 * keeps it out is the item's step, read under a lock, and whether that does is what is counted. Notices have one.
 */
export const SCHEMA = `
  CREATE TABLE items (id text PRIMARY KEY, step int NOT NULL, due_ms bigint, body jsonb NOT NULL);
  CREATE TABLE events (seq bigserial PRIMARY KEY, item_id text NOT NULL, step int NOT NULL, body jsonb NOT NULL);
  CREATE TABLE notices (
    item_id text NOT NULL, step int NOT NULL, recipient text NOT NULL, told_ms bigint, PRIMARY KEY (item_id, step)
  );`;
/** For who looks for what is due in the table itself. */
export const DUE_INDEX = 'CREATE INDEX items_due ON items (due_ms) WHERE due_ms IS NOT NULL';

const ROWS_PER_INSERT = 1_000;

export async function insertItems(pool: pg.Pool, planted: readonly Planted[]): Promise<void> {
  for (let start = 0; start < planted.length; start += ROWS_PER_INSERT) {
    const some = planted.slice(start, start + ROWS_PER_INSERT);
    await pool.query(
      `INSERT INTO items SELECT id, 0, due, body
       FROM unnest($1::text[], $2::bigint[], $3::jsonb[]) AS new (id, due, body)`,
      [some.map(({ id }) => id), some.map(({ dueAt }) => dueAt), some.map(({ item }) => JSON.stringify(item))],
    );
  }
  // What autovacuum would have done a minute later, so that nobody is measured with a planner that knows nothing.
  await pool.query('VACUUM ANALYZE items');
}

export interface DueRow {
  readonly id: string;
  readonly step: number;
  readonly body: Item;
}

export interface NextDeadline {
  readonly id: string;
  readonly step: number;
  readonly dueAt: number;
}

/** Carries out what is due of locked items: their events, their state, their notices, three statements for all of them. */
export async function recordSteps(
  query: Query,
  rows: readonly DueRow[],
  now: number,
): Promise<readonly NextDeadline[]> {
  const steps = rows.map(({ id, step, body }) => ({ id, step, ...escalate(body, step, now) }));
  const ids = steps.map(({ id }) => id);
  const numbers = steps.map(({ step }) => step);
  await query(
    `INSERT INTO events (item_id, step, body)
     SELECT * FROM unnest($1::text[], $2::int[], $3::jsonb[])`,
    [ids, numbers, steps.map(({ event }) => JSON.stringify(event))],
  );
  await query(
    `UPDATE items SET step = items.step + 1, due_ms = new.due, body = new.body
     FROM unnest($1::text[], $2::bigint[], $3::jsonb[]) AS new (id, due, body) WHERE items.id = new.id`,
    [ids, steps.map(({ nextDueAt }) => nextDueAt), steps.map(({ item }) => JSON.stringify(item))],
  );
  await query(`INSERT INTO notices SELECT *, $4::bigint FROM unnest($1::text[], $2::int[], $3::text[])`, [
    ids,
    numbers,
    steps.map(({ told }) => told),
    now,
  ]);
  return steps.flatMap(({ id, step, nextDueAt }) =>
    nextDueAt === null ? [] : [{ id, step: step + 1, dueAt: nextDueAt }],
  );
}

export async function remainingItems(pool: pg.Pool, at: number): Promise<number> {
  const { rows } = await pool.query('SELECT count(*)::int AS left FROM items WHERE step = 0 AND due_ms <= $1', [at]);
  return (rows as { left: number }[])[0]?.left ?? 0;
}

/** @param nextDeadlines a query that gives item_id and n, the next deadlines it has */
export async function countEffects(pool: pg.Pool, ids: readonly string[], nextDeadlines: string): Promise<Effects> {
  const { rows } = await pool.query(
    `WITH made AS (
       SELECT coalesce(e.n, 0) AS events, coalesce(t.n, 0) AS notices, coalesce(d.n, 0) AS next
       FROM unnest($1::text[]) AS wanted (id)
       LEFT JOIN (SELECT item_id, count(*) AS n FROM events WHERE step = 0 GROUP BY 1) e ON e.item_id = wanted.id
       LEFT JOIN (SELECT item_id, count(*) AS n FROM notices WHERE step = 0 GROUP BY 1) t ON t.item_id = wanted.id
       LEFT JOIN (${nextDeadlines}) d ON d.item_id = wanted.id)
     SELECT count(*) FILTER (WHERE 0 IN (events, notices, next))::int AS lost,
            count(*) FILTER (WHERE greatest(events, notices, next) > 1)::int AS doubled FROM made`,
    [ids],
  );
  return (rows as Effects[])[0] as Effects;
}
