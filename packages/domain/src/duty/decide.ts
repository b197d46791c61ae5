import type { CommandContext } from '../aggregate.ts';
import { acknowledge, resolve } from '../clock/acknowledge.ts';
import { isActive } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import type { DutyCommand } from './commands.ts';
import { correctDuty } from './decide-correct.ts';
import { answerByFact, fulfil } from './decide-fulfil.ts';
import { openOccasion } from './decide-occasion.ts';
import { openDuty } from './decide-open.ts';
import type { DutyEvent } from './events.ts';
import { evolveDuty } from './evolve.ts';
import { withReport } from './reports.ts';
import type { DutyState, ExistingDuty } from './state.ts';
import { DUTY_CLOCK, wakeDuty } from './wake.ts';

/** Answers a command with what happens, `[]` when it has happened already, or a {@link DomainError} that says what to do. */
export function decideDuty(state: DutyState, command: DutyCommand, context: CommandContext): readonly DutyEvent[] {
  if (command.type === 'OpenDuty') {
    if (state.status === 'none') return withReport(state, openDuty(command, context), context);
    throw new DomainError(
      'already_exists',
      'This owner has this duty already; look it up, or ask under another code.',
      '该责任方已有这项定期事项，请直接查阅，或另用一个编号。',
    );
  }
  if (state.status === 'none') {
    throw new DomainError('not_found', 'There is no such duty; check its id.', '没有这项定期事项，请核对编号。');
  }
  switch (command.type) {
    case 'AcknowledgeEscalation':
      return acknowledge(state, command, DUTY_CLOCK, context);
    case 'ResolveEscalation':
      return resolve(state, command, DUTY_CLOCK, context);
    default:
      return decideNow(state, command, context);
  }
}

/**
 * A command meets the duty as it is at its instant, however late the wake: a report made at 00:01 is for the period that
 * began at 00:00, and what a correction or a withdrawal finds missed was missed. Reminders alone wait for the wake.
 */
function decideNow(
  state: ExistingDuty,
  command: Exclude<DutyCommand, { type: 'OpenDuty' | 'AcknowledgeEscalation' | 'ResolveEscalation' }>,
  context: CommandContext,
): readonly DutyEvent[] {
  const woken = wakeDuty(state, context);
  const past = woken.some(({ type }) => TURNS.has(type)) ? woken : [];
  const duty = past.reduce<DutyState>(evolveDuty, state) as ExistingDuty;
  const events = decideOn(duty, command, context);
  return events.length === 0 ? [] : [...past, ...events];
}

const TURNS: ReadonlySet<DutyEvent['type']> = new Set(['LimitMissed', 'PeriodOpened', 'DutyEnded']);

function decideOn(
  duty: ExistingDuty,
  command: Parameters<typeof decideNow>[1],
  context: CommandContext,
): readonly DutyEvent[] {
  switch (command.type) {
    case 'CorrectDuty':
      return withReport(duty, correctDuty(duty, command, context), context);
    case 'Fulfil':
      return fulfil(duty, command, context);
    case 'AnswerByFact':
      return answerByFact(duty, command, context);
    case 'OpenOccasion':
      return openOccasion(duty, command, context);
    case 'EndDuty': {
      // What was missed before it ended is still asked for, and can be taken back.
      if (duty.status === 'ended' && !duty.limits.some(isActive)) return [];
      const { cause, reason } = command;
      return [{ type: 'DutyEnded', at: context.now, by: context.actor, cause, reason }];
    }
  }
}
