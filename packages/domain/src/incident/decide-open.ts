import type { CommandContext } from '../aggregate.ts';
import { type Limit, NO_REMINDERS, startCountedLimit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import { remindingOf } from '../escalation/policy.ts';
import type { IncidentCommandOf, Opening } from './commands.ts';
import { report } from './decide-report.ts';
import type { IncidentEvent, IncidentOpened } from './events.ts';
import { evolveIncident } from './evolve.ts';
import { receiptOf, refuseFuture, requireOrder } from './guards.ts';
import { DEFAULT_PACE } from './pace.ts';
import type { ExistingIncident } from './state.ts';
import { beginningOf } from './timeliness.ts';

/** A feed or a call says that something has happened: its unit's first report is awaited from now on. */
export function openBySignal(command: IncidentCommandOf<'Signal'>, context: CommandContext): readonly IncidentEvent[] {
  const { rule } = command.kind;
  if (rule.when !== 'after_event') {
    throw new DomainError(
      'not_allowed',
      'A signal tells of what has happened suddenly; let the unit report this kind of matter.',
      '信号只用于已经发生的突发事件，该类事项请由单位直接报告。',
      '/kind',
    );
  }
  const { now, calendar } = context;
  const opened = opening(command, { signal: command.signal, text: command.text }, context);
  const counted = { from: beginningOf(opened), delay: { unit: 'minutes' as const, amount: rule.minutes } };
  const reminding = remindingOf(opened.pace.ladder);
  const first = startCountedLimit('first_report', 'first_report', counted, now, reminding, calendar);
  return [{ ...opened, limits: [first, ...parallelLimits(opened, context)] }];
}

/** Limits of national rules that a person has confirmed run beside the county's own. */
function parallelLimits(opened: IncidentOpened, { now, calendar }: CommandContext): readonly Limit[] {
  return opened.kind.parallel
    .filter(({ verified }) => verified)
    .map(({ code, from, minutes }) => {
      const counted = { from: opened[from] ?? opened.receivedAt, delay: { unit: 'minutes' as const, amount: minutes } };
      return startCountedLimit(`parallel:${code}`, 'first_report', counted, now, NO_REMINDERS, calendar);
    });
}

/** A matter is reported before any signal of it: opened and reported in one. */
export function openWithReport(
  command: IncidentCommandOf<'OpenWithReport'>,
  context: CommandContext,
): readonly IncidentEvent[] {
  const { kind, unit, occurredAt, knownAt } = command;
  const receivedAt = receiptOf(command.report.receivedAt, unit, context);
  if (kind.rule.when === 'after_event' && occurredAt === null && knownAt === null) {
    throw missing(
      '/occurredAt',
      'when it happened, or when the unit came to know of it (knownAt): the limit counts from there',
      '发生时间；尚不清楚的，请填写知悉时间（knownAt），首报时限由此起算',
    );
  }
  const opened = opening({ ...command, receivedAt }, { signal: null, text: null }, context);
  const incident = evolveIncident({ status: 'none' }, opened) as ExistingIncident;
  const first = { ...command.report, stage: 'first', occurredAt: null, knownAt: null } as const;
  return [opened, ...report(incident, first, context)];
}

function opening(
  { incidentId, kind, unit, title, level, occurredAt, knownAt, startsAt, completedAt, ownDueAt, ...given }: Opening,
  { signal, text }: Pick<IncidentOpened, 'signal' | 'text'>,
  { now, actor, calendar, structure }: CommandContext,
): IncidentOpened {
  const receivedAt = given.receivedAt ?? now;
  if (structure.unit(unit) === null) {
    throw new DomainError('unknown_reference', `There is no unit "${unit}".`, `没有代码为“${unit}”的单位。`, '/unit');
  }
  refuseFuture(occurredAt, now, '/occurredAt');
  refuseFuture(knownAt, now, '/knownAt');
  refuseFuture(receivedAt, now, '/receivedAt');
  // Work counts by days: what is done today is done.
  refuseFuture(completedAt && calendar.startOfDay(calendar.dateOf(completedAt)), now, '/completedAt');
  requireOrder({ occurredAt, knownAt, receivedAt });
  const { when } = kind.rule;
  if (when === 'ahead' && startsAt === null) throw missing('/startsAt', 'when it begins', '开始时间');
  if (when === 'after_completion' && completedAt === null && ownDueAt === null) {
    throw missing('/completedAt', 'when it was done, or its own limit (due)', '完成时间，或该项工作自身的时限（due）');
  }
  return {
    ...{ type: 'IncidentOpened', at: now, by: actor, incidentId, signal, kind, unit, title, text, level },
    ...{ occurredAt, knownAt, receivedAt, startsAt, completedAt, ownDueAt },
    pace: DEFAULT_PACE,
    limits: [],
  };
}

function missing(pointer: string, en: string, zh: string): DomainError {
  return new DomainError('facts_missing', `Say ${en}.`, `请填写${zh}。`, pointer);
}
