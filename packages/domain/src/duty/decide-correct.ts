import type { CommandContext } from '../aggregate.ts';
import type { DutyCommandOf } from './commands.ts';
import type { DutyEvent, RunningPeriod } from './events.ts';
import { type ExistingDuty, openPeriods, quotaOf, recordOf } from './state.ts';
import { periodLimit, runningPeriod, turnUnder } from './turns.ts';

/**
 * The document was corrected: the running period follows it with what has been done of it, what was missed under the
 * former terms stays as it is. A duty that had ended goes on when the document lets it.
 */
export function correctDuty(
  duty: ExistingDuty,
  { definition }: DutyCommandOf<'CorrectDuty'>,
  context: CommandContext,
): readonly DutyEvent[] {
  const { now, actor, calendar } = context;
  const endsAt = calendar.endOfDay(definition.until);
  const staysEnded = duty.status === 'ended' && endsAt <= now;
  const turn = staysEnded ? null : turnUnder(duty, definition, context);
  const period = turn === null ? null : runningPeriod(turn, definition, context);
  const asks = period !== null && !goesOn(duty, period, quotaOf({ terms: definition }));
  const limit = asks ? periodLimit(period, duty.policy, context) : null;
  return [{ type: 'DutyCorrected', at: now, by: actor, definition, period, limit, endsAt }];
}

/** Whether the period needs no new limit: its own runs to the same instant, or enough of it has been done. */
function goesOn(duty: ExistingDuty, { key, dueAt }: RunningPeriod, quota: number): boolean {
  const record = recordOf(duty, key);
  if (record === null) return false;
  const isOpen = openPeriods(duty).some((open) => open.key === key);
  return record.done >= quota || (isOpen && record.status === 'running' && record.dueAt === dueAt);
}
