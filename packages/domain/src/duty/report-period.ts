import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import { isScheduled } from './periods.ts';
import { type ExistingDuty, openPeriods, type PeriodRecord, recordOf } from './state.ts';

type Reportable = Pick<PeriodRecord, 'key' | 'dueAt' | 'done' | 'status'>;

/**
 * The period that a report is for: the one named, else the oldest that runs, else the last that was missed. A period
 * whose days have not begun is reported when it is named, so that a report made twice is not taken for the next.
 * @throws DomainError when there is none, or it is complete already
 */
export function wantedPeriod(duty: ExistingDuty, key: string | null, context: CommandContext): Reportable {
  if (key !== null) return namedPeriod(duty, key, context);
  const open = openPeriods(duty);
  const { current } = duty;
  const early = current !== null && current.from > context.now ? current.key : null;
  const running = open.filter(({ status }) => status === 'running');
  const found =
    running.find((period) => period.key !== early) ??
    open.findLast(({ status }) => status === 'missed') ??
    welcome(duty, context) ??
    // Of a number to reach, what is done early counts.
    (duty.terms.quota === null ? undefined : running[0]) ??
    unasked(duty, context);
  if (found !== undefined && found !== null) return found;
  throw nothingOpen(duty, early, context);
}

function namedPeriod(duty: ExistingDuty, key: string, context: CommandContext): Reportable {
  const open = openPeriods(duty);
  const named =
    open.find((period) => period.key === key) ?? (duty.current?.key === key ? welcome(duty, context) : null);
  if (named !== null) return named;
  const status = recordOf(duty, key)?.status;
  if (status === 'met' || status === 'late') throw answered(key);
  const keys = open.map((period) => period.key);
  throw new DomainError(
    'unknown_reference',
    `No period "${key}" is open; open: ${keys.join(', ') || 'none'}.`,
    `没有待办的周期“${key}”；待办的有：${keys.join('、') || '无'}。`,
    '/period',
  );
}

/** At least so many are asked for: more of them count while the period runs. A figure is reported once. */
function welcome({ terms, current, periods }: ExistingDuty, { now }: CommandContext): PeriodRecord | null {
  if (terms.quota === null || terms.indicator !== null || current === null || now >= current.dueAt) return null;
  const record = recordOf({ periods }, current.key);
  return record?.status === 'met' ? record : null;
}

/** A duty without periods is reported on at any time, each time a turn of its own. */
function unasked(duty: ExistingDuty, { now, calendar }: CommandContext): Reportable | null {
  if (duty.status === 'ended' || duty.terms.period.every !== 'unspecified') return null;
  const key = occasionKey(duty, calendar.dateOf(now));
  return { key, dueAt: duty.endsAt, done: 0, status: 'met' };
}

/** Of the turns that no calendar opens: their day and which of all turns they are. */
export function occasionKey({ periods }: Pick<ExistingDuty, 'periods'>, on: string): string {
  return `${on}#${periods.length + 1}`;
}

function nothingOpen(duty: ExistingDuty, early: string | null, { calendar }: CommandContext): DomainError {
  const { status, terms, periods, current } = duty;
  if (status === 'ended') {
    return new DomainError(
      'wrong_status',
      'This duty has ended and nothing of it is open; there is nothing left to report.',
      '该事项已结束，没有待办周期，无需填报。',
    );
  }
  if (!isScheduled(terms.period)) {
    return new DomainError(
      'wrong_status',
      'Nothing is open: say first what has happened, by opening an occasion.',
      '目前没有待办周期，请先登记发生的情形。',
    );
  }
  const last = periods.findLast(({ status: state }) => state === 'met' || state === 'late');
  if (last !== undefined) return answered(last.key, early);
  if (early === null || current === null) {
    return new DomainError(
      'wrong_status',
      'No period of this duty is left; there is nothing to report.',
      '该事项已没有待办周期，无需填报。',
    );
  }
  const begins = calendar.format(current.from).slice(0, 10);
  return new DomainError(
    'wrong_status',
    `Nothing is open yet: ${early} begins on ${begins}. To report it now, name it in period.`,
    `目前没有待办周期，${early} 自 ${begins} 起；如需提前填报，请在 period 中写明。`,
    '/period',
  );
}

function answered(key: string, next: string | null = null): DomainError {
  const [en, zh] =
    next === null
      ? ['', '']
      : [` To report ${next} before it begins, name it in period.`, `如需提前填报 ${next}，请在 period 中写明。`];
  return new DomainError(
    'already_answered',
    `Period ${key} has been reported already; once is enough.${en}`,
    `${key} 已经填报，无需重复填报。${zh}`,
  );
}
