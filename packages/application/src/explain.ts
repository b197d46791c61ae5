import type { Instant } from '@duban/calendar';
import {
  type Clocked,
  type ClockRules,
  explainLimits,
  type Limit,
  type LimitExplanation,
  type SourceReference,
  type Structure,
} from '@duban/domain';
import type { Dependencies } from './dependencies.ts';
import type { StreamRef } from './ports.ts';

export interface ClockView {
  readonly id: string;
  readonly now: Instant;
  readonly structure: Structure;
  readonly limits: readonly LimitExplanation[];
}

/** Each limit of an item and why it says what it says, with the events that started them. */
export async function explainItem<T extends Clocked & { readonly version: number }>(
  deps: Dependencies,
  ref: StreamRef,
  item: T,
  structure: Structure,
  rules: ClockRules<T>,
  sourceOf: (limit: Limit) => SourceReference,
): Promise<ClockView> {
  const now = deps.clock.now();
  const recorded = await deps.store.read(ref, { to: item.version });
  const history = recorded.map(({ version, meta, event }) => ({ version, at: meta.at, event }));
  const limits = explainLimits(item, rules, sourceOf, history, { now, structure });
  return { id: item.id, now, structure, limits };
}
