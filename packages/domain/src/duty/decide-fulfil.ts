import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { DutyCommandOf } from './commands.ts';
import type { DutyEvent, DutyFulfilled } from './events.ts';
import { wantedPeriod } from './report-period.ts';
import { type ExistingDuty, expectedBy, openPeriods, type PeriodRecord, quotaOf } from './state.ts';

/** A report, a visit, an inspection: one call, also when nothing has changed. */
export function fulfil(
  duty: ExistingDuty,
  command: DutyCommandOf<'Fulfil'>,
  context: CommandContext,
): readonly DutyEvent[] {
  requireMode(duty, command);
  requireContent(duty, command);
  const { mode, noChange, text, value } = command;
  // That nothing has changed is one report, whatever was counted.
  const count = noChange ? 1 : command.count;
  const period = wantedPeriod(duty, command.period, context);
  return [fulfilment(duty, period, { mode, noChange, text, count, value, answeredBy: null }, context)];
}

function requireMode({ terms }: ExistingDuty, { mode }: DutyCommandOf<'Fulfil'>): void {
  if (terms.mode === 'any' || mode === terms.mode) return;
  throw new DomainError(
    'wrong_mode',
    terms.mode === 'on_site'
      ? 'This must be done on site; say mode "on_site" when it has been.'
      : 'This must be done in writing; say mode "written".',
    terms.mode === 'on_site'
      ? '该事项须现场办理，请到现场后以 mode "on_site" 填报。'
      : '该事项须书面办理，请以 mode "written" 填报。',
    '/mode',
  );
}

function requireContent(duty: ExistingDuty, { noChange, count, value }: DutyCommandOf<'Fulfil'>): void {
  const quota = quotaOf(duty);
  if (noChange && quota > 1) {
    const unit = duty.terms.quota?.unit ?? '';
    throw new DomainError(
      'facts_missing',
      `This asks for ${quota} ${unit} in each period, and nothing new is none of them: say in count how many were done.`,
      `该事项每个周期须完成${quota}${unit}，“无变化”不计入数量；请在 count 中填写完成数量。`,
      '/noChange',
    );
  }
  if (!noChange && !(count > 0)) {
    throw new DomainError(
      'facts_missing',
      'Say in count how many were done, more than 0.',
      '请在 count 中填写完成数量，须大于0。',
      '/count',
    );
  }
  if (duty.terms.indicator !== null && value === null && !noChange) {
    throw new DomainError(
      'facts_missing',
      'This asks for a figure; give it in value, or say noChange.',
      '该事项须填报数值，请填写 value，或以 noChange 表示无变化。',
      '/value',
    );
  }
}

/**
 * One fact answers every duty that asks for it; asked for again, or not asked for at all, it changes nothing. Nor does a
 * figure stand for being there.
 */
export function answerByFact(
  duty: ExistingDuty,
  { period: key, value, answeredBy }: DutyCommandOf<'AnswerByFact'>,
  context: CommandContext,
): readonly DutyEvent[] {
  const { indicator, mode } = duty.terms;
  const period = openPeriods(duty).find((open) => open.key === key);
  if (indicator === null || mode === 'on_site' || period === undefined) return [];
  const count = Math.max(0, quotaOf(duty) - period.done);
  return [
    fulfilment(duty, period, { mode: 'any', noChange: value === null, text: null, count, value, answeredBy }, context),
  ];
}

type Report = Pick<DutyFulfilled, 'mode' | 'noChange' | 'text' | 'count' | 'value' | 'answeredBy'>;

function fulfilment(
  duty: ExistingDuty,
  period: Pick<PeriodRecord, 'key' | 'dueAt' | 'done' | 'status'>,
  report: Report,
  { now, actor }: CommandContext,
): DutyFulfilled {
  const quota = quotaOf(duty);
  const done = period.done + report.count;
  const { current } = duty;
  const isRunning = period.status === 'running' && current?.key === period.key;
  return {
    ...{ type: 'DutyFulfilled', at: now, by: actor, number: duty.fulfilments + 1, period: period.key, ...report },
    // A report that nothing had asked for is complete by itself.
    complete: done >= quota || period.status === 'met',
    lateByMs: Math.max(0, now - period.dueAt),
    behind: isRunning ? done < expectedBy(quota, current, now) : duty.behind,
  };
}
