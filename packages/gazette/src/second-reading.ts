import { createHash } from 'node:crypto';
import type { Bundle } from './bundle.ts';

type Task = Bundle['tasks'][number];

/** Rows drawn for a second reader, the same for the same seed and the same lists. */
export function drawRows(tasks: readonly Task[], seed: number, count: number): readonly Task[] {
  const rows = [...tasks];
  const random = mulberry32(seed);
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(random() * (rows.length - at));
    [rows[at], rows[other]] = [rows[other] as Task, rows[at] as Task];
  }
  return rows.slice(0, count);
}

/** What a reader has compared with the source; anything of it that changes wants to be read again. */
export function readingDigest(task: Task): string {
  const { title, text, leadUnits, responsibleUnits, leaders, due, dueText, ongoing, sourceLines } = task;
  const read = [title, text, leadUnits, responsibleUnits, leaders, due, dueText, ongoing, sourceLines];
  return createHash('sha256').update(JSON.stringify(read)).digest('hex').slice(0, 12);
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
