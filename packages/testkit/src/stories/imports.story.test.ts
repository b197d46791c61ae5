import {
  type Dependencies,
  finishImport,
  importBundle,
  rebuildViews,
  structureRef,
  taskRef,
  wakeBatch,
} from '@duban/application';
import type { NoticesJoined } from '@duban/domain';
import { LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN, DIRECTOR, ISSUED, SUPERVISION } from './county.ts';
import { fullTasks, importDesk, type Result, tasks } from './import-desk.ts';

const caller = {
  jurisdiction: '433122',
  actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
  correlationId: 'story',
};

let system: TestSystem;
beforeAll(async () => {
  system = await createTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
});
afterAll(() => system.close());
const { request, get, post, totalOf, titlesOf } = importDesk(() => system);

/** The system's dependencies, whose store dies with the n-th commit of the import; nothing after it happens. */
function dyingAfter(commits: number): Dependencies {
  let left = commits;
  const { deps } = system;
  return {
    ...deps,
    store: {
      ...deps.store,
      commit: async (batch) => {
        if (left === 0) throw new Error('the process died');
        left -= 1;
        return deps.store.commit(batch);
      },
    },
  };
}

describe('an import of many tasks', () => {
  it('is seen whole or not at all, by lists, counts, single tasks and the office', async () => {
    const before = await totalOf();
    const seen: number[] = [];
    const lists: number[] = [];
    const singles: number[] = [];
    const phases: string[] = [];
    const looks: Promise<void>[] = [];
    const look = async () => {
      seen.push((await totalOf()) - before);
      lists.push((await titlesOf('县住建局')).filter((title) => title.startsWith('第1')).length);
      singles.push((await request('GET', `/v1/tasks/task_${ANQUAN}-1000`)).status);
    };
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: fullTasks(1000, 1100) };
    // Somebody looks between any two of its commits.
    const commit: Dependencies['store']['commit'] = async (commits) => {
      await Promise.all(looks);
      return system.deps.store.commit(commits);
    };
    const deps = { ...system.deps, store: { ...system.deps.store, commit } };
    const result = await importBundle(deps, caller, bundle, {
      dryRun: false,
      idempotency: null,
      wait: true,
      onProgress: ({ phase }) => {
        phases.push(phase);
        looks.push(look());
      },
    });
    await Promise.all(looks);
    await look();
    expect(result.state).toBe('applied');
    expect(phases).toContain('writing');
    expect(phases).toContain('settling');
    expect([...new Set(seen)].sort((a, b) => a - b)).toEqual([0, 1100]);
    expect([...new Set(lists)].sort((a, b) => a - b)).toEqual([0, 1000]);
    expect([...new Set(singles)].sort()).toEqual([200, 404]);
    expect(seen.at(-1)).toBe(1100);
  });

  it('changes nothing when it is applied again', async () => {
    const head = await system.deps.store.load(structureRef('433122'));
    const again = await post('/v1/imports', { tasks: fullTasks(1000, 300) });
    expect(again).toMatchObject({ status: 200, id: null, state: 'applied' });
    expect(again.difference.tasks).toEqual({ added: [], changed: [], removed: [], unchanged: 300 });
    expect((await system.deps.store.load(structureRef('433122')))?.version).toBe(head?.version);
  });

  it('told each unit once', async () => {
    await system.advance(Date.parse('2023-05-15T08:40:00+08:00'));
    interface Digest {
      readonly count: number;
      readonly items: readonly { readonly itemId: string }[];
    }
    const told: string[] = [];
    for await (const { ref } of system.deps.store.scanHeads('433122')) {
      if (ref.type !== 'digest') continue;
      for (const { event } of await system.deps.store.read(ref)) {
        if (event.type !== 'NoticesJoined') continue;
        const { mailbox, notices } = event as unknown as NoticesJoined;
        told.push(...notices.map(({ itemId }) => `${mailbox} ${itemId}`));
      }
    }
    const imported = told.filter((line) => /-1\d{3}$/.test(line) || /-2\d{3}$/.test(line));
    expect(imported).toHaveLength(1100);
    expect(new Set(imported).size).toBe(1100);
    const authorization = `Bearer ${await system.token(SUPERVISION)}`;
    const inbox = await system.app.request('/v1/inbox?unit=zhujian-ju', { headers: { authorization } });
    const { items } = (await inbox.json()) as { items: Digest[] };
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(1100);
  });
});

describe('an import that dies half-way', () => {
  it.each([
    ['before it promised anything', 0, 'nothing'],
    ['after its promise', 1, 'all'],
    ['between two parts', 3, 'all'],
    ['after it was published', 5, 'all'],
  ])('%s', async (_when, commits, outcome) => {
    const first = 3000 + commits * 1000;
    const before = await totalOf();
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: fullTasks(first, 620) };
    const options = { dryRun: false, idempotency: null, wait: true };
    await expect(importBundle(dyingAfter(commits), caller, bundle, options)).rejects.toThrow('died');
    expect([0, 620]).toContain((await totalOf()) - before);
    // What is left is found by the alarm clock, like any other wake.
    const due = [];
    for await (const page of system.deps.wakes.due(system.clock.now())) due.push(...page);
    for (let round = 0; round < 10; round += 1) {
      await wakeBatch(
        system.deps,
        due.filter(({ ref }) => ref.type === 'structure'),
      );
    }
    await system.settle();
    expect((await totalOf()) - before).toBe(outcome === 'all' ? 620 : 0);
    expect((await system.deps.store.load(structureRef('433122')))?.state).toMatchObject({ underWay: null });
  });

  it('is carried on by three at once, and each task is written once', async () => {
    const before = await totalOf();
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: fullTasks(12_000, 620) };
    const options = { dryRun: false, idempotency: null, wait: true };
    await expect(importBundle(dyingAfter(1), caller, bundle, options)).rejects.toThrow('died');
    await Promise.all(Array.from({ length: 3 }, () => finishImport(system.deps, '433122')));
    await system.settle();
    expect((await totalOf()) - before).toBe(620);
    for (const seq of [12_000, 12_499, 12_500, 12_619]) {
      expect(await system.deps.store.read(taskRef('433122', `task_${ANQUAN}-${seq}`))).toHaveLength(1);
    }
  });

  it('leaves whole hash chains, and views that equal rebuilt ones', async () => {
    for await (const { ref } of system.deps.store.scanHeads('433122')) {
      expect(await system.deps.store.verify(ref), ref.id).toMatchObject({ ok: true });
    }
    await system.settle();
    const followed = await system.dumpViews();
    await rebuildViews(system.deps);
    expect(await system.dumpViews()).toEqual(followed);
  }, 120_000);
});

describe('while an import is being written', () => {
  it('tasks it corrects stand as they were, and are nobody’s to change; another import waits', async () => {
    const corrected = fullTasks(1000, 2).map((task) => ({ ...task, title: '改了', leadUnits: ['县水利局'] }));
    const bundle = { jurisdiction: '433122', mode: 'merge' as const, tasks: corrected };
    // Dies after the tasks are written, before that is noted: nothing is published.
    await expect(
      importBundle(dyingAfter(2), caller, bundle, { dryRun: false, idempotency: null, wait: true }),
    ).rejects.toThrow('died');
    const task = await get<{ title: string; version: number }>(`/v1/tasks/task_${ANQUAN}-1000`);
    expect(task).toMatchObject({ title: '第1000处', version: 1 });
    const events = await get<{ items: object[] }>(`/v1/tasks/task_${ANQUAN}-1000/events`);
    expect(events.items).toHaveLength(1);
    expect(await titlesOf('县水利局')).not.toContain('改了');
    expect(await titlesOf('县住建局')).toContain('第1000处');
    const authorization = `Bearer ${await system.token(DIRECTOR.person)}`;
    const cancelled = await system.app.request(`/v1/tasks/task_${ANQUAN}-1000/cancellation`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: '重复', basis: '会议纪要' }),
    });
    expect([cancelled.status, ((await cancelled.json()) as Result).code]).toEqual([409, 'import_under_way']);
    expect(await post('/v1/imports', { tasks: tasks(9000, 1) })).toMatchObject({
      status: 409,
      code: 'import_under_way',
    });
    await system.advance(system.clock.now() + 1000);
    expect(await get(`/v1/tasks/task_${ANQUAN}-1000`)).toMatchObject({ title: '改了', version: 2 });
    expect((await titlesOf('县水利局')).filter((title) => title === '改了')).toHaveLength(2);
    expect(await titlesOf('县住建局')).not.toContain('第1000处');
  });
});
