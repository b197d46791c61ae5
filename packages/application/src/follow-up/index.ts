import type { Structure, StructureEvent, StructureState } from '@duban/domain';
import { commitOf, sendSoon } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { structureRef } from '../structure-source.ts';
import { recomputeClocks } from './clocks.ts';
import { type DutiesFollowed, syncDuties } from './duties.ts';

export { recomputeClocks } from './clocks.ts';

export interface FollowUpReport {
  readonly duties: DutiesFollowed;
  /** Items whose limits moved. */
  readonly clocks: number;
}

/**
 * Whoever read the structure before it changed and writes after its clocks were counted counts by the former calendar:
 * longer than any request lasts, they are looked at once more (ms).
 */
const SECOND_LOOK_AFTER_MS = 120_000;

/** Changes of the structure that may come in between before it is given up until the next wake. */
const ROUNDS = 8;

/**
 * Does what a change of structure brought with it: opens, corrects and ends duties as the structure has them now, and
 * counts clocks again when the calendar has changed. Safe to repeat and to run twice at once: what has been done is left
 * alone, and only who finds the structure unchanged at the end notes it as done.
 *
 * @returns null when nothing was to be done
 */
export async function followUp(deps: Dependencies, jurisdiction: string): Promise<FollowUpReport | null> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const head = await deps.store.load(structureRef(jurisdiction));
    const { followUp: wanted, underWay } = (head?.state ?? { followUp: null, underWay: null }) as StructureState;
    const at = deps.clock.now();
    // An import that is being written will be followed up once it is published.
    if (head === null || wanted === null || wanted.at > at || underWay?.phase === 'writing') return null;
    const structure = await deps.structures.current(jurisdiction);
    const duties = wanted.duties ? await syncDuties(deps, structure) : NO_DUTIES;
    const clocks = wanted.clocks ? await recomputeClocks(deps, structure) : 0;
    const publishedYear = structure.calendar.lastPublishedYear();
    const again = wanted.clocks && !wanted.isSecondLook ? at + SECOND_LOOK_AFTER_MS : null;
    const done: StructureEvent = { type: 'FollowUpDone', at, duties, clocks, publishedYear, again };
    const meta = { at, actor: 'system:follow-up', correlationId: deps.ids.next('follow') };
    const [outcome] = await deps.store.commit([commitOf(head, head.ref, [done], meta)]);
    if (outcome?.status === 'committed') return { duties, clocks };
  }
  throw new Error(`The structure of ${jurisdiction} is being changed all the time.`);
}

const NO_DUTIES: DutiesFollowed = { opened: 0, corrected: 0, ended: 0 };

/**
 * Asks for clocks to be counted again where the system itself knows a year's holidays that it did not know when they
 * were counted last: after a release that brought a new notice.
 */
export async function noticeNewYears(deps: Dependencies, structure: Structure): Promise<boolean> {
  const { version, countedYear, calendar, jurisdiction } = structure;
  if (version === 0 || (countedYear !== null && calendar.lastPublishedYear() <= countedYear)) return false;
  const head = await deps.store.load(structureRef(jurisdiction.code));
  if (head === null || (head.state as StructureState).followUp !== null) return false;
  const at = deps.clock.now();
  const by = 'system:follow-up';
  const event: StructureEvent = { type: 'FollowUpRequested', at, by, follows: { duties: false, clocks: true } };
  const commit = commitOf(head, head.ref, [event], { at, actor: by, correlationId: deps.ids.next('follow') });
  const [outcome] = await deps.store.commit([commit]);
  if (outcome?.status !== 'committed') return false;
  await sendSoon(deps, [commit]);
  return true;
}
