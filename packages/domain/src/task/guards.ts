import type { Instant } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { activeLimits, isActive, type Limit } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { ExistingTask, TaskStatus } from './state.ts';

const STATUS_ZH: Readonly<Record<TaskStatus, string>> = {
  assigned: '待签收',
  in_progress: '办理中',
  completion_submitted: '待核验',
  suspended: '已中止',
  standing: '持续推进',
  closed: '已销号',
  cancelled: '已取消',
};

/** Refuses a command that the task's status has no place for. */
export function requireStatus(task: ExistingTask, allowed: readonly TaskStatus[]): void {
  if (allowed.includes(task.status)) return;
  throw new DomainError(
    'wrong_status',
    `The task is ${task.status}; this needs it to be ${allowed.join(' or ')}.`,
    `任务${STATUS_ZH[task.status]}，此操作要求任务${allowed.map((status) => STATUS_ZH[status]).join('或')}。`,
  );
}

/** The statuses in which units work and offices oversee. */
export const WORKING: readonly TaskStatus[] = ['assigned', 'in_progress', 'standing'];

/** Which of the given units the actor speaks for: the one named, else the only one. */
export function speakingUnit(named: string | null, units: readonly string[], context: CommandContext): string {
  const own = units.filter((unit) => context.seats.units.has(unit));
  if (named !== null && own.includes(named)) return named;
  const [only, another] = own;
  if (named === null && only !== undefined && another === undefined) return only;
  throw new DomainError(
    'not_allowed',
    own.length === 0 || named !== null
      ? 'You hold no post in that unit, or it has no part in this task.'
      : `You hold posts in several units of this task; name one: ${own.join(', ')}.`,
    own.length === 0 || named !== null
      ? '您在该单位没有任职，或该单位与本任务无关。'
      : `您在本任务的多个单位任职，请用 unit 指明一个：${own.join('、')}。`,
    '/unit',
  );
}

export function activeLimit(task: ExistingTask, id: string): Limit {
  const limit = task.limits.find((candidate) => candidate.id === id);
  if (limit !== undefined && isActive(limit)) return limit;
  const running = activeLimits(task).map((candidate) => candidate.id);
  throw new DomainError(
    'unknown_reference',
    `No running limit "${id}" in this task; running: ${running.join(', ') || 'none'}.`,
    `本任务没有正在计时的时限“${id}”；正在计时的有：${running.join('、') || '无'}。`,
    '/limit',
  );
}

export function requireFuture(at: Instant, context: CommandContext, pointer: string): void {
  if (at > context.now) return;
  throw new DomainError(
    'invalid_due',
    'That instant has passed already; name one in the future.',
    '该时间已过，请填写将来的时间。',
    pointer,
  );
}

/** A task that nobody leads would wait for nobody. */
export function requireLead(leadUnits: readonly string[]): void {
  if (leadUnits.length > 0) return;
  throw new DomainError('unknown_reference', 'Name at least one lead unit.', '请至少填写一个牵头单位。', '/leadUnits');
}
