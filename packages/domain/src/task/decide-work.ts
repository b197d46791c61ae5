import type { PlainDate } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { isActive, type Limit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { CommandOf } from './commands.ts';
import type { ProgressReported, TaskEvent } from './events.ts';
import { activeLimit, requireLead, requireStatus, speakingUnit, WORKING } from './guards.ts';
import type { ExistingTask } from './state.ts';
import { reviewLimit } from './wake.ts';

export function accept(
  task: ExistingTask,
  command: CommandOf<'Accept'>,
  context: CommandContext,
): readonly TaskEvent[] {
  const unit = speakingUnit(command.unit, task.leadUnits, context);
  if (task.acceptedBy.includes(unit)) return [];
  requireStatus(task, ['assigned', 'in_progress']);
  return [{ type: 'TaskAccepted', at: context.now, by: context.actor, unit }];
}

export function raiseDispute(
  task: ExistingTask,
  command: CommandOf<'RaiseDispute'>,
  context: CommandContext,
): readonly TaskEvent[] {
  const unit = speakingUnit(command.unit, task.leadUnits, context);
  requireStatus(task, WORKING);
  if (task.disputes.some((dispute) => dispute.unit === unit && dispute.decision === 'pending')) return [];
  const { reason, proposedLeadUnits } = command;
  const number = task.disputes.length + 1;
  return [{ type: 'DisputeRaised', at: context.now, by: context.actor, number, unit, reason, proposedLeadUnits }];
}

export function decideDispute(
  task: ExistingTask,
  command: CommandOf<'DecideDispute'>,
  context: CommandContext,
): readonly TaskEvent[] {
  const dispute = task.disputes.find((candidate) => candidate.number === command.number);
  if (dispute === undefined) throw noSuch('dispute', '异议', command.number);
  const decision = command.upheld ? 'upheld' : 'rejected';
  if (dispute.decision === decision) return [];
  if (dispute.decision !== 'pending') throw alreadyDecided();
  requireStatus(task, WORKING);
  const leadUnits = command.upheld ? (command.leadUnits ?? task.leadUnits) : task.leadUnits;
  const responsibleUnits = command.upheld ? (command.responsibleUnits ?? task.responsibleUnits) : task.responsibleUnits;
  requireLead(leadUnits);
  const { number, upheld, basis } = command;
  return [
    { type: 'DisputeDecided', at: context.now, by: context.actor, number, upheld, basis, leadUnits, responsibleUnits },
  ];
}

/**
 * Reports answer the reviews of a standing task by themselves, each quarter's in its own quarter or later; instructions
 * and supervision are answered by name. No report ends the task's own limit: that is what a completion is for.
 */
export function reportProgress(
  task: ExistingTask,
  command: CommandOf<'ReportProgress'>,
  context: CommandContext,
): readonly TaskEvent[] {
  requireStatus(task, WORKING);
  const unit = speakingUnit(command.unit, [...new Set([...task.leadUnits, ...task.responsibleUnits])], context);
  for (const code of command.reached) requireMilestone(task, code);
  const { calendar, now } = context;
  const quarter = calendar.endOfQuarter(calendar.dateOf(now));
  for (const id of command.answers) requireAnswerable(activeLimit(task, id), quarter);
  const review = task.limits.find((limit) => isActive(limit) && isReviewBy(limit, quarter));
  const reported: ProgressReported = {
    type: 'ProgressReported',
    at: context.now,
    by: context.actor,
    number: task.counts.progress + 1,
    unit,
    text: command.text,
    percent: command.percent,
    noChange: command.noChange,
    reached: command.reached,
    answers: review === undefined ? command.answers : [...new Set([...command.answers, review.id])],
  };
  if (review === undefined) return [reported];
  const nextQuarterDay = calendar.addDays(calendar.dateOf(Math.max(now, review.dueAt - 1)), review.dueAt > now ? 1 : 0);
  const next = reviewLimit(task, calendar.endOfQuarter(nextQuarterDay), now, calendar);
  return [reported, { type: 'ReviewStarted', at: now, limit: next }];
}

/** A review whose quarter has begun by then: reporting often does not answer for quarters to come. */
function isReviewBy(limit: Limit, quarterEnd: PlainDate): boolean {
  return limit.kind === 'review' && limit.id.slice('review:'.length) <= quarterEnd;
}

function requireAnswerable(limit: Limit, quarterEnd: PlainDate): void {
  if (limit.kind === 'instruction' || limit.kind === 'supervision' || isReviewBy(limit, quarterEnd)) return;
  throw new DomainError(
    'unknown_reference',
    `A report cannot answer the limit "${limit.id}": only instructions, supervision and this quarter's review.`,
    `反馈不能答复时限“${limit.id}”：只能答复批示、挂牌督办和本季度的报告。`,
    '/answers',
  );
}

function requireMilestone(task: ExistingTask, code: string): void {
  const known = task.limits
    .filter((limit) => limit.kind === 'milestone')
    .map((limit) => limit.id.slice('milestone:'.length));
  if (known.includes(code)) return;
  throw new DomainError(
    'unknown_reference',
    `No milestone "${code}" in this task; there are: ${known.join(', ') || 'none'}.`,
    `本任务没有节点“${code}”；已有节点：${known.join('、') || '无'}。`,
    '/reached',
  );
}

export function noSuch(what: string, whatZh: string, number: number): DomainError {
  return new DomainError(
    'not_found',
    `This task has no ${what} number ${number}.`,
    `本任务没有第${number}号${whatZh}。`,
  );
}

export function alreadyDecided(): DomainError {
  return new DomainError(
    'already_decided',
    'This has been decided the other way already; a decision stands.',
    '此事已有相反的决定，决定不可更改。',
  );
}
