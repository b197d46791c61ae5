/** A step of the ladder: how long after the one before, and whom it tells. */
interface Rung {
  readonly afterMs: number;
  readonly tell: string;
}

/** What the peers keep of a task: as much text as Duban keeps of it, and its ladder, so that reading one costs alike. */
export interface Item {
  readonly title: string;
  readonly text: string;
  readonly leadUnits: readonly string[];
  readonly responsibleUnits: readonly string[];
  readonly state: 'open' | 'overdue';
  readonly ladder: readonly Rung[];
  readonly escalations: readonly { readonly step: number; readonly at: number; readonly told: string }[];
}

export interface Step {
  readonly item: Item;
  readonly event: { readonly type: 'Escalated'; readonly step: number; readonly at: number; readonly told: string };
  readonly told: string;
  /** null on the last rung. */
  readonly nextDueAt: number | null;
}

/**
 * What a deadline brings: the peers' counterpart of a wake. Simpler than Duban's in three ways, all in the peers' favour:
 * no working days, no seats that may be vacant, no hash chain.
 * @param step of the ladder that is due, from 0
 */
export function escalate(item: Item, step: number, now: number): Step {
  const told = item.ladder[step]?.tell ?? 'supervision';
  const event = { type: 'Escalated', step, at: now, told } as const;
  const next = item.ladder[step + 1];
  return {
    item: { ...item, state: 'overdue', escalations: [...item.escalations, { step, at: now, told }] },
    event,
    told,
    nextDueAt: next === undefined ? null : now + next.afterMs,
  };
}
