import {
  type ExistingDelivery,
  type ExistingSubscription,
  type SubscriptionCommand,
  subscriptionAggregate,
} from '@duban/domain';
import { commitOf } from '../commit.ts';
import type { DeliveryDependencies } from '../dependencies.ts';
import type { DomainEvent, Head } from '../ports.ts';
import { systemContext } from '../write-item.ts';
import { openAddress } from './address.ts';
import { messageContent } from './content.ts';
import type { DeliveryGates } from './gates.ts';
import type { SendResult } from './message.ts';
import type { DeliveryRecorder } from './recorder.ts';

const ACTOR = 'system:deliver';

/** An endpoint that takes longer than this is spaced (ms); one that is quick again is not. */
const SLOW_MS = 3_000;
const QUICK_MS = 1_000;

type DeliveryHead = Head & { readonly state: ExistingDelivery };
type SubscriptionHead = Head & { readonly state: ExistingSubscription };

/**
 * Makes one attempt and writes down what came of it.
 * @returns the events it led to
 */
export async function attempt(
  deps: DeliveryDependencies,
  gates: DeliveryGates,
  recorder: DeliveryRecorder,
  head: DeliveryHead,
  subscription: SubscriptionHead,
): Promise<readonly DomainEvent[]> {
  const result = await send(deps, head, subscription.state);
  const { status, latencyMs, answer, fault, retryAfterMs } = result;
  const number = head.state.attempts;
  const ended = { number, status, latencyMs, answer };
  const events = await recorder.record(
    head,
    result.accepted
      ? { type: 'RecordSuccess', ...ended }
      : { type: 'RecordFailure', ...ended, fault: fault ?? 'internal', retryAfterMs },
  );
  const { jurisdiction, id } = head.ref;
  deps.log.info('delivery.attempted', {
    jurisdiction,
    id,
    number,
    accepted: result.accepted,
    status,
    fault,
    latencyMs,
  });
  // For whoever watches: nobody will be told on this channel any more, the inbox alone has it.
  if (events.some(({ type }) => type === 'DeliveryDied')) deps.log.error('delivery.dead', { jurisdiction, id });
  const lesson = lessonOf(gates, subscription.state, result);
  if (lesson !== null) await note(deps, subscription, lesson);
  return events;
}

async function send(
  deps: DeliveryDependencies,
  head: DeliveryHead,
  subscription: ExistingSubscription,
): Promise<SendResult> {
  const at = deps.clock.now();
  try {
    const address = await openAddress(deps, head.ref.jurisdiction, subscription, at);
    if (address === null) return unsent('unusable_address');
    const content = await messageContent(deps, head, subscription);
    const { messageId, subscriptionId } = head.state;
    const { language } = subscription;
    return await deps.channels.send(address, { messageId, subscriptionId, language, at, content });
  } catch (error) {
    // Its text could hold an address: the name alone is told.
    const { jurisdiction, id } = head.ref;
    deps.log.error('delivery.failed', { jurisdiction, id, fault: error instanceof Error ? error.name : 'unknown' });
    return unsent('internal');
  }
}

function unsent(fault: 'unusable_address' | 'internal'): SendResult {
  return { accepted: false, status: null, latencyMs: 0, answer: null, fault, retryAfterMs: null };
}

/** What an attempt taught about its endpoint; null when nothing new. */
function lessonOf(
  gates: DeliveryGates,
  { endpoint, circuit, intervalMs }: ExistingSubscription,
  { accepted, latencyMs, fault }: SendResult,
): SubscriptionCommand | null {
  if (accepted) {
    gates.succeeded(endpoint);
    if (circuit !== null) return { type: 'CloseCircuit' };
    if (latencyMs > SLOW_MS && intervalMs === null)
      return { type: 'PaceEndpoint', intervalMs: Math.ceil(latencyMs / 2) };
    return latencyMs < QUICK_MS && intervalMs !== null ? { type: 'PaceEndpoint', intervalMs: null } : null;
  }
  // Nothing the endpoint did.
  if (fault === 'internal' || fault === 'not_configured' || fault === 'unusable_address') return null;
  return gates.failed(endpoint) || circuit !== null ? { type: 'OpenCircuit' } : null;
}

/** Best effort: several learn the same at once, and what is lost here is learnt again. */
async function note(
  deps: DeliveryDependencies,
  { ref }: SubscriptionHead,
  command: SubscriptionCommand,
): Promise<void> {
  const head = await deps.store.load(ref);
  if (head === null) return;
  const structure = await deps.structures.current(ref.jurisdiction);
  const context = systemContext(deps, structure, ACTOR);
  const events = subscriptionAggregate.decide(head.state as ExistingSubscription, command, context);
  if (events.length === 0) return;
  const correlationId = deps.ids.next('endpoint');
  const [outcome] = await deps.store.commit([
    commitOf(head, ref, events, { at: context.now, actor: ACTOR, correlationId }),
  ]);
  if (outcome?.status !== 'committed') return;
  deps.log.warn('delivery.endpoint', { id: ref.id, events: events.map(({ type }) => type).join(' ') });
}
