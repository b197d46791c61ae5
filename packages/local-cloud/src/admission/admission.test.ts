import type { Log } from '@duban/application';
import { DIRECTOR, testApi } from '@duban/http-api/app.fixture';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAdmission, type GuardedAdmission } from './admission.ts';

const LIMITS = {
  ...{ places: 2, leastPlaces: 1, placesEach: 1, waitingEach: 1, waiting: 2 },
  ...{ patienceMs: 3_000, shortPatienceMs: 500, standsAfterMs: 5_000 },
};
const AT_THE_DOOR = 3;
const ME = `433122/${DIRECTOR}`;

let now = 0;
let warned: unknown[][] = [];
const log: Log = { info: () => undefined, warn: (...line) => void warned.push(line), error: () => undefined };
let admission: GuardedAdmission;
let api: Awaited<ReturnType<typeof testApi>>;

beforeEach(async () => {
  [now, warned] = [0, []];
  admission = createAdmission(() => now, log, LIMITS, AT_THE_DOOR);
  api = await testApi({ admission });
});

/** A request of somebody that is being carried out until `end` is called. */
function holding(name: string) {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const answer = admission.carryOut(
    async () => name,
    (who) => who,
    () => promise,
  );
  return { answer, end: (response = new Response('done')) => resolve(response) };
}

/** Resolves when everything that can go on without being told has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function occupied() {
  const held = [holding('a'), holding('b')] as const;
  await settled();
  expect(admission.figures()).toMatchObject({ running: 2, waiting: 0 });
  return held;
}

describe('with every place taken', () => {
  it('a request waits for its turn and is answered then', async () => {
    const [first] = await occupied();
    const mine = api.call('GET', '/v1/units');
    await vi.waitUntil(() => admission.figures().waiting === 1);
    first.end();
    expect(await mine).toMatchObject({ status: 200 });
    expect(admission.figures()).toMatchObject({ running: 1, waiting: 0, refused: { overloaded: 0 } });
  });

  it('it is refused in both languages when it has waited for too long, and nothing was carried out', async () => {
    await occupied();
    for (const [language, title] of [
      ['zh', '系统繁忙'],
      ['en', 'Too busy just now'],
    ] as const) {
      const mine = api.call('POST', '/v1/signals', {}, { 'accept-language': language });
      await vi.waitUntil(() => admission.figures().waiting === 1);
      now += 3_001;
      admission.look();
      const { status, body, headers } = await mine;
      expect({ status, body }).toMatchObject({ status: 503, body: { code: 'overloaded', title, status: 503 } });
      expect(headers.get('content-type')).toMatch('application/problem+json');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(headers.get('x-correlation-id')).toBe(body.instance);
    }
    expect(api.commits()).toBe(0);
  });

  it('one caller’s surplus is refused with 429 before the rest have to wait for it', async () => {
    holding(ME);
    const waiting = api.call('GET', '/v1/units');
    await vi.waitUntil(() => admission.figures().waiting === 1);
    const surplus = await api.call('GET', '/v1/units');
    expect(surplus).toMatchObject({ status: 429, body: { code: 'too_many_requests', title: '请求过于频繁' } });
    expect(Number(surplus.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const other = await api.call('GET', '/v1/units', undefined, {
      authorization: `Bearer ${await api.sign({ sub: 'yang-hongyu' })}`,
    });
    expect(other.status).toBe(200);
    now += 3_001;
    admission.look();
    expect(await waiting).toMatchObject({ status: 429 });
  });

  it('health and documentation are open', async () => {
    await occupied();
    holding('c');
    holding('d');
    await settled();
    expect((await api.call('GET', '/v1/units')).status).toBe(503);
    for (const path of ['/healthz', '/openapi.json', '/docs']) {
      expect((await api.app.request(path)).status, path).toBe(200);
    }
  });

  it('nobody’s token is checked when nobody else may wait', async () => {
    await occupied();
    holding('c');
    holding('d');
    await settled();
    expect((await api.call('GET', '/v1/units', undefined, { authorization: 'Bearer a.b.c' })).status).toBe(503);
  });

  it('a link’s reader gets a page that says when to come back', async () => {
    await occupied();
    holding('c');
    holding('d');
    await settled();
    const page = await api.app.request('/a/some-token');
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await page.text()).toContain('系统暂时不可用');
  });
});

it('those refused together are told different times', async () => {
  await occupied();
  holding('c');
  holding('d');
  await settled();
  const told = new Set<string | null>();
  for (let index = 0; index < 10; index += 1) {
    told.add((await api.call('GET', '/v1/units')).headers.get('retry-after'));
  }
  expect([...told].sort()).toEqual(['1', '2', '3', '4', '5']);
});

it('tokens are checked by as many at once as it says', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const checked = Array.from({ length: AT_THE_DOOR }, (_, index) =>
    admission.carryOut(
      () => promise,
      (who) => `${who}${index}`,
      async () => new Response('done'),
    ),
  );
  expect((await api.call('GET', '/v1/units')).status).toBe(503);
  resolve('a');
  await Promise.all(checked);
  expect((await api.call('GET', '/v1/units')).status).toBe(200);
});

it('a process that is behind carries out fewer, and as many as before when it is not', async () => {
  const first = holding('a');
  await settled();
  admission.look();
  now += 50 + 101;
  admission.look();
  const mine = api.call('GET', '/v1/units');
  await vi.waitUntil(() => admission.figures().waiting === 1);
  now += 50 + 100;
  admission.look();
  expect(await mine).toMatchObject({ status: 200 });
  first.end();
});

describe('a place is given back', () => {
  it('when the work fails, whoever’s fault it is', async () => {
    await expect(
      admission.carryOut(
        async () => 'a',
        (who) => who,
        async () => Promise.reject(new Error('broken')),
      ),
    ).rejects.toThrow('broken');
    await api.call('POST', '/v1/tasks', { title: 7 });
    await api.call('GET', '/v1/tasks/task_none', undefined, { authorization: 'Bearer a.b.c' });
    expect(admission.figures()).toMatchObject({ running: 0, waiting: 0 });
  });

  describe('by a file', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    type Source = NonNullable<ConstructorParameters<typeof ReadableStream<Uint8Array>>[0]>;
    const file = (source: Source) =>
      new Response(new ReadableStream(source, { highWaterMark: 0 }), {
        headers: { 'content-disposition': 'attachment', 'x-kept': 'yes' },
      });
    const exported = (source: Source) =>
      admission.carryOut(
        async () => 'a',
        (who) => who,
        async () => file(source),
      );
    const running = () => admission.figures().running;

    it('with its last byte', async () => {
      let left = 3;
      const answer = await exported({
        pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array([left])) : controller.close()),
      });
      expect([running(), answer.headers.get('x-kept')]).toEqual([1, 'yes']);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([2, 1, 0]));
      expect(running()).toBe(0);
    });

    it('when its reader leaves, and the store is read no further', async () => {
      let cancelled = false;
      const answer = await exported({
        pull: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => {
          cancelled = true;
        },
      });
      await answer.body?.cancel();
      expect([running(), cancelled]).toEqual([0, true]);
    });

    it('when it breaks off', async () => {
      const answer = await exported({
        pull: () => {
          throw new Error('broken');
        },
      });
      await expect(answer.text()).rejects.toThrow('broken');
      expect(running()).toBe(0);
    });

    it('when its reader dawdles, once', async () => {
      const answer = await exported({ pull: (controller) => controller.enqueue(new Uint8Array(1)) });
      vi.advanceTimersByTime(29_999);
      expect(running()).toBe(1);
      vi.advanceTimersByTime(1);
      expect(running()).toBe(0);
      await answer.body?.cancel();
      expect(running()).toBe(0);
    });
  });
});

it('the log hears of refusals now and then, in numbers alone', async () => {
  await occupied();
  holding('c');
  holding('d');
  await settled();
  for (let index = 0; index < 3; index += 1) await api.call('GET', '/v1/units');
  admission.look();
  await api.call('GET', '/v1/units');
  now += 1_000;
  admission.look();
  expect(warned).toEqual([['api.shedding', { refused: 3, running: 2, waiting: 2 }]]);
});
