import type { Instant } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { ReportStage } from './reports.ts';
import type { ExistingIncident } from './state.ts';

/** When it happened, when its unit came to know of it, and when word of it first came in. */
export interface Order {
  readonly occurredAt: Instant | null;
  readonly knownAt: Instant | null;
  readonly receivedAt: Instant;
}

/** @throws DomainError for an instant that has not come yet */
export function refuseFuture(at: Instant | null, now: Instant, pointer: string): void {
  if (at === null || at <= now) return;
  throw new DomainError(
    'invalid_due',
    'That instant has not come yet; give one that has passed.',
    '该时间尚未到来，请填写已经过去的时间。',
    pointer,
  );
}

/**
 * Nothing is known before it happens, and no word of it comes in before either.
 *
 * @param pointer the field at fault where it was known too early
 */
export function requireOrder({ occurredAt, knownAt, receivedAt }: Order, pointer = '/knownAt'): void {
  if (occurredAt === null) return;
  if (knownAt !== null && knownAt < occurredAt) {
    throw new DomainError(
      'invalid_due',
      'It cannot have been known before it happened; check occurredAt and knownAt.',
      '知悉时间不能早于发生时间，请核对 occurredAt 和 knownAt。',
      pointer,
    );
  }
  if (receivedAt < occurredAt) {
    throw new DomainError(
      'invalid_due',
      'Word of it cannot have come in before it happened; check occurredAt and receivedAt.',
      '收到时间不能早于发生时间，请核对 occurredAt 和 receivedAt。',
      '/occurredAt',
    );
  }
}

/** A unit reports what it knows. */
export function requireKnown(knownAt: Instant | null, receivedAt: Instant): void {
  if (knownAt === null || knownAt <= receivedAt) return;
  throw new DomainError(
    'invalid_due',
    'The unit cannot have reported it before it knew of it; check knownAt and receivedAt.',
    '报告时间不能早于知悉时间，请核对 knownAt 和 receivedAt。',
    '/knownAt',
  );
}

/** Whoever takes calls in an office may write down later what was said at an earlier instant; a unit's own word counts from now. */
export function receiptOf(
  receivedAt: Instant | null,
  unit: string,
  { now, seats, structure }: CommandContext,
): Instant {
  if (receivedAt === null) return now;
  refuseFuture(receivedAt, now, '/receivedAt');
  const offices = structure.jurisdiction.incidentOffices;
  if (offices.some((office) => office !== unit && seats.units.has(office))) return receivedAt;
  throw new DomainError(
    'not_allowed',
    'Only the offices that reports are filed with can say when a report reached them, and not of their own unit’s reports; leave receivedAt out.',
    '只有备案机关（县委办、县政府办）可以填写其他单位报告的收到时间，请不要填写 receivedAt。',
    '/receivedAt',
  );
}

export function requireStage({ status, reports }: ExistingIncident, stage: ReportStage): void {
  if (stage === 'first' ? reports.length === 0 : status === 'reported') return;
  if (stage === 'first') {
    throw new DomainError(
      'wrong_status',
      'The first report has been made; send a follow-up, or correct it.',
      '首报已经完成，请续报或更正。',
    );
  }
  throw status === 'awaiting_report'
    ? new DomainError('wrong_status', 'The first report has not been made yet; make it first.', '尚未首报，请先首报。')
    : new DomainError(
        'wrong_status',
        'The incident is closed; correct a report if something was wrong.',
        '该事项已终结；如有错误请提交更正。',
      );
}
