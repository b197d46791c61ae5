import type { Instant } from '@duban/calendar';
import type { ImportStarted, StructureImported, StructureState } from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from '../access.ts';
import type { Dependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import type { RecordChange, RecordedEvent } from '../ports.ts';
import { structureRef } from '../structure-source.ts';
import type { Caller } from '../write-item.ts';
import { partsOf, readPart } from './staging.ts';

/** `writing`: readers see nothing of it yet. `settling`: they do; people are being told. */
export type ImportState = 'writing' | 'settling' | 'done';

export interface ImportSummary {
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  readonly counts: StructureImported['counts'];
  readonly state: ImportState;
  /** Tasks written so far, of how many; null when it is done. */
  readonly progress: { readonly done: number; readonly total: number } | null;
}

export type ImportDetail = ImportSummary & {
  readonly changes: readonly RecordChange[];
  /** Where the next page of changes begins; null at the end. */
  readonly next: string | null;
};

type Begun = StructureImported | ImportStarted;

/** Events read at a time: an import of thousands of tasks leaves one behind for each part. */
const EVENTS_AT_ONCE = 200;

/** Who changed the structure when, latest first. */
export async function listImports(
  deps: Dependencies,
  caller: Caller,
  { limit, after }: PageRequest,
): Promise<PageResult<ImportSummary>> {
  await requireAdmin(deps, caller);
  const ref = structureRef(caller.jurisdiction);
  const head = await deps.store.load(ref);
  const items: ImportSummary[] = [];
  for (let to = after === null ? (head?.version ?? 0) : Number(after) - 1; to > 0; ) {
    const from = Math.max(1, to - EVENTS_AT_ONCE + 1);
    const recorded = [...(await deps.store.read(ref, { from, to }))].reverse();
    for (const { event, version } of recorded) {
      if (!isBegun(event)) continue;
      items.push(summaryOf(event, head?.state as StructureState));
      if (items.length === limit) return { items, next: version > 1 ? String(version) : null };
    }
    to = from - 1;
  }
  return { items, next: null };
}

/**
 * One import with the records it touched, before and after.
 * @param page null for all of them
 */
export async function readImport(
  deps: Dependencies,
  caller: Caller,
  id: string,
  page: PageRequest | null,
): Promise<ImportDetail> {
  await requireAdmin(deps, caller);
  const ref = structureRef(caller.jurisdiction);
  const head = await deps.store.load(ref);
  const recorded = await deps.store.read(ref);
  const event = recorded.map((entry) => entry.event).find((it): it is Begun => isBegun(it) && it.importId === id);
  if (event === undefined || head === null) throw notFound();
  const { changes, next } = await changesOf(deps, caller.jurisdiction, event.changes, page);
  return { ...summaryOf(event, head.state as StructureState), changes, next };
}

/** A cursor is `<part>.<place in it>`, so that a page costs the parts it shows. */
async function changesOf(
  deps: Dependencies,
  jurisdiction: string,
  names: readonly string[],
  page: PageRequest | null,
): Promise<{ readonly changes: readonly RecordChange[]; readonly next: string | null }> {
  const parts = partsOf(names);
  const limit = page?.limit ?? Number.POSITIVE_INFINITY;
  const [part = 0, place = 0] = (page?.after ?? '0.0').split('.').map(Number);
  const changes: RecordChange[] = [];
  for (let at = part, from = place; at < parts.length; at += 1, from = 0) {
    const read = await readPart(deps, jurisdiction, parts[at] ?? []);
    const taken = read.slice(from, from + limit - changes.length);
    changes.push(...taken);
    const end = from + taken.length;
    if (end < read.length) return { changes, next: `${at}.${end}` };
    if (changes.length >= limit && at + 1 < parts.length) return { changes, next: `${at + 1}.0` };
  }
  return { changes, next: null };
}

function isBegun(event: RecordedEvent['event']): event is Begun {
  return event.type === 'StructureImported' || event.type === 'ImportStarted';
}

function summaryOf({ importId, at, by, counts }: Begun, { underWay }: StructureState): ImportSummary {
  const mine = underWay?.importId === importId ? underWay : null;
  return {
    ...{ id: importId, at, by, counts },
    state: mine?.phase ?? 'done',
    progress: mine === null ? null : { done: mine.tasksDone, total: mine.tasks },
  };
}

async function requireAdmin(deps: Dependencies, caller: Caller): Promise<void> {
  const { seats } = await currentStructure(deps, caller);
  if (!seats.admin && !seats.supervision) throw notFound();
}
