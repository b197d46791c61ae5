import type { PlainDate } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import type { SourceReference } from '../clock/source.ts';
import { DomainError } from '../errors.ts';
import type { Structure } from '../structure/structure.ts';
import type { ProblemCommandOf } from './commands.ts';
import { solvedEvent } from './decide-solution.ts';
import type { ProblemEvent, ProblemRegistered } from './events.ts';
import { evolveProblem } from './evolve.ts';
import { firstSolutionLimit } from './limits.ts';
import type { ExistingProblem } from './state.ts';

/**
 * A problem found on a visit is written into the register of a group (建立问题台账, 泸政办发〔2023〕7号 四(二)); what can be
 * solved on the spot is solved there and then (六(二)), and said in the same call.
 */
export function register(command: ProblemCommandOf<'Register'>, context: CommandContext): readonly ProblemEvent[] {
  const { problemId, group, basis, title, text, place, measure, foundBy, term, policy, prefecturePolicy } = command;
  const { now, actor, calendar, structure } = context;
  const unit = command.unit ?? foundBy;
  const foundOn = command.foundOn ?? calendar.dateOf(now);
  requireBasis(basis);
  requireKnown(group, foundBy, unit, structure);
  requirePast(foundOn, context);
  const registered: ProblemRegistered = {
    ...{ type: 'ProblemRegistered', at: now, by: actor, problemId, group, basis, title, text, place, foundBy, foundOn },
    ...{ unit, measure, term, policy, prefecturePolicy },
    limit: firstSolutionLimit({ term, foundOn, policy }, context),
  };
  if (command.solvedOnTheSpot === null) return [registered];
  const problem = evolveProblem({ status: 'none' }, registered) as ExistingProblem;
  return [registered, solvedEvent(problem, command.solvedOnTheSpot, true, context)];
}

function requireBasis({ documentNumber }: SourceReference): void {
  if (documentNumber.trim() !== '') return;
  throw new DomainError(
    'missing_basis',
    'A problem register cites the document that asks for it.',
    '问题台账须注明依据文件的文号。',
    '/basis',
  );
}

function requireKnown(group: string, foundBy: string, unit: string, structure: Structure): void {
  if (structure.group(group) === null) {
    throw new DomainError(
      'unknown_reference',
      `There is no group "${group}"; name the group whose office runs the register.`,
      `没有编码为“${group}”的领导小组或工作专班，请填写管理该问题台账的组织。`,
      '/group',
    );
  }
  requireUnit(foundBy, '/foundBy', structure);
  requireUnit(unit, '/unit', structure);
}

function requireUnit(code: string, pointer: string, structure: Structure): void {
  if (structure.unit(code) !== null) return;
  throw new DomainError(
    'unknown_reference',
    `There is no unit "${code}"; name one that the structure knows.`,
    `没有编码为“${code}”的单位，请填写已登记的单位。`,
    pointer,
  );
}

function requirePast(foundOn: PlainDate, { now, calendar }: CommandContext): void {
  if (foundOn <= calendar.dateOf(now)) return;
  throw new DomainError(
    'invalid_due',
    'That day lies in the future; name the day of the visit.',
    '该日期尚未到来，请填写走访当天的日期。',
    '/foundOn',
  );
}
