import { type DeliveryRow, nameOfMailbox, type RecordedEvent, type SubscriptionRow } from '@duban/application';
import type { deliveryAnswer, deliveryDetail, subscriptionAnswer } from '@duban/contracts/http/subscriptions';
import type { DeliveryEvent, LastAttempt, Structure } from '@duban/domain';
import type { z } from 'zod';
import { time, timeOrNull } from './present.ts';

export function presentSubscription(structure: Structure, row: SubscriptionRow): z.input<typeof subscriptionAnswer> {
  const { id, version, status, channel, name, language, ordered, createdBy, mailbox } = row;
  return {
    ...{ id, version, status, channel, name, language, ordered, createdBy },
    recipient: { mailbox, name: nameOfMailbox(structure, mailbox) },
    address: row.shown,
    createdAt: time(structure, row.createdAt),
    formerSecretUntil: timeOrNull(structure, row.formerSecretUntil),
    restingUntil: timeOrNull(structure, row.circuit?.openUntil ?? null),
  };
}

export function presentDelivery(structure: Structure, row: DeliveryRow): z.input<typeof deliveryAnswer> {
  const { id, subscriptionId, messageId, digestId, status, urgent, attempts, toldRecently } = row;
  return {
    ...{ id, subscriptionId, messageId, digestId, status, urgent, attempts, toldRecently },
    createdAt: time(structure, row.createdAt),
    giveUpAt: time(structure, row.giveUpAt),
    nextAt: timeOrNull(structure, row.nextAt),
    last: row.last === null ? null : { ...attemptOf(row.last), at: time(structure, row.last.at) },
  };
}

function attemptOf({ number, status, latencyMs, fault, answer }: LastAttempt) {
  return { number, status, latencyMs, fault, answer };
}

/** A delivery with each attempt, deferral and redelivery, oldest first. */
export function presentHistory(
  structure: Structure,
  { delivery, events }: { readonly delivery: DeliveryRow; readonly events: readonly RecordedEvent[] },
): z.input<typeof deliveryDetail> {
  const history = events.map(({ event }) => {
    const happened = event as DeliveryEvent;
    const { at, type } = happened;
    const base = { at: time(structure, at), type };
    switch (happened.type) {
      case 'AttemptSucceeded':
        return { ...base, ...attemptOf({ ...happened, fault: null }) };
      case 'AttemptFailed':
        return { ...base, ...attemptOf(happened) };
      case 'AttemptStarted':
      case 'AttemptLapsed':
        return { ...base, number: happened.number };
      case 'DeliveryDeferred':
        return { ...base, fault: happened.reason };
      default:
        return base;
    }
  });
  return { ...presentDelivery(structure, delivery), history };
}
