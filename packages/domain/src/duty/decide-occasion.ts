import { isPlainDate } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { DutyCommandOf } from './commands.ts';
import type { DutyEvent } from './events.ts';
import { isScheduled, occasionDueAt } from './periods.ts';
import { occasionKey } from './report-period.ts';
import { type ExistingDuty, openPeriods } from './state.ts';
import { periodLimit } from './turns.ts';

/**
 * Something has happened on which the duty falls due. Noticed too late to be reported in time, it is overdue at once;
 * its ladder counts from now. The same occasion of the same day is opened once.
 */
export function openOccasion(
  duty: ExistingDuty,
  { occasion, on }: DutyCommandOf<'OpenOccasion'>,
  context: CommandContext,
): readonly DutyEvent[] {
  const { now, actor, calendar } = context;
  const { terms } = duty;
  if (isScheduled(terms.period)) {
    throw new DomainError(
      'not_allowed',
      'The periods of this duty follow the calendar; nothing has to be opened, report the period that runs.',
      '该事项按周期自动开始，无需登记，请直接填报当前周期。',
    );
  }
  if (duty.status === 'ended') {
    throw new DomainError(
      'wrong_status',
      'This duty has ended: what happens now falls under it no more.',
      '该事项已结束，新发生的情形不再适用。',
    );
  }
  if (!isPlainDate(on) || on < terms.from || on > terms.until) {
    throw new DomainError(
      'invalid_due',
      `Name a day on which this duty stood: ${terms.from} to ${terms.until}.`,
      `请填写该事项有效期内的日期：${terms.from} 至 ${terms.until}。`,
      '/on',
    );
  }
  const isKnown = ({ key, occasion: known }: { readonly key: string; readonly occasion: string | null }) =>
    known === occasion && key.startsWith(`${on}#`);
  if (openPeriods(duty).some(isKnown)) return [];
  const dueAt = occasionDueAt(terms, on, calendar) ?? duty.endsAt;
  const [from, to] = [calendar.startOfDay(on), calendar.endOfDay(on)];
  const period = { key: occasionKey(duty, on), from, to, dueAt, last: true };
  const limit = periodLimit(period, duty.policy, context);
  return [{ type: 'PeriodOpened', at: now, by: actor, period, limit, occasion }];
}
