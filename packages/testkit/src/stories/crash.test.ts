import { rmSync } from 'node:fs';
import { itemRef, refKey, taskRef } from '@duban/application';
import type { ExistingDelivery, ExistingTask } from '@duban/domain';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver } from '../receiver.ts';
import { endProducts, Product } from './product.ts';

const CASES = [
  { dies: 'DynamoDB Local', node: false, java: true },
  { dies: 'the node process', node: true, java: false },
  { dies: 'both', node: true, java: true },
];
const LIST = { documentNumber: '泸政办发〔2023〕5号', list: '安全生产' };
const PLAN = 'luxi-2023-anquan';

afterEach(endProducts);

/** Asks again until the answer is one to stop at; what cannot be asked just now is asked later. */
async function until<T>(ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && enough(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const STORM = 500;
const STORMING = Array.from({ length: STORM }, (_, index) => taskRef('433122', `task_${PLAN}-${1000 + index}`));
const numbered = (from: number, count: number, due: string) =>
  Array.from({ length: count }, (_, index) => ({
    ...LIST,
    seq: from + index,
    title: `排查第${index}处`,
    text: '排查并整改',
    leadUnits: ['县住建局'],
    due,
  }));

let prepared: string;
// 500 tasks due at one midnight, and the clock a few seconds before it.
beforeAll(async () => {
  prepared = await Product.prepare(async (product) => {
    const tasks = numbered(1000, STORM, '2023-06-15');
    await product.call('POST', '/v1/imports', { jurisdiction: '433122', tasks }, await product.adminToken());
    await product.call('POST', '/dev/clock/advance', { to: '2023-06-15T23:59:50+08:00' });
  });
}, 300_000);
afterAll(() => rmSync(prepared, { recursive: true, force: true }));

describe('in the middle of 500 escalations', () => {
  /** So few are read in one call: looking at all of them would take as long as their storm does. */
  const SOME = STORMING.filter((_, index) => index % 10 === 0);

  async function escalated(product: Product, refs = STORMING): Promise<number> {
    const heads = await product.ledger().loadMany(refs);
    return refs.filter(
      (ref) => ((heads.get(refKey(ref))?.state ?? { escalations: [] }) as ExistingTask).escalations.length > 0,
    ).length;
  }

  it.each(CASES)('kill -9 of $dies: each happens exactly once', { timeout: 240_000 }, async (crash) => {
    const product = await Product.start({}, prepared);
    await product.call('PUT', '/dev/clock', { now: '2023-06-15T23:59:57+08:00' });
    const count = await until(
      () => escalated(product, SOME),
      (found) => found > 0,
    );
    product.strike(crash);
    // Struck in the middle, or the case shows nothing.
    expect(count).toBeLessThan(SOME.length);
    if (crash.node) await product.restart();
    await until(
      () => escalated(product),
      (found) => found === STORM,
    );
    const after = product.ledger();
    const twice: string[] = [];
    for (const ref of STORMING) {
      const events = await after.read(ref);
      if (events.filter(({ event }) => event.type === 'Escalated').length !== 1) twice.push(ref.id);
      expect(await after.verify(ref)).toMatchObject({ ok: true });
    }
    expect(twice).toEqual([]);
  });
});

describe('in the middle of an import of 3,000 tasks', () => {
  const ITEMS = 3_000;
  const FIRST = 5_000;
  interface Import {
    readonly state: string;
    readonly progress: { readonly done: number } | null;
  }

  // Without node DynamoDB Local ends as well: the case of both is that of node.
  it.each(CASES.filter(({ java }) => java))(
    'kill -9 of $dies: it goes on by itself, and nobody sees half of it',
    { timeout: 240_000 },
    async (crash) => {
      const product = await Product.start({}, prepared);
      const token = await product.adminToken();
      const total = async () =>
        (await product.call<{ total: number }>('GET', `/v1/dashboard?plan=${PLAN}`, undefined, token)).total;
      const before = await total();
      const body = { jurisdiction: '433122', tasks: numbered(FIRST, ITEMS, '2023-12-15') };
      const begun = await product.call<{ id: string; state: string }>('POST', '/v1/imports', body, token);
      expect(begun.state).toBe('writing');
      const asked = () => product.call<Import>('GET', `/v1/imports/${begun.id}?limit=1`, undefined, token);
      const struck = await until(asked, ({ progress }) => (progress?.done ?? ITEMS) > 0);
      product.strike(crash);
      expect(struck).toMatchObject({ state: 'writing' });
      expect(struck.progress?.done).toBeLessThan(ITEMS);
      if (crash.node) await product.restart();
      const seen = new Set<number>();
      await until(
        async () => {
          seen.add(await total());
          return asked();
        },
        ({ state }) => state === 'done',
      );
      seen.add(await total());
      // Before and after, and nothing between.
      expect([...seen].sort((a, b) => a - b).filter((count) => count !== before)).toEqual([before + ITEMS]);
      const ledger = product.ledger();
      for (const index of [0, 499, 500, 1_234, ITEMS - 1]) {
        const ref = taskRef('433122', `task_${PLAN}-${FIRST + index}`);
        expect(await ledger.read(ref)).toHaveLength(1);
        expect(await ledger.verify(ref)).toMatchObject({ ok: true });
      }
    },
  );
});

describe('in the middle of 80 messages on webhooks', () => {
  const HOOKS = 5;
  const EACH = 16;

  // The hardest of the three: whoever made an attempt is gone, and the last write may be.
  it.each(CASES.filter(({ node, java }) => node && java))(
    'kill -9 of $dies: each arrives, under its id, and the ledger knows of every attempt',
    { timeout: 240_000 },
    async (crash) => {
      const receiver = await startReceiver();
      const product = await Product.start({ allow: ['127.0.0.1/32'] }, prepared);
      const token = await product.adminToken();
      const post = <T>(path: string, body: object) => product.call<T>('POST', path, body, token);
      const messages: { readonly id: string; readonly messageId: string }[] = [];
      for (let hook = 0; hook < HOOKS; hook += 1) {
        const body = { recipient: { unit: '县住建局' }, name: `第${hook}个`, url: `${receiver.url}/${hook}` };
        const { id } = await post<{ id: string }>('/v1/webhooks', body);
        for (let message = 0; message < EACH; message += 1) messages.push(await post(`/v1/webhooks/${id}/test`, {}));
      }
      const idsOf = () => receiver.received.map(({ headers }) => headers['webhook-id'] ?? '');
      const refs = messages.map(({ id }) => itemRef('433122', 'delivery', id));
      const delivered = async () => {
        const heads = await product.ledger().loadMany(refs);
        const states = refs.map((ref) => heads.get(refKey(ref))?.state as ExistingDelivery | undefined);
        return states.filter((state) => state?.status === 'delivered').length;
      };
      // DynamoDB Local may lose the one write that it has just acknowledged: it shall not be one of those.
      await product.call(
        'POST',
        '/v1/webhooks',
        { recipient: { unit: '县住建局' }, name: '末', url: receiver.url },
        token,
      );
      // The last of them are still on their way when it is struck.
      product.strike(crash);
      if (crash.node) await product.restart();
      // An attempt that was cut off is taken for lost after a minute: of a clock that makes it a second.
      const now = await until(
        () => product.call<{ now: string }>('GET', '/dev/clock'),
        () => true,
      );
      await until(
        () => product.call('PUT', '/dev/clock', { now: now.now, speed: 60 }),
        () => true,
      );
      await until(delivered, (count) => count === messages.length);
      const arrived = idsOf();
      expect(new Set(arrived)).toEqual(new Set(messages.map(({ messageId }) => messageId)));
      const ledger = product.ledger();
      let attempts = 0;
      for (const ref of refs) {
        const events = (await ledger.read(ref)).map(({ event }) => event.type);
        attempts += events.filter((type) => type === 'AttemptStarted').length;
        expect(events.filter((type) => type === 'AttemptSucceeded')).toHaveLength(1);
        expect(await ledger.verify(ref)).toMatchObject({ ok: true });
      }
      // Each request was an attempt of the ledger's; one that was written down and cut off before it was made is no request.
      expect(arrived.length).toBeLessThanOrEqual(attempts + (crash.java ? 1 : 0));
      expect(attempts).toBeLessThanOrEqual(messages.length + 4 * HOOKS);
      await receiver.close();
    },
  );
});
