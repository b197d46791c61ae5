import type { Aggregate } from '../aggregate.ts';
import type { DutyCommand } from './commands.ts';
import { decideDuty } from './decide.ts';
import type { DutyEvent } from './events.ts';
import { evolveDuty } from './evolve.ts';
import { type DutyState, dutyNextWakeAt, INITIAL_DUTY } from './state.ts';
import { recomputeDuty, wakeDuty } from './wake.ts';

/** 定期事项: an obligation of one owner, period after period until it ends. */
export const dutyAggregate: Aggregate<DutyState, DutyCommand, DutyEvent> = {
  initial: INITIAL_DUTY,
  decide: decideDuty,
  evolve: evolveDuty,
  wake: wakeDuty,
  recompute: recomputeDuty,
  nextWakeAt: dutyNextWakeAt,
};
