import type { Aggregate } from '../aggregate.ts';
import type { IncidentCommand } from './commands.ts';
import { decideIncident } from './decide.ts';
import type { IncidentEvent } from './events.ts';
import { evolveIncident } from './evolve.ts';
import { INITIAL_INCIDENT, type IncidentState, incidentNextWakeAt } from './state.ts';
import { recomputeIncident, wakeIncident } from './wake.ts';

/** 重大事项: from the first word of it to the final report. */
export const incidentAggregate: Aggregate<IncidentState, IncidentCommand, IncidentEvent> = {
  initial: INITIAL_INCIDENT,
  decide: decideIncident,
  evolve: evolveIncident,
  wake: wakeIncident,
  recompute: recomputeIncident,
  nextWakeAt: incidentNextWakeAt,
};
