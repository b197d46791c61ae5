import type { CommandContext } from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Commit, type Head, refKey } from '../ports.ts';

/** Rounds in which items that others were changing are tried again. */
const ROUNDS = 8;

/** Decides on and commits many streams together; those that others were changing are read and decided on again. */
export async function commitAll(
  deps: Dependencies,
  refs: readonly Head['ref'][],
  { now: at, actor }: Pick<CommandContext, 'now' | 'actor'>,
  decide: (head: Head | null, ref: Head['ref']) => readonly { readonly type: string }[],
  known: ReadonlyMap<string, Head> = new Map(),
): Promise<readonly Commit[]> {
  const written: Commit[] = [];
  let left = refs;
  for (let round = 1; left.length > 0; round += 1) {
    if (round > ROUNDS) throw new Error(`${left.length} items are being changed all the time.`);
    const heads = round === 1 && known.size > 0 ? known : await deps.store.loadMany(left);
    const commits = left.flatMap((ref): Commit[] => {
      const head = heads.get(refKey(ref)) ?? null;
      const events = decide(head, ref);
      const meta = { at, actor, correlationId: deps.ids.next('follow') };
      return events.length === 0 ? [] : [commitOf(head, ref, events, meta)];
    });
    const outcomes = await deps.store.commit(commits);
    const done = commits.filter((_, index) => outcomes[index]?.status === 'committed');
    await sendSoon(deps, done);
    written.push(...done);
    left = commits.filter((_, index) => outcomes[index]?.status === 'conflict').map(({ ref }) => ref);
  }
  return written;
}
