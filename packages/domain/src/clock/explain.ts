import type { Calendar, Instant, PlainDate } from '@duban/calendar';
import { type Recipient, resolveTargets } from '../structure/recipients.ts';
import type { Structure } from '../structure/structure.ts';
import type { Clocked } from './item.ts';
import { isActive, type Limit, type Pause } from './limit.ts';
import { plannedChanges, type Unaddressed } from './planned.ts';
import { LIMIT_RULES } from './rules.ts';
import type { SourceReference } from './source.ts';
import type { ClockRules } from './wake.ts';

/** A day that did not count, and why. */
export interface SkippedDay {
  readonly date: PlainDate;
  readonly reason: string;
}

export interface PlannedChange {
  readonly what: 'reminder' | 'due' | 'ladder_resumes' | 'step';
  readonly at: Instant;
  /** For steps: index into the ladder; the first is often due with the limit itself. */
  readonly step: number | null;
  readonly targets: readonly string[];
  /** Who would be told if it happened now. */
  readonly recipients: readonly Recipient[];
  readonly workingDaysBefore: number | null;
  readonly minutesBefore: number | null;
}

/** The event that started a limit. */
export interface StartEvent {
  readonly version: number;
  readonly type: string;
  readonly at: Instant;
}

/**
 * What was counted: `elapsed` minutes day and night, `working` time, or the days to a `date` that a document gives.
 * For what is counted it runs from the start to the due instant; for a date from now to it, from it to now when it is
 * missed, and from the start to it when the limit has ended.
 */
export interface Counting {
  readonly mode: 'elapsed' | 'working' | 'date';
  readonly from: Instant;
  readonly until: Instant;
  readonly minutes: number;
  readonly spans: readonly { readonly from: Instant; readonly to: Instant }[];
  readonly workingDays: readonly PlainDate[];
  readonly skipped: readonly SkippedDay[];
}

/** Why a limit says what it says. */
export interface LimitExplanation {
  readonly limit: Limit;
  readonly rule: string;
  readonly ruleZh: string;
  readonly source: SourceReference;
  /** Time is running on it now, given where the item is. */
  readonly running: boolean;
  readonly startedBy: StartEvent | null;
  readonly counting: Counting;
  readonly pauses: readonly Omit<Pause, 'fromStep'>[];
  /** A year without a published notice takes part: this may move. */
  readonly provisional: boolean;
  readonly planned: readonly PlannedChange[];
}

/** An event as far as it tells which limits it started. */
export interface Happened {
  readonly version: number;
  readonly at: Instant;
  readonly event: { readonly type: string };
}

/** Each limit of an item: its rule, what started it, what was counted and skipped, and what happens next if nobody acts. */
export function explainLimits<T extends Clocked>(
  item: T,
  rules: ClockRules<T>,
  sourceOf: (limit: Limit) => SourceReference,
  history: readonly Happened[],
  { now, structure }: { readonly now: Instant; readonly structure: Structure },
): readonly LimitExplanation[] {
  const { calendar } = structure;
  const running = new Set(rules.running(item).map((limit) => limit.id));
  return item.limits.map((limit) => {
    const policy = rules.policyOf(item, limit);
    const covered = rules.isCovered(item, limit);
    const planned = running.has(limit.id) ? plannedChanges(limit, policy, covered, calendar) : [];
    const counting = countingOf(limit, now, calendar);
    return {
      limit,
      rule: LIMIT_RULES[limit.kind][0],
      ruleZh: LIMIT_RULES[limit.kind][1],
      source: sourceOf(limit),
      running: running.has(limit.id),
      startedBy: startOf(limit, history),
      counting,
      pauses: pausesOf(limit),
      provisional: isActive(limit) && mayMove(limit, counting, planned, calendar),
      planned: planned.map((change) => ({
        ...change,
        recipients: resolveTargets(structure, now, rules.answerable(item), change.targets),
      })),
    };
  });
}

/** What is still to come of a limit that has been missed is its ladder. */
function mayMove(
  { status }: Limit,
  { mode, from, until }: Counting,
  planned: readonly Unaddressed[],
  calendar: Calendar,
): boolean {
  if (mode === 'elapsed') return false;
  const last = status === 'overdue' ? planned.reduce((latest, { at }) => Math.max(latest, at), until) : until;
  return calendar.isProvisional(...datesOf(from, last, calendar));
}

function pausesOf({ pauses, hold }: Limit): LimitExplanation['pauses'] {
  const past = (pauses ?? []).map(({ from, until, reason }) => ({ from, until, reason }));
  return hold === null ? past : [...past, { ...hold, reason: 'acknowledged' }];
}

/** The last event that states the limit as it began; counting it by another calendar does not begin it anew. */
function startOf({ id, startedAt }: Limit, history: readonly Happened[]): StartEvent | null {
  const states = (one: Limit) => one.id === id && one.startedAt === startedAt && one.status === 'running';
  const found = history.findLast(({ event }) => event.type !== 'ClockRecomputed' && limitsIn(event).some(states));
  return found === undefined ? null : { version: found.version, type: found.event.type, at: found.at };
}

function limitsIn(event: object): readonly Limit[] {
  return Object.values(event)
    .flat()
    .filter((value): value is Limit => typeof value === 'object' && value !== null && 'startedAt' in value);
}

function countingOf(limit: Limit, now: Instant, calendar: Calendar): Counting {
  const { dueAt, counted } = limit;
  if (counted === null) {
    const [from, until] = spanToDate(limit, now);
    return { mode: 'date', minutes: (until - from) / 60_000, spans: [], ...daysBetween(from, until, calendar) };
  }
  const { from, delay } = counted;
  if (delay.unit === 'minutes') {
    const spans = from < dueAt ? [{ from, to: dueAt }] : [];
    return {
      mode: 'elapsed',
      from,
      until: dueAt,
      minutes: (dueAt - from) / 60_000,
      spans,
      workingDays: [],
      skipped: [],
    };
  }
  const { minutes, spans } = calendar.workingMinutesBetween(from, dueAt);
  return { mode: 'working', minutes, spans, ...daysBetween(from, dueAt, calendar) };
}

function spanToDate(limit: Limit, now: Instant): readonly [from: Instant, until: Instant] {
  const { dueAt } = limit;
  const other = isActive(limit) ? now : limit.startedAt;
  return other < dueAt ? [other, dueAt] : [dueAt, other];
}

function daysBetween(from: Instant, until: Instant, calendar: Calendar) {
  const workingDays: PlainDate[] = [];
  const skipped: SkippedDay[] = [];
  const [first, last] = datesOf(from, until, calendar);
  for (let date = first; date <= last; date = calendar.addDays(date, 1)) {
    if (calendar.isWorkingDay(date)) workingDays.push(date);
    else skipped.push({ date, reason: calendar.dayName(date) ?? '周末' });
  }
  return { from, until, workingDays, skipped };
}

/** An instant at midnight closes the day before; it does not begin another. */
function datesOf(from: Instant, until: Instant, calendar: Calendar): readonly [first: PlainDate, last: PlainDate] {
  return [calendar.dateOf(from), calendar.dateOf(Math.max(from, until - 1))];
}
