import type { Calendar, Instant } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import { addDelay } from '../escalation/policy.ts';
import type { EscalationAcknowledged, EscalationResolved } from './events.ts';
import type { Clocked, EscalationRecord } from './item.ts';
import { isActive, type LimitKind } from './limit.ts';
import type { ClockRules } from './wake.ts';

export interface AcknowledgeEscalation {
  readonly type: 'AcknowledgeEscalation';
  readonly escalationId: string;
  readonly note: string | null;
  /** Null: as long as the policy allows. */
  readonly until: Instant | null;
}
export interface ResolveEscalation {
  readonly type: 'ResolveEscalation';
  readonly escalationId: string;
  readonly outcome: string;
}
export type EscalationCommand = AcknowledgeEscalation | ResolveEscalation;

type AnsweringRules<T extends Clocked> = Pick<ClockRules<T>, 'policyOf' | 'answerable'>;

/** Holds the ladder for a span the policy bounds: acknowledged is not done. An escalation is acknowledged once. */
export function acknowledge<T extends Clocked>(
  item: T,
  { escalationId, note, until }: AcknowledgeEscalation,
  rules: AnsweringRules<T>,
  context: CommandContext,
): readonly EscalationAcknowledged[] {
  const escalation = find(item, escalationId);
  requireAnother(item, escalation, rules, context);
  const { now, actor, calendar } = context;
  if (escalation.status === 'acknowledged') return [];
  requireUnresolved(escalation);
  const longest = longestHold(item, escalation, rules.policyOf, now, calendar);
  if (until !== null && longest === now) {
    throw new DomainError(
      'hold_too_long',
      'The limit of this escalation runs no longer, so there is nothing to hold; leave until out.',
      '该升级所属时限已不再计时，无需暂停，请不要填写 until。',
      '/until',
    );
  }
  if (until !== null && (until <= now || until > longest)) {
    throw new DomainError(
      'hold_too_long',
      `An acknowledgement can hold this ladder until ${calendar.format(longest)} at the latest.`,
      `签收后最多可暂停升级至 ${calendar.format(longest)}。`,
      '/until',
    );
  }
  const { limitId } = escalation;
  const holdUntil = until ?? longest;
  return [{ type: 'EscalationAcknowledged', at: now, by: actor, escalationId, limitId, note, holdUntil }];
}

/** Now, where the limit runs no longer. */
function longestHold<T extends Clocked>(
  item: T,
  { limitId, step }: EscalationRecord,
  policyOf: ClockRules<T>['policyOf'],
  now: Instant,
  calendar: Calendar,
): Instant {
  const limit = item.limits.find(({ id }) => id === limitId);
  const ran = limit === undefined || !isActive(limit) ? undefined : policyOf(item, limit).steps[step];
  return ran === undefined ? now : addDelay(now, ran.holdOnAcknowledgement, calendar);
}

export function resolve<T extends Clocked>(
  item: T,
  { escalationId, outcome }: ResolveEscalation,
  rules: AnsweringRules<T>,
  context: CommandContext,
): readonly EscalationResolved[] {
  const escalation = find(item, escalationId);
  requireAnother(item, escalation, rules, context);
  const { now, actor } = context;
  if (escalation.status === 'resolved') return [];
  return [{ type: 'EscalationResolved', at: now, by: actor, escalationId, outcome }];
}

/**
 * What everybody whom an escalation is about hears, whether their posts would allow them to answer it or not. An
 * escalation that is not there is about nobody.
 * @throws DomainError `own_escalation`
 */
export function refuseOwn<T extends Clocked>(
  item: T,
  { escalationId }: EscalationCommand,
  rules: Pick<ClockRules<T>, 'answerable'>,
  context: Pick<CommandContext, 'seats' | 'structure'>,
): void {
  const escalation = item.escalations.find(({ id }) => id === escalationId);
  if (escalation !== undefined) requireAnother(item, escalation, rules, context);
}

/** What an office owes itself, and not the unit that has the item. */
const OWED_BY_OFFICES: readonly LimitKind[] = ['verification', 'approval', 'upward_review'];

/**
 * Nobody acknowledges or settles what is said about them, whatever other seat they hold: an office that a lead unit
 * hosts cannot stop the ladder that climbs past it. The next ones up, supervision, and seats of other units can.
 */
function requireAnother<T extends Clocked>(
  item: T,
  { limitId }: EscalationRecord,
  { answerable }: Pick<ClockRules<T>, 'answerable'>,
  { seats, structure: { jurisdiction } }: Pick<CommandContext, 'seats' | 'structure'>,
): void {
  const { group, leadUnits, leadPosts = [] } = answerable(item);
  const kind = item.limits.find(({ id }) => id === limitId)?.kind ?? 'due';
  const units = kind === 'upward_review' ? jurisdiction.incidentOffices : leadUnits;
  const isAbout = OWED_BY_OFFICES.includes(kind)
    ? (group !== null && seats.offices.has(group)) || (group === null && units.some((unit) => seats.units.has(unit)))
    : units.some((unit) => seats.units.has(unit)) || leadPosts.some((post) => seats.posts.has(post));
  if (!isAbout) return;
  throw new DomainError(
    'own_escalation',
    'This escalation is about you or your unit: somebody of another unit acknowledges or settles it, the next one up the ladder, or supervision.',
    '该督办事项针对您或您所在单位，须由其他单位的办公室负责人、上一级领导或督查机构签收、办结。',
  );
}

function find(item: Clocked, id: string): EscalationRecord {
  const escalation = item.escalations.find((candidate) => candidate.id === id);
  if (escalation !== undefined) return escalation;
  throw new DomainError('not_found', 'There is no such escalation.', '没有这条升级记录。');
}

function requireUnresolved(escalation: EscalationRecord): void {
  if (escalation.status !== 'resolved') return;
  throw new DomainError(
    'wrong_status',
    'This escalation is settled already; nothing is waiting for an acknowledgement.',
    '该升级事项已经办结，无需签收。',
  );
}
