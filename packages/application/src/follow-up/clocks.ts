import type { Structure } from '@duban/domain';
import { aggregates } from '../aggregates.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Head, refKey } from '../ports.ts';
import { systemContext } from '../write-item.ts';
import { commitAll } from './commit-all.ts';

/** Items whose clocks are counted again and written together. */
const RECOMPUTED_AT_ONCE = 500;

/** Counts the clocks of every item again by the calendar in force; only what moves is written. */
export async function recomputeClocks(deps: Dependencies, structure: Structure): Promise<number> {
  const context = systemContext(deps, structure, 'system:follow-up');
  let moved = 0;
  const write = async (heads: readonly Head[]): Promise<void> => {
    const written = await commitAll(
      deps,
      heads.map(({ ref }) => ref),
      context.now,
      context.actor,
      (head, ref) => (head === null ? [] : (aggregates[ref.type].recompute?.(head.state, context) ?? [])),
      new Map(heads.map((head) => [refKey(head.ref), head])),
    );
    moved += written.length;
  };
  let part: Head[] = [];
  // One part is written while the next is being looked for; never more, so that memory stays small.
  let writing: Promise<void> = Promise.resolve();
  for await (const head of deps.store.scanHeads(structure.jurisdiction.code)) {
    const events = aggregates[head.ref.type].recompute?.(head.state, context) ?? [];
    if (events.length > 0) part.push(head);
    if (part.length < RECOMPUTED_AT_ONCE) continue;
    await writing;
    writing = write(part);
    // Whoever awaits it hears of a failure; until then it must not end the process.
    writing.catch(() => undefined);
    part = [];
  }
  await writing;
  await write(part);
  return moved;
}
