import type { ExistingReport, StructureState } from '@duban/domain';
import { currentStructure } from './access.ts';
import { aggregates } from './aggregates.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound, StoredRowError } from './errors.ts';
import type { ChainVerification, EventStore, Head, StreamRef } from './ports.ts';
import { aggregateRef } from './queries.ts';
import type { Caller } from './write-item.ts';

/** What a stream came to when it was verified; `hash` names its last commit. */
export type StreamVerification =
  | { readonly ok: true; readonly versions: number; readonly hash: string | null }
  | Extract<ChainVerification, { readonly ok: false }>;

/**
 * Walks a stream's hash chain, compares its head with its events, and when it is to be woken with its state: whoever
 * takes that instant away has silenced it.
 */
export async function verifyStream(store: EventStore, ref: StreamRef): Promise<StreamVerification> {
  const chain = await store.verify(ref);
  if (!chain.ok) return chain;
  const head = await store.load(ref);
  if (head !== null && head.version > chain.versions) return verifyStream(store, ref);
  if (head !== null && head.nextWakeAt !== aggregates[ref.type].nextWakeAt(head.state)) {
    return { ok: false, version: head.version, fault: 'head waits for another instant than its state' };
  }
  const fault = head === null ? null : await faultOfBlobs(store, head);
  if (head !== null && fault !== null) return { ok: false, version: head.version, fault };
  return { ok: true, versions: chain.versions, hash: head?.hash ?? null };
}

/** What a head names by its digest and does not hold itself must be there as it was. */
async function faultOfBlobs(store: EventStore, { ref, state }: Head): Promise<string | null> {
  for (const name of blobsNamedBy(ref, state)) {
    try {
      if ((await store.readBlob(ref, name)) === null) return `${name} is missing`;
    } catch (error) {
      if (error instanceof StoredRowError) return error.message;
      throw error;
    }
  }
  return null;
}

function blobsNamedBy({ type }: StreamRef, state: unknown): readonly string[] {
  if (type === 'structure') return (state as StructureState).snapshot;
  return type === 'report' ? (state as ExistingReport).data : [];
}

/** Verifies one aggregate and names what is wrong with it. For supervision and administrators. */
export async function verifyAggregate(deps: Dependencies, caller: Caller, aggregate: string) {
  const { seats } = await currentStructure(deps, caller);
  if (!seats.admin && !seats.supervision) throw notFound();
  const ref = aggregateRef(caller.jurisdiction, aggregate);
  if (ref === null) throw notFound();
  const verdict = await verifyStream(deps.store, ref);
  if (!verdict.ok) return { ...verdict, aggregate };
  if (verdict.versions === 0) throw notFound();
  return { ok: true as const, versions: verdict.versions };
}
