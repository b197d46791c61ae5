import type { Structure } from '@duban/domain';
import { aggregates } from '../aggregates.ts';
import type { Dependencies } from '../dependencies.ts';
import { type DomainEvent, type Head, refKey } from '../ports.ts';
import { systemContext } from '../write-item.ts';
import { commitAll } from './commit-all.ts';

/** Items whose clocks are counted again and written together. */
const RECOMPUTED_AT_ONCE = 500;

/**
 * Counts the clocks of every item again by the calendar in force; only what moves is written. Whatever has a clock that
 * can move waits to be woken: the wake index names them all, and nothing else is read.
 *
 * @returns how many items were moved
 */
export async function recomputeClocks(deps: Dependencies, structure: Structure): Promise<number> {
  const context = systemContext(deps, structure, 'system:follow-up');
  const recompute = ({ ref, state }: Head) => aggregates[ref.type].recompute?.(state, context) ?? [];
  let moved = 0;
  const write = async (moves: ReadonlyMap<Head, readonly DomainEvent[]>): Promise<void> => {
    const heads = [...moves.keys()];
    const refs = heads.map(({ ref }) => ref);
    const known = new Map(heads.map((head) => [refKey(head.ref), head]));
    // What somebody else was changing is another head by now, and is decided on again.
    const decide = (head: Head | null) => (head === null ? [] : (moves.get(head) ?? recompute(head)));
    moved += (await commitAll(deps, refs, context, decide, known)).length;
  };
  let part = new Map<Head, readonly DomainEvent[]>();
  // One part is written while the next is being looked for; never more, so that memory stays small.
  let writing: Promise<void> = Promise.resolve();
  for await (const page of deps.wakes.due(Number.MAX_SAFE_INTEGER)) {
    const refs = page.map(({ ref }) => ref).filter(({ jurisdiction }) => jurisdiction === structure.jurisdiction.code);
    const heads = await deps.store.loadMany(refs);
    for (const head of heads.values()) {
      const events = recompute(head);
      if (events.length > 0) part.set(head, events);
    }
    if (part.size < RECOMPUTED_AT_ONCE) continue;
    await writing;
    writing = write(part);
    // Whoever awaits it hears of a failure; until then it must not end the process.
    writing.catch(() => undefined);
    part = new Map();
  }
  await writing;
  await write(part);
  return moved;
}
