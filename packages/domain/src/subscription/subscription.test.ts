import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, at } from '../../test-support/fixtures.ts';
import { LEAST_INTERVAL_MS } from './channels.ts';
import type { SubscriptionCreated, SubscriptionEvent } from './events.ts';
import { CIRCUIT_MS, subscriptionAggregate } from './subscription.ts';

const T0 = at('2023-09-01T08:30');
const by = (now: number) => ({ ...as('clerk', now), actor: 'p-clerk' });
const created: SubscriptionCreated = {
  type: 'SubscriptionCreated',
  at: T0,
  by: 'p-clerk',
  subscriptionId: 'subscription_1',
  mailbox: 'unit:kgx',
  channel: 'webhook',
  sealed: 's1.k1.x',
  shown: 'https://example.com/…abcd',
  endpoint: 'e1',
  name: '值班室',
  language: 'zh',
  ordered: false,
};
const given = (...events: readonly SubscriptionEvent[]) => specify(subscriptionAggregate, [created, ...events]);

describe('a subscription', () => {
  it('is created once and changed where it differs', () => {
    const { type: _, at: _at, by: _by, ...asked } = created;
    specify(subscriptionAggregate, [])
      .when({ type: 'CreateSubscription', ...asked }, by(T0))
      .yields(created);
    given()
      .when({ type: 'CreateSubscription', ...asked }, by(T0))
      .isRefused('wrong_status');
    const changed = { at: T0, by: 'p-clerk', name: '督查室', language: 'en', ordered: false } as const;
    given()
      .when({ type: 'ChangeSubscription', name: '督查室', language: 'en' }, by(T0))
      .yields({ type: 'SubscriptionChanged', ...changed });
    given().when({ type: 'ChangeSubscription', name: '值班室' }, by(T0)).yieldsNothing();
    specify(subscriptionAggregate, []).when({ type: 'PauseSubscription' }, by(T0)).isRefused('not_found');
  });

  it('pauses, goes on, and ends for good, forgetting its address', () => {
    const paused = { type: 'SubscriptionPaused', at: T0, by: 'p-clerk' } as const;
    const ended = { type: 'SubscriptionEnded', at: T0, by: 'p-clerk' } as const;
    given().when({ type: 'PauseSubscription' }, by(T0)).yields(paused);
    given(paused).when({ type: 'PauseSubscription' }, by(T0)).yieldsNothing();
    given(paused)
      .when({ type: 'ResumeSubscription' }, by(T0))
      .yields({ type: 'SubscriptionResumed', at: T0, by: 'p-clerk' });
    given().when({ type: 'EndSubscription' }, by(T0)).yields(ended);
    expect(given(ended).state).toMatchObject({ status: 'ended', sealed: '' });
    given(ended).when({ type: 'EndSubscription' }, by(T0)).yieldsNothing();
    given(ended).when({ type: 'ResumeSubscription' }, by(T0)).isRefused('wrong_status');
  });

  it('rotates the secret of a webhook, and of nothing else', () => {
    const rotate = { type: 'RotateSecret', sealed: 's1.k1.y', formerUntil: T0 + 1 } as const;
    given()
      .when(rotate, by(T0))
      .yields({ type: 'SecretRotated', at: T0, by: 'p-clerk', sealed: 's1.k1.y', formerUntil: T0 + 1 });
    specify(subscriptionAggregate, [{ ...created, channel: 'wecom' }])
      .when(rotate, by(T0))
      .isRefused('wrong_status');
  });

  it('leaves an endpoint alone for twice as long each time the probe fails, up to a quarter of an hour', () => {
    const events: SubscriptionEvent[] = [];
    const pauses: number[] = [];
    for (let now = T0; pauses.length < 7; ) {
      const { state } = given(...events);
      const [opened] = subscriptionAggregate.decide(state, { type: 'OpenCircuit' }, by(now));
      if (opened?.type !== 'CircuitOpened') throw new Error('not opened');
      events.push(opened);
      pauses.push(opened.until - now);
      given(...events)
        .when({ type: 'OpenCircuit' }, by(opened.until - 1))
        .yieldsNothing();
      now = opened.until;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 15, 15, 15].map((minutes) => minutes * CIRCUIT_MS.first));
    const closed = { type: 'CircuitClosed', at: T0 } as const;
    given(...events)
      .when({ type: 'CloseCircuit' }, by(T0))
      .yields(closed);
    given(...events, closed)
      .when({ type: 'CloseCircuit' }, by(T0))
      .yieldsNothing();
  });

  it('spaces a slow endpoint until it is quick again', () => {
    const paced = { type: 'EndpointPaced', at: T0, intervalMs: 4_000 } as const;
    given().when({ type: 'PaceEndpoint', intervalMs: 4_000 }, by(T0)).yields(paced);
    given(paced).when({ type: 'PaceEndpoint', intervalMs: 4_000 }, by(T0)).yieldsNothing();
    given(paced)
      .when({ type: 'PaceEndpoint', intervalMs: null }, by(T0))
      .yields({ ...paced, intervalMs: null });
  });
});

it.each([
  ['wecom', 60_000, 20],
  ['dingtalk', 60_000, 20],
  ['feishu', 60_000, 100],
  ['feishu', 1_000, 5],
] as const)('one message a turn keeps the limit of %s: in %i ms at most %i', (kind, spanMs, most) => {
  const turnMs = LEAST_INTERVAL_MS[kind] ?? 0;
  // However a span lies, it touches at most so many turns, and each holds one message.
  expect(Math.ceil(spanMs / turnMs) + 1).toBeLessThanOrEqual(most);
});
