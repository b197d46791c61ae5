import { specify } from '@duban/testkit/specification';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { as, at } from '../../test-support/fixtures.ts';
import { ATTEMPT_LEASE_MS, deliveryAggregate, deliveryIdOf } from './delivery.ts';
import type { AttemptFailed, DeliveryEvent, DeliveryRequested } from './events.ts';
import { fractionOf, GIVE_UP_AFTER_MS, retryAt } from './retries.ts';

const T0 = at('2023-09-01T08:30');
const MINUTE = 60_000;
const requested: DeliveryRequested = {
  type: 'DeliveryRequested',
  at: T0,
  deliveryId: 'delivery_1.digest_1',
  subscriptionId: 'subscription_1',
  messageId: 'msg_1.digest_1',
  digestId: 'digest_1',
  releaseAt: T0,
  mailbox: 'unit:kgx',
  channel: 'webhook',
  urgent: false,
  giveUpAt: T0 + GIVE_UP_AFTER_MS,
  after: null,
  toldRecently: [],
};
const started = (number: number, when = T0): DeliveryEvent => ({
  type: 'AttemptStarted',
  at: when,
  number,
  leaseUntil: when + ATTEMPT_LEASE_MS,
});
const answer = { status: 500, latencyMs: 12, answer: 'no' };
const failure = (number: number, when: number, again: number | null): AttemptFailed => ({
  ...{ type: 'AttemptFailed', at: when, number, fault: 'status', retryAt: again },
  ...answer,
});
const ok = { number: 1, status: 204, latencyMs: 7, answer: null };
const by = (now: number) => as('clerk', now);

describe('a delivery', () => {
  it('is attempted at once, and written down before it is', () => {
    const { type: _, at: _at, giveUpAt: _giveUpAt, ...asked } = requested;
    const none = specify(deliveryAggregate, []);
    none.when({ type: 'RequestDelivery', ...asked }, by(T0)).yields(requested);
    const waiting = specify(deliveryAggregate, [requested]);
    expect(deliveryAggregate.nextWakeAt(waiting.state)).toBe(T0);
    waiting.when({ type: 'RequestDelivery', ...asked }, by(T0 + 1)).yieldsNothing();
    waiting.whenWoken({ ...by(T0), now: T0 - 1 }).yieldsNothing();
    waiting.whenWoken({ ...by(T0), now: T0 }).yields(started(1));
  });

  it('has arrived once, however often that is said', () => {
    const sent = specify(deliveryAggregate, [requested, started(1)]);
    const arrived = { type: 'AttemptSucceeded', at: T0 + 7, ...ok } as const;
    sent.when({ type: 'RecordSuccess', ...ok }, by(T0 + 7)).yields(arrived);
    const done = specify(deliveryAggregate, [requested, started(1), arrived]);
    expect(done.state).toMatchObject({ status: 'delivered', nextAt: null, last: { number: 1, fault: null } });
    done.when({ type: 'RecordSuccess', ...ok }, by(T0 + 9)).yieldsNothing();
    done.whenWoken(by(T0 + 365 * 86_400_000)).yieldsNothing();
  });

  it('is taken for lost when nothing is heard of its attempt, and attempted once more', () => {
    const sent = specify(deliveryAggregate, [requested, started(1)]);
    sent.whenWoken(by(T0 + ATTEMPT_LEASE_MS - 1)).yieldsNothing();
    const late = T0 + ATTEMPT_LEASE_MS;
    sent.whenWoken(by(late)).yields({ type: 'AttemptLapsed', at: late, number: 1 }, started(2, late));
    const again = specify(deliveryAggregate, [
      requested,
      started(1),
      { type: 'AttemptLapsed', at: late, number: 1 },
      started(2, late),
    ]);
    // The first one was only slow: it has arrived, and the second need not.
    again
      .when({ type: 'RecordSuccess', ...ok }, by(late + 1))
      .yields({ type: 'AttemptSucceeded', at: late + 1, ...ok });
    // The first one failed after all: noted, and the second goes on.
    const end = T0 + 2 * ATTEMPT_LEASE_MS;
    again
      .when({ type: 'RecordFailure', number: 1, fault: 'status', retryAfterMs: null, ...answer }, by(late + 1))
      .yields(failure(1, late + 1, end));
    const noted = specify(deliveryAggregate, [requested, started(1), started(2, late), failure(1, late + 1, end)]);
    expect(noted.state).toMatchObject({ status: 'attempting', attempts: 2, nextAt: late + ATTEMPT_LEASE_MS });
  });

  it('is tried for 72 hours and then given up, with one last attempt at the end', () => {
    const events: DeliveryEvent[] = [requested];
    const instants: number[] = [];
    for (let now = T0; ; ) {
      const { state } = specify(deliveryAggregate, events);
      const next = deliveryAggregate.nextWakeAt(state);
      if (next === null) break;
      now = next;
      instants.push(now);
      const begun = deliveryAggregate.wake(state, by(now));
      events.push(...begun);
      const attempted = specify(deliveryAggregate, events).state;
      const number = instants.length;
      const command = { type: 'RecordFailure', number, fault: 'status', retryAfterMs: null, ...answer } as const;
      events.push(...deliveryAggregate.decide(attempted, command, by(now)));
    }
    expect(instants.at(-1)).toBe(requested.giveUpAt);
    expect(instants.length).toBeGreaterThan(15);
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['AttemptFailed', 'DeliveryDied']);
    const dead = specify(deliveryAggregate, events);
    expect(dead.state).toMatchObject({ status: 'dead', nextAt: null });
    const again = T0 + 100 * 3_600_000;
    const redelivered = {
      type: 'RedeliveryRequested',
      at: again,
      by: 'p-clerk',
      giveUpAt: again + GIVE_UP_AFTER_MS,
    } as const;
    dead.when({ type: 'Redeliver' }, { ...by(again), actor: 'p-clerk' }).yields(redelivered);
    const revived = specify(deliveryAggregate, [...events, redelivered]);
    expect(revived.state).toMatchObject({ status: 'waiting', nextAt: again, messageId: 'msg_1.digest_1' });
    revived.when({ type: 'Redeliver' }, by(again)).yieldsNothing();
  });

  it('has failed once for each attempt, however often that is said', () => {
    const said = { type: 'RecordFailure', number: 1, fault: 'status', retryAfterMs: null, ...answer } as const;
    const failed = specify(deliveryAggregate, [requested, started(1), failure(1, T0 + 1, T0 + 5_000)]);
    failed.when(said, by(T0 + 2)).yieldsNothing();
    const end = T0 + ATTEMPT_LEASE_MS;
    const lapsed = { type: 'AttemptLapsed', at: end, number: 1 } as const;
    // Taken for lost, and heard of after all: that is news.
    specify(deliveryAggregate, [requested, started(1), lapsed, started(2, end)])
      .when(said, by(end + 1))
      .yields(failure(1, end + 1, end + ATTEMPT_LEASE_MS));
  });

  it('waits where it must, but not beyond its end', () => {
    const waiting = specify(deliveryAggregate, [requested]);
    const until = T0 + 5 * MINUTE;
    const defer = { type: 'DeferDelivery', until, reason: 'circuit_open' } as const;
    waiting.when(defer, by(T0)).yields({ type: 'DeliveryDeferred', at: T0, until, reason: 'circuit_open' });
    waiting.when({ ...defer, until: requested.giveUpAt + 1 }, by(T0)).yields({
      ...{ type: 'DeliveryDeferred', at: T0, until: requested.giveUpAt, reason: 'circuit_open' },
    });
    waiting.when(defer, by(requested.giveUpAt)).yields({ type: 'DeliveryDied', at: requested.giveUpAt });
    const sent = specify(deliveryAggregate, [requested, started(1)]);
    sent.when(defer, by(T0)).yieldsNothing();
    // Cut off, and its endpoint rests meanwhile: not attempted, and not left under way either.
    const late = T0 + ATTEMPT_LEASE_MS;
    const lapsed = { type: 'AttemptLapsed', at: late, number: 1 } as const;
    const deferred = { type: 'DeliveryDeferred', at: late, until, reason: 'circuit_open' } as const;
    sent.when(defer, by(late)).yields(lapsed, deferred);
    expect(specify(deliveryAggregate, [requested, started(1), lapsed, deferred]).state).toMatchObject({
      ...{ status: 'waiting', attempts: 1, nextAt: until },
    });
    sent
      .when(defer, by(requested.giveUpAt))
      .yields({ ...lapsed, at: requested.giveUpAt }, { type: 'DeliveryDied', at: requested.giveUpAt });
  });

  it('is dropped when nobody subscribes any more', () => {
    const dropped = { type: 'DeliveryDropped', at: T0 } as const;
    specify(deliveryAggregate, [requested]).when({ type: 'DropDelivery' }, by(T0)).yields(dropped);
    specify(deliveryAggregate, [requested, dropped]).when({ type: 'DropDelivery' }, by(T0)).yieldsNothing();
    specify(deliveryAggregate, []).when({ type: 'DropDelivery' }, by(T0)).isRefused('not_found');
  });
});

describe('a retry', () => {
  it('comes later each time, spread by a fifth, never beyond the end, and heeds what the receiver asks', () => {
    const far = T0 + GIVE_UP_AFTER_MS;
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (id, number) => {
        const pause = (retryAt(id, number, T0, far, null) ?? 0) - T0;
        const six = 6 * 3_600_000;
        const expected =
          [5_000, 30_000, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 240 * MINUTE][
            number - 1
          ] ?? six;
        expect(pause).toBeGreaterThanOrEqual(expected * 0.8 - 1);
        expect(pause).toBeLessThanOrEqual(expected * 1.2 + 1);
      }),
    );
    expect(retryAt('m', 1, T0, far, 10 * MINUTE)).toBe(T0 + 10 * MINUTE);
    expect(retryAt('m', 1, T0, far, 99 * 3_600_000)).toBe(T0 + 6 * 3_600_000);
    expect(retryAt('m', 12, far - 1, far, null)).toBe(far);
    expect(retryAt('m', 12, far, far, null)).toBeNull();
  });

  it('spreads evenly over many messages', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(fractionOf(`msg_${index}/1`) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(850);
  });
});

it('has one id a subscription and digest', () => {
  expect(deliveryIdOf('subscription_7', 'digest_unit.kgx.1')).toBe('delivery_7.digest_unit.kgx.1');
});
