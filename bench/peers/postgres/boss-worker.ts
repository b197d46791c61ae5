import { type Db, PgBoss } from 'pg-boss';
import { serveParent, tellCommitted, workerSettings } from '../lib/tell-parent.ts';
import { type DeadlineJob, jobOf, QUEUE, SUPERVISION } from './boss.ts';
import { type DueRow, type Query, recordSteps } from './items-table.ts';

const { url } = workerSettings<{ readonly url: string }>();
const boss = new PgBoss({ connectionString: url, max: 10, ...SUPERVISION });
boss.on('error', () => undefined);
await boss.start();

interface Batch {
  readonly ids: readonly string[];
  readonly refused: number;
}
const handled = new WeakMap<Db, Batch>();
noteCommits(boss.getDb());

/** pg-boss commits after the handler has returned; when it has is what is measured. */
function noteCommits(db: Db): void {
  const begin = db.beginTransaction?.bind(db);
  if (begin === undefined) throw new Error('This pg-boss has no transactions of its own.');
  db.beginTransaction = async () => {
    const transaction = await begin();
    const commit = async (): Promise<void> => {
      await transaction.commit();
      const batch = handled.get(transaction.db);
      if (batch !== undefined) tellCommitted(batch.ids, Date.now(), batch.refused);
    };
    return { ...transaction, commit };
  };
}

const OPTIONS = {
  batchSize: 100,
  localConcurrency: 2,
  // The shortest it takes.
  pollingIntervalSeconds: 0.5,
  burstWhenBatchFull: true,
  transactional: true,
} as const;

await boss.work<DeadlineJob, void, typeof OPTIONS>(QUEUE, OPTIONS, async (jobs, tx) => {
  const query: Query = async (text, values) => (await tx.executeSql(text, [...values])).rows;
  const wanted = new Map(jobs.map(({ data }) => [data.id, data.step]));
  const rows = await query<DueRow>('SELECT id, step, body FROM items WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [
    [...wanted.keys()],
  ]);
  const due = rows.filter(({ id, step }) => wanted.get(id) === step);
  if (due.length > 0) {
    const next = await recordSteps(query, due, Date.now());
    await boss.insert(QUEUE, next.map(jobOf), { db: tx });
  }
  handled.set(tx, { ids: due.map(({ id }) => id), refused: jobs.length - due.length });
});
serveParent();
