import { createDeliverer, type DeliveryRow, rebuildViews } from '@duban/application';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../receiver.ts';
import type { TestSystem } from '../system.ts';
import { ANQUAN, type Client, type County, DIRECTOR, type List, SUPERVISION } from './county.ts';
import { loopbackChannels, loopbackCounty } from './loopback-county.ts';

const MORNING = Date.parse('2023-09-01T08:30:00+08:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LISTING = { reason: '进度滞后', basis: '县政府督查室通知', reportBy: '2023-12-01' };
const iso = (at: number) => new Date(at).toISOString();

interface Webhook {
  readonly id: string;
  readonly secret: string | null;
  readonly address: string;
  readonly restingUntil: string | null;
}
type Delivery = Pick<DeliveryRow, 'id' | 'messageId' | 'attempts'> & {
  readonly status: string;
  readonly last: { readonly status: number | null; readonly fault: string | null } | null;
};
type History = Delivery & {
  readonly history: readonly { readonly type: string; readonly at: string; readonly fault?: string }[];
};

let system: TestSystem;
let county: County;
let director: Client;
let receiver: Receiver;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ system, county, director, receiver, close } = await loopbackCounty());
});
afterAll(() => close());

async function subscribe(path: string, more: object = {}): Promise<Webhook> {
  const body = { recipient: { post: DIRECTOR.post }, url: receiver.url + path, name: path, ...more };
  const { status, body: made } = await director.post<Webhook>('/v1/webhooks', body);
  expect(status, JSON.stringify(made)).toBe(201);
  await system.settle();
  return made;
}
const to = (path: string) => receiver.received.filter((request) => request.path === path);
const idsOf = (path: string) => to(path).map(({ headers }) => headers['webhook-id']);
const deliveriesOf = async (id: string, query = '') =>
  (await director.get<List<Delivery>>(`/v1/webhooks/${id}/deliveries${query}`)).body.items;
const historyOf = async (id: string, delivery: string) =>
  (await director.get<History>(`/v1/webhooks/${id}/deliveries/${delivery}`)).body;
const end = (id: string) => director.post(`/v1/webhooks/${id}/cancellation`, {});
/** Sends a test message and carries out what is due now. */
async function test(id: string): Promise<string> {
  const { status, body } = await director.post<Delivery>(`/v1/webhooks/${id}/test`, {});
  expect(status).toBe(202);
  await system.advance(system.clock.now());
  return body.id;
}

describe('a digest on a webhook', () => {
  let steady: Webhook;
  let flaky: Webhook;
  beforeAll(async () => {
    steady = await subscribe('/steady');
    flaky = await subscribe('/flaky');
    receiver.answer = ({ path }) => ({ status: path === '/flaky' && to('/flaky').length < 3 ? 500 : 204 });
    await system.advance(MORNING - 1);
  });

  it('waits for the morning with what was raised at night, then goes out once to each', async () => {
    const before = to('/steady').length;
    await system.advance(MORNING);
    expect(to('/steady')).toHaveLength(before + 1);
    const { type, data } = JSON.parse(to('/steady').at(-1)?.body ?? '{}') as {
      type: string;
      data: {
        lines: readonly { kind: string; lateBySeconds: number | null; title: string | null }[];
        digestId: string;
      };
    };
    expect(type).toBe('duban.digest.released.v1');
    const escalated = data.lines.filter(({ kind }) => kind === 'escalation');
    expect(escalated.length).toBeGreaterThan(2);
    expect(escalated.map(({ lateBySeconds }) => lateBySeconds)).toEqual(escalated.map(() => 8.5 * 3_600));
    expect(data.lines.findIndex(({ kind }) => kind !== 'escalation')).toBe(
      escalated.length === data.lines.length ? -1 : escalated.length,
    );
    const [delivery] = await deliveriesOf(steady.id);
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, last: { status: 204, fault: null } });
    expect(delivery?.messageId).toBe(idsOf('/steady').at(-1));
  });

  it('is tried again under the same id until it arrives, every attempt written down', async () => {
    await system.advance(MORNING + 10 * MINUTE);
    const morning = (await deliveriesOf(flaky.id)).at(-1) as Delivery;
    const { status, attempts, history } = await historyOf(flaky.id, morning.id);
    expect({ status, attempts }).toEqual({ status: 'delivered', attempts: 4 });
    expect(new Set(idsOf('/flaky').slice(0, 4))).toEqual(new Set([morning.messageId]));
    expect(history.map(({ type }) => type)).toEqual([
      'DeliveryRequested',
      ...['AttemptStarted', 'AttemptFailed', 'AttemptStarted', 'AttemptFailed', 'AttemptStarted', 'AttemptFailed'],
      ...['AttemptStarted', 'AttemptSucceeded'],
    ]);
  });

  it('is delivered once when its wake comes ten times at once', async () => {
    const { body } = await director.post<Delivery>(`/v1/webhooks/${steady.id}/test`, {});
    const wake = { ref: { jurisdiction: '433122', type: 'delivery' as const, id: body.id }, at: system.clock.now() };
    const before = to('/steady').length;
    await Promise.all(Array.from({ length: 10 }, () => system.deliverer.deliver([wake, wake])));
    expect(to('/steady')).toHaveLength(before + 1);
    expect((await system.deliverer.deliver([wake])).events).toEqual({});
  });

  it('is attempted once more when the first attempt was cut off, under the same id', async () => {
    const { body } = await director.post<Delivery>(`/v1/webhooks/${steady.id}/test`, {});
    const wake = { ref: { jurisdiction: '433122', type: 'delivery' as const, id: body.id }, at: system.clock.now() };
    // A process that hears no answer before it dies.
    const send = () => new Promise<never>(() => undefined);
    const dying = createDeliverer({ ...system.deps, channels: { kinds: new Set(), send }, linkBase: null });
    void dying.deliver([wake]);
    while ((await historyOf(steady.id, body.id)).status !== 'attempting');
    await system.advance(system.clock.now() + MINUTE - 1);
    expect(idsOf('/steady')).not.toContain(body.messageId);
    await system.advance(system.clock.now() + 1);
    expect(idsOf('/steady').filter((id) => id === body.messageId)).toHaveLength(1);
    expect((await historyOf(steady.id, body.id)).history.map(({ type }) => type)).toEqual([
      ...['DeliveryRequested', 'AttemptStarted', 'AttemptLapsed', 'AttemptStarted', 'AttemptSucceeded'],
    ]);
  });

  afterAll(() => Promise.all([end(steady.id), end(flaky.id)]));
});

describe('an ordered webhook', () => {
  it('sends nothing before what went before it has arrived', async () => {
    const hook = await subscribe('/ordered', { ordered: true });
    receiver.answer = ({ path }) => ({ status: path === '/ordered' && to('/ordered').length < 5 ? 500 : 204 });
    for (const seq of [4, 9, 10]) {
      const listed = await county.as(SUPERVISION).post(`/v1/tasks/task_${ANQUAN}-${seq}/supervision`, LISTING);
      expect(listed.status, JSON.stringify(listed.body)).toBe(200);
      await system.settle();
      await system.advance(system.clock.now() + 6 * MINUTE);
    }
    await system.advance(system.clock.now() + 2 * HOUR);
    const ids = idsOf('/ordered');
    const inOrder = [...new Set(ids)];
    const released = inOrder.map((id) => Number(/\.(\d{13})(?:\.|$)/.exec(id ?? '')?.[1]));
    expect(released).toHaveLength(3);
    expect(released).toEqual([...released].sort((a, b) => a - b));
    // The first was refused five times while the others fell due, and they waited for it.
    expect(ids).toEqual([...Array.from({ length: 5 }, () => inOrder[0]), ...inOrder]);
    await end(hook.id);
  });
});

describe('a receiver that is away', () => {
  it('is left alone after five failures in a row, longer each time, and gets everything when it is back', async () => {
    const hook = await subscribe('/away');
    receiver.answer = ({ path }) => ({ status: path === '/away' ? 503 : 204 });
    const begun = system.clock.now();
    const sent = [];
    for (let count = 0; count < 8; count += 1) sent.push(await test(hook.id));
    expect(to('/away')).toHaveLength(5);
    const resting = (await director.get<Webhook>(`/v1/webhooks/${hook.id}`)).body.restingUntil;
    expect(Date.parse(resting ?? '')).toBe(begun + MINUTE);
    await system.advance(begun + HOUR);
    // Tried on the way, a few at a time: far less often than eight messages would by themselves.
    expect(to('/away').length).toBeLessThan(50);
    receiver.answer = () => ({ status: 204 });
    await system.advance(begun + 2 * HOUR);
    expect((await deliveriesOf(hook.id)).map(({ status }) => status)).toEqual(sent.map(() => 'delivered'));
    expect(new Set(idsOf('/away')).size).toBe(8);
    expect((await director.get<Webhook>(`/v1/webhooks/${hook.id}`)).body.restingUntil).toBeNull();
    await end(hook.id);
  });

  it('for 72 hours is given up with an alarm; what was given up goes out again when asked', async () => {
    const hook = await subscribe('/gone');
    receiver.answer = ({ path }) => ({ status: path === '/gone' ? 410 : 204 });
    const begun = system.clock.now();
    const id = await test(hook.id);
    await system.advance(begun + 73 * HOUR);
    expect((await deliveriesOf(hook.id, '?status=dead')).map((delivery) => delivery.id)).toContain(id);
    expect(system.logged.filter((line) => line.includes('delivery.dead') && line.includes(id))).toHaveLength(1);
    const dead = (await county.admin().get<List<Delivery>>('/v1/deliveries')).body.items;
    expect(dead.map((delivery) => delivery.id)).toContain(id);
    expect((await director.get('/v1/deliveries')).status).toBe(403);
    receiver.answer = () => ({ status: 204 });
    const again = await director.post<{ redelivered: number }>(`/v1/webhooks/${hook.id}/redeliveries`, {
      since: iso(begun),
    });
    expect(again.body.redelivered).toBe(dead.length);
    await system.advance(system.clock.now() + 20 * MINUTE);
    expect(await historyOf(hook.id, id)).toMatchObject({ status: 'delivered' });
    expect(new Set(idsOf('/gone')).size).toBe((await deliveriesOf(hook.id)).length);
    await end(hook.id);
  });
});

describe('a slow receiver', () => {
  it('holds up nobody else, and has no more than a few places', async () => {
    const [slow, quick] = [await subscribe('/slow'), await subscribe('/quick')];
    let release: (value?: unknown) => void = () => undefined;
    const hangUntil = new Promise((resolve) => {
      release = resolve;
    });
    receiver.answer = ({ path }) => (path === '/slow' ? { hangUntil } : { status: 204 });
    const ask = async (id: string) => (await director.post<Delivery>(`/v1/webhooks/${id}/test`, {})).body.id;
    const slowOnes: string[] = [];
    for (let count = 0; count < 40; count += 1) slowOnes.push(await ask(slow.id));
    const quickOne = await ask(quick.id);
    const wakes = [...slowOnes, quickOne].map((id) => ({
      ref: { jurisdiction: '433122', type: 'delivery' as const, id },
      at: system.clock.now(),
    }));
    const delivering = system.deliverer.deliver(wakes);
    // Arrives although every slow one was asked for before it and none of them has ended.
    while (to('/quick').length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(to('/slow').length).toBeLessThanOrEqual(4);
    release();
    const { events } = await delivering;
    expect(events).toMatchObject({ AttemptStarted: 5, DeliveryDeferred: 36 });
    await Promise.all([end(slow.id), end(quick.id)]);
  });
});

describe('a ledger that is out of reach', () => {
  /** A deliverer over a ledger of which some commits fail. */
  function shaken(fails: (call: number) => boolean) {
    let call = 0;
    const commit: typeof system.deps.store.commit = (commits) => {
      call += 1;
      return fails(call) ? Promise.reject(new Error('out of reach')) : system.deps.store.commit(commits);
    };
    const store = { ...system.deps.store, commit };
    return createDeliverer({ ...system.deps, store, channels: loopbackChannels(), linkBase: null });
  }
  const asked = async (id: string) => {
    const { body } = await director.post<Delivery>(`/v1/webhooks/${id}/test`, {});
    return { ref: { jurisdiction: '433122', type: 'delivery' as const, id: body.id }, at: system.clock.now() };
  };
  let hook: Webhook;
  beforeAll(async () => {
    hook = await subscribe('/patient');
    receiver.answer = () => ({ status: 204 });
  });

  it('costs no place at an endpoint: when it is back, messages go out', async () => {
    const { deliver } = shaken((call) => call <= 6);
    const wake = await asked(hook.id);
    for (let attempt = 0; attempt < 6; attempt += 1) await expect(deliver([wake])).rejects.toThrow('out of reach');
    expect((await deliver([wake])).events).toEqual({ AttemptStarted: 1, AttemptSucceeded: 1 });
    expect(to('/patient')).toHaveLength(1);
  });

  it('is told once it is back what came of an attempt: nothing is sent a second time for that', async () => {
    const { deliver } = shaken((call) => call === 2 || call === 3);
    const report = await deliver([await asked(hook.id)]);
    expect(report).toMatchObject({ events: { AttemptStarted: 1, AttemptSucceeded: 1 }, failed: [] });
    await system.advance(system.clock.now() + HOUR);
    expect(to('/patient')).toHaveLength(2);
  });

  it('that stays away leaves the attempt to its lease', async () => {
    const { deliver } = shaken((call) => call > 1);
    const wake = await asked(hook.id);
    const { failed } = await deliver([wake]);
    expect(failed).toEqual([{ wake, reason: 'out of reach' }]);
    await system.advance(system.clock.now() + HOUR);
    expect((await historyOf(hook.id, wake.ref.id)).history.map(({ type }) => type)).toEqual([
      ...['DeliveryRequested', 'AttemptStarted', 'AttemptLapsed', 'AttemptStarted', 'AttemptSucceeded'],
    ]);
    await end(hook.id);
  });
});

describe('what all of it leaves', () => {
  it('is a ledger whose chains hold and views that equal those rebuilt from it', async () => {
    await system.settle();
    let chains = 0;
    for await (const head of system.deps.store.scanHeads(null)) {
      if (head.ref.type !== 'delivery' && head.ref.type !== 'subscription') continue;
      chains += 1;
      expect(await system.deps.store.verify(head.ref), head.ref.id).toMatchObject({ ok: true });
    }
    expect(chains).toBeGreaterThan(60);
    const followed = await system.dumpViews();
    await rebuildViews(system.deps);
    expect(await system.dumpViews()).toEqual(followed);
  });

  it('told nobody’s words or addresses to the log', () => {
    const logged = system.logged.join('\n');
    expect(logged).not.toContain(receiver.url);
    expect(logged).not.toContain('whsec_');
  });
});
