import type { Calendar, Instant, PlainDate } from '@duban/calendar';
import type { CommandContext, WakeContext } from '../aggregate.ts';
import { digestMorning } from '../digest/window.ts';
import { plansReported } from '../report/scope.ts';
import { type DutyDefinition, reportKindOf } from './definition.ts';
import type { DutyEvent, ReportAsked, ReportScheduled } from './events.ts';
import { evolveDuty } from './evolve.ts';
import type { ExistingDuty, ReportTurn } from './state.ts';

/**
 * Whether a duty asks for a report of plans: one to circulate or sum up, turn by turn of the calendar, in the name of a
 * group that has plans. A campaign's summary has one end and no turns: its figures are those of the ledger.
 */
function asksForReports(
  { terms }: Pick<ExistingDuty, 'terms'>,
  { structure }: Pick<WakeContext, 'structure'>,
): boolean {
  if (reportKindOf(terms.kind) === null || terms.group === null) return false;
  return CALENDAR_TURNS.has(terms.period.every) && plansReported(structure, terms.group).length > 0;
}

const CALENDAR_TURNS: ReadonlySet<DutyDefinition['period']['every']> = new Set([
  ...(['day', 'week', 'ten_days', 'month', 'quarter', 'half_year', 'year'] as const),
]);

/**
 * When a turn's report is asked for: the digest morning of its due day; of a due day that is a day off, of the last
 * working day before it. A turn without a working day keeps its due day.
 */
export function reportInstant(
  { from, dueAt }: { readonly from: Instant; readonly dueAt: Instant },
  { calendar, structure }: Pick<WakeContext, 'calendar' | 'structure'>,
): Instant {
  const dueOn = calendar.dateOf(dueAt - 1);
  return digestMorning(calendar, structure.jurisdiction, workingDayBy(dueOn, calendar.dateOf(from), calendar) ?? dueOn);
}

function workingDayBy(last: PlainDate, first: PlainDate, calendar: Calendar): PlainDate | null {
  const day = calendar.isWorkingDay(last) ? last : calendar.workingDayBefore(last, 1).date;
  return day < first ? null : day;
}

/**
 * Plans the report of the turn opened last, or moves it with the calendar; what has been asked for is not asked again.
 * `[]` where nothing is to be asked for or nothing moves.
 */
export function scheduleReport(
  duty: ExistingDuty,
  { now, ...context }: Pick<CommandContext, 'now' | 'calendar' | 'structure'>,
): readonly ReportScheduled[] {
  const { current, reports } = duty;
  if (current === null || !asksForReports(duty, context)) return [];
  const known = reports.find(({ period }) => period === current.key);
  const { key: period, from, to } = current;
  const reportAt = reportInstant(current, context);
  if (known !== undefined && (known.asked || (known.at === reportAt && known.to === to && known.from === from)))
    return [];
  return [{ type: 'ReportScheduled', at: now, period, from, to, reportAt }];
}

/** The events, with the report of the turn they leave running. */
export function withReport(
  duty: ExistingDuty | { readonly status: 'none' },
  events: readonly DutyEvent[],
  context: Pick<CommandContext, 'now' | 'calendar' | 'structure'>,
): readonly DutyEvent[] {
  const state = events.reduce(evolveDuty, duty);
  return state.status === 'none' ? events : [...events, ...scheduleReport(state, context)];
}

/** The reports whose morning has come, in the order of their turns. */
export function askForReports({ reports }: ExistingDuty, { now }: Pick<WakeContext, 'now'>): readonly ReportAsked[] {
  return reports
    .filter(({ asked, at }) => !asked && at <= now)
    .map(({ period, from, to, at }) => {
      const since = reports.filter((former) => former.at < at).reduce(latest, null)?.at ?? from;
      return { type: 'ReportAsked', at: now, period, from, to, since, until: at };
    });
}

function latest(one: ReportTurn | null, other: ReportTurn): ReportTurn {
  return one === null || other.at > one.at ? other : one;
}
