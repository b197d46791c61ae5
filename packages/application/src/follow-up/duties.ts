import type { Instant } from '@duban/calendar';
import {
  type CommandContext,
  type DutyCommand,
  type DutyDefinition,
  type DutyState,
  dutyAggregate,
  type ExistingDuty,
  firstPeriodAfter,
  isScheduled,
  type Structure,
  termsOf,
} from '@duban/domain';
import { chunksOf } from '../concurrency.ts';
import type { Dependencies } from '../dependencies.ts';
import { dutyIdOf } from '../duties.ts';
import { sameData } from '../imports/diff.ts';
import type { Commit, Head } from '../ports.ts';
import { itemRef, systemContext } from '../write-item.ts';
import { commitAll } from './commit-all.ts';

/** Streams written together. */
const CHUNK = 200;

export interface DutiesFollowed {
  readonly opened: number;
  readonly corrected: number;
  readonly ended: number;
}

interface Wanted {
  readonly definition: DutyDefinition;
  readonly owner: string;
}

/** Opens the duties the structure has and the ledger lacks, corrects those that differ, ends those it has no more. */
export async function syncDuties(deps: Dependencies, structure: Structure): Promise<DutiesFollowed> {
  const jurisdiction = structure.jurisdiction.code;
  const wanted = new Map<string, Wanted>();
  for (const definition of structure.data.duties) {
    for (const owner of definition.owners) wanted.set(dutyIdOf(definition.code, owner), { definition, owner });
  }
  const ended = await endGone(deps, structure, wanted);
  let [opened, corrected] = [0, 0];
  for (const some of chunksOf([...wanted], CHUNK)) {
    const part = new Map(some);
    const written = await writeAll(deps, structure, [...part.keys()], (head, id, context) => {
      const { definition, owner } = part.get(id) as Wanted;
      return dutyCommand(head, id, definition, owner, context);
    });
    for (const { expectedVersion } of written) {
      if (expectedVersion === 0) opened += 1;
      else corrected += 1;
    }
  }
  if (opened + corrected + ended > 0) deps.log.info('duties.followed', { jurisdiction, opened, corrected, ended });
  return { opened, corrected, ended };
}

function dutyCommand(
  head: Head | null,
  dutyId: string,
  definition: DutyDefinition,
  owner: string,
  { structure, now }: Pick<CommandContext, 'structure' | 'now'>,
): DutyCommand | null {
  if (head === null) {
    const policy = structure.policy(definition.policy);
    if (policy === null || isPast(definition, structure, now)) return null;
    return { type: 'OpenDuty', dutyId, definition, owner, policy, imported: true, urgent: false, override: null };
  }
  const { status, terms, endCause } = head.state as ExistingDuty;
  // Whoever withdrew it meant it, whatever the document goes on to say.
  if (endCause === 'withdrawn' || (status === 'active' && isSame(terms, definition))) return null;
  // A document that lasts longer now, or holds it again, brings it back; what is over is not owed again.
  if (status === 'ended' && isPast(definition, structure, now)) return null;
  return { type: 'CorrectDuty', definition };
}

/** A document may name what was over before it was imported: nobody is asked for that any more. */
function isPast(definition: DutyDefinition, { calendar }: Structure, now: Instant): boolean {
  if (calendar.endOfDay(definition.until) <= now) return true;
  return isScheduled(definition.period) && firstPeriodAfter(definition, now, calendar) === null;
}

/** Of what a duty says, as far as its clock and its lists depend on it. */
function isSame(terms: ExistingDuty['terms'], definition: DutyDefinition): boolean {
  return sameData(terms, termsOf(definition));
}

/** Imported duties that no document holds any more. */
async function endGone(deps: Dependencies, structure: Structure, wanted: ReadonlyMap<string, Wanted>): Promise<number> {
  const gone: string[] = [];
  for await (const { ref, state } of deps.store.scanHeads(structure.jurisdiction.code)) {
    if (ref.type !== 'duty' || wanted.has(ref.id)) continue;
    const duty = state as ExistingDuty;
    if (duty.imported && duty.status === 'active') gone.push(ref.id);
  }
  const end: DutyCommand = { type: 'EndDuty', cause: 'removed', reason: null };
  return (await writeAll(deps, structure, gone, (head) => (head === null ? null : end))).length;
}

async function writeAll(
  deps: Dependencies,
  structure: Structure,
  ids: readonly string[],
  commandFor: (head: Head | null, id: string, context: CommandContext) => DutyCommand | null,
): Promise<readonly Commit[]> {
  const written: Commit[] = [];
  for (const some of chunksOf(ids, CHUNK)) {
    const refs = some.map((id) => itemRef(structure.jurisdiction.code, 'duty', id));
    const context = systemContext(deps, structure, 'system:import');
    written.push(
      ...(await commitAll(deps, refs, context, (head, ref) => {
        const command = commandFor(head, ref.id, context);
        if (command === null) return [];
        try {
          return dutyAggregate.decide((head?.state ?? dutyAggregate.initial) as DutyState, command, context);
        } catch (error) {
          // One that its own rules refuse must not keep the others waiting.
          deps.log.warn('duty.not_opened', { id: ref.id, fault: error instanceof Error ? error.message : 'unknown' });
          return [];
        }
      })),
    );
  }
  return written;
}
