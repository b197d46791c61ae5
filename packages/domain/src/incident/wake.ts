import type { WakeContext } from '../aggregate.ts';
import { activeLimits, isActive, type Limit } from '../clock/limit.ts';
import { recomputeLimits } from '../clock/recompute.ts';
import type { SourceReference } from '../clock/source.ts';
import { type ClockRules, wakeLimits } from '../clock/wake.ts';
import type { Answerable } from '../structure/recipients.ts';
import type { IncidentEvent } from './events.ts';
import { evolveIncident } from './evolve.ts';
import type { ExistingIncident, IncidentState } from './state.ts';

/** How the clock sees an incident: explanations are asked for calmly, all else day and night. */
export const INCIDENT_CLOCK: ClockRules<ExistingIncident> = {
  running: activeLimits,
  policyOf: ({ pace }, { kind }) => (kind === 'explanation' ? pace.calmLadder : pace.ladder),
  answerable: answerableForIncident,
  isCovered,
};

/** No group answers for it: its ladder climbs by the offices and leaders of the county. */
export function answerableForIncident({ unit }: Pick<ExistingIncident, 'unit'>): Answerable {
  return { group: null, leadUnits: [unit] };
}

/**
 * The county's limit of a first report and the national ones beside it climb one ladder: that of the limit that is
 * missed first, and of the same instant the county's own, which comes first among them.
 */
function isCovered({ limits }: ExistingIncident, { id }: Limit): boolean {
  const together = limits.filter((limit) => limit.kind === 'first_report' && isActive(limit));
  const index = together.findIndex((limit) => limit.id === id);
  const limit = together[index];
  return (
    limit !== undefined &&
    together.some(({ dueAt }, other) => dueAt < limit.dueAt || (dueAt === limit.dueAt && other < index))
  );
}

const PARALLEL = /^parallel:/;

/** Where a limit of an incident is written down. */
export function sourceOfIncidentLimit({ kind, pace }: ExistingIncident, limit: Limit): SourceReference {
  if (limit.kind !== 'first_report') return pace.source;
  const code = limit.id.replace(PARALLEL, '');
  return kind.parallel.find((parallel) => parallel.code === code)?.source ?? kind.source;
}

export function wakeIncident(state: IncidentState, context: WakeContext): readonly IncidentEvent[] {
  if (state.status === 'none') return [];
  const evolve = (item: ExistingIncident, event: IncidentEvent) => evolveIncident(item, event) as ExistingIncident;
  return wakeLimits(state, INCIDENT_CLOCK, context, evolve).events;
}

export function recomputeIncident(state: IncidentState, context: WakeContext): readonly IncidentEvent[] {
  if (state.status === 'none') return [];
  return recomputeLimits(state, INCIDENT_CLOCK, context);
}
