import type { CommandContext } from '../aggregate.ts';
import { isActive, type Limit, planReminders, type Reminding, startCountedLimit } from '../clock/limit.ts';
import { type Delay, remindingOf } from '../escalation/policy.ts';
import type { Report } from './commands.ts';
import { type IncidentPace, minutesAt } from './pace.ts';
import type { ExistingIncident } from './state.ts';

type Now = Pick<CommandContext, 'now' | 'calendar'>;

/** Limits that a level shortens, and when they remind. */
const REMINDING = {
  written_report: { workingDaysBefore: [], minutesBefore: [20] },
  follow_up: { workingDaysBefore: [], minutesBefore: [30] },
} as const satisfies Partial<Record<Limit['kind'], Reminding>>;
type ByLevel = keyof typeof REMINDING;

function isByLevel(kind: Limit['kind']): kind is ByLevel {
  return kind in REMINDING;
}

/** How long a limit runs by the level, in elapsed minutes. */
function spanAt(
  { writtenMinutes, followUpMinutes }: IncidentPace,
  kind: ByLevel,
  level: ExistingIncident['level'],
): Delay {
  const minutes = kind === 'written_report' ? writtenMinutes : followUpMinutes;
  return { unit: 'minutes', amount: minutesAt(minutes, level) };
}

/** The limit that a report itself ends does not survive it: what was said by phone is owed in writing until it is written. */
export function survives(limit: Limit, { mode }: Pick<Report, 'mode'>): boolean {
  switch (limit.kind) {
    case 'first_report':
    case 'follow_up':
      return false;
    case 'written_report':
      return mode !== 'written';
    default:
      return true;
  }
}

/** The limits that begin with a report: the written one, the next follow-up, the explanation of a late one. */
export function limitsAfter(
  incident: ExistingIncident,
  { stage, mode }: Report,
  level: ExistingIncident['level'],
  lateByMs: number,
  { now, calendar }: Now,
): readonly Limit[] {
  const { pace, kind } = incident;
  const number = incident.reports.length + 1;
  const limits: Limit[] = [];
  const start = (of: ByLevel) => {
    const counted = { from: now, delay: spanAt(pace, of, level) };
    limits.push(startCountedLimit(`${of}:${number}`, of, counted, now, REMINDING[of], calendar));
  };
  const owed = incident.limits.some((limit) => isActive(limit) && limit.kind === 'written_report');
  if (mode !== 'written' && !owed) start('written_report');
  if (stage !== 'final' && kind.followsUp) start('follow_up');
  if (lateByMs > 0) limits.push(explanationLimit(incident, { now, calendar }));
  return limits;
}

export function explanationLimit({ pace }: ExistingIncident, { now, calendar }: Now): Limit {
  const counted = { from: now, delay: pace.explainWithin };
  return startCountedLimit('explanation', 'explanation', counted, now, remindingOf(pace.calmLadder), calendar);
}

/** A rise shortens the clocks in force: what is left counts from now by the higher level, and never ends later than before. */
export function shortened(
  { pace, limits }: ExistingIncident,
  level: ExistingIncident['level'],
  { now, calendar }: Now,
  which: (limit: Limit) => boolean,
): readonly Limit[] {
  return limits.flatMap((limit): readonly Limit[] => {
    const { kind } = limit;
    if (limit.status !== 'running' || !isByLevel(kind) || !which(limit)) return [];
    const counted = { from: now, delay: spanAt(pace, kind, level) };
    const dueAt = now + counted.delay.amount * 60_000;
    if (dueAt >= limit.dueAt) return [];
    return [{ ...limit, dueAt, counted, reminders: planReminders(dueAt, now, REMINDING[kind], calendar) }];
  });
}
