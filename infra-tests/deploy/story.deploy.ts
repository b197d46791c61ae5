import { loadCounty, toImportBundle } from '@duban/gazette';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Delivery, deliveryStory } from './delivery.ts';
import { type Desk, type Stage, startDesk } from './deployment.ts';

const ADMIN = 'first-admin';
const PLAN = 'luxi-2023-anquan';
const DIRECTOR = { person: 'zhang-jinying', post: 'yingji-guanli-ju.zong-gongchengshi' };
const LEAD = { unit: 'zhujian-ju', person: 'li-hehua' };

interface Task {
  readonly id: string;
  readonly due: string;
  readonly escalations: readonly Escalation[];
}
interface Escalation {
  readonly id: string;
  readonly at: string;
  readonly state: string;
  readonly mailboxes: readonly string[];
}

/** Somebody's own stage: what it holds may be thrown away. */
const STAGE = 'test';
const PROTECTED = 'again';

let desk: Desk;
let county: Stage;
beforeAll(async () => {
  desk = await startDesk();
  county = await desk.deploy(STAGE);
}, 300_000);
afterAll(() => desk?.stop());

const until = <T>(read: () => Promise<T>, timeout = 150_000) => expect.poll(read, { timeout, interval: 500 });
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString().replace('Z', '+00:00');

async function assign(title: string, seconds: number): Promise<Task> {
  const { status, body } = await county.call<Task>(DIRECTOR.person, 'POST', '/v1/tasks', {
    plan: PLAN,
    title,
    text: title,
    leadUnits: [LEAD.unit],
    due: inSeconds(seconds),
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}
const read = async (id: string) => (await county.call<Task>(DIRECTOR.person, 'GET', `/v1/tasks/${id}`)).body;
const escalationsOf = async (id: string) => (await read(id)).escalations;

describe('the deployed API', () => {
  it('answers without a token what says nothing of the county', async () => {
    const statuses = await Promise.all(
      ['/healthz', '/openapi.json', '/docs', '/docs/swagger-ui-bundle.js'].map(
        async (path) => (await county.send(null, path)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 200]);
  });

  it('rejects bad tokens, and none', async () => {
    const { issuer } = desk;
    const bad = [
      null,
      'nonsense',
      'a.b.c',
      await issuer.token(ADMIN, { forged: true }),
      await issuer.token(ADMIN, { audience: 'another' }),
      await issuer.token(ADMIN, { issuer: 'https://another.example' }),
      await issuer.token(ADMIN, { expired: true }),
    ];
    for (const token of bad) expect((await county.send(token, '/v1/units')).status).toBe(401);
    expect((await county.send(await issuer.token(ADMIN), '/v1/units')).status).toBe(200);
  });

  it('takes the county’s structure from its first administrator', async () => {
    const { tasks: _, duties: __, ...structure } = toImportBundle(loadCounty('luxi'));
    const dry = await county.call(ADMIN, 'POST', '/v1/imports?dryRun=true', structure);
    expect(dry.status, JSON.stringify(dry.body).slice(0, 500)).toBe(200);
    const { status, body } = await county.call(ADMIN, 'POST', '/v1/imports', structure);
    expect(status, JSON.stringify(body).slice(0, 500)).toBeLessThan(300);
    const unit = await county.call<{ code: string }>(ADMIN, 'GET', `/v1/units/${LEAD.unit}`);
    expect(unit.body).toMatchObject({ code: LEAD.unit });
  });

  it('hands out workbooks, and takes them back, byte for byte', async () => {
    const token = await desk.issuer.token(ADMIN);
    const template = await county.send(token, '/v1/imports/template.xlsx');
    expect(template.headers.get('content-type')).toContain('spreadsheetml');
    const bytes = await (await county.send(token, `/v1/ledgers/${PLAN}.xlsx`)).arrayBuffer();
    expect(Buffer.from(bytes).subarray(0, 2).toString()).toBe('PK');
    const headers = { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };
    const request = { method: 'POST', headers, body: bytes };
    const back = await county.send(token, '/v1/imports?dryRun=true', request);
    expect(back.status, await back.clone().text()).toBe(200);
    expect(await back.json()).toMatchObject({ state: 'compared' });
  });
});

describe('a task of the deployed county', () => {
  it('falls due, escalates to the office at its instant, and is acknowledged there', async () => {
    const task = await assign('二十五秒后到期', 25);
    await until(() => escalationsOf(task.id)).toHaveLength(1);
    const [raised] = await escalationsOf(task.id);
    expect(Date.parse(raised?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(task.due));
    expect(raised?.mailboxes).toContain(`post:${DIRECTOR.post}`);
    // What follows the ledger has followed.
    const listed = async () => {
      const { body } = await county.call<{ items: Escalation[] }>(DIRECTOR.person, 'GET', '/v1/escalations');
      return body.items.map(({ id, state }) => [id, state]);
    };
    await until(listed).toEqual([[raised?.id, 'open']]);
    const path = `/v1/escalations/${raised?.id}/acknowledgement`;
    expect((await county.call(LEAD.person, 'POST', path, {})).status).toBe(403);
    const { status, body } = await county.call(DIRECTOR.person, 'POST', path, {});
    expect(status, JSON.stringify(body)).toBe(200);
    await until(listed).toEqual([[raised?.id, 'acknowledged']]);
  });

  it('is found by the alarm clock when its deadline lies beyond the horizon', async () => {
    const task = await assign('九十秒后到期', 90);
    await until(() => escalationsOf(task.id)).toHaveLength(1);
  });
});

describe('an urgent matter', () => {
  it('reaches the inbox of the unit that must report it, without waiting for the morning', async () => {
    const signal = { source: '119', number: '2026-1', kind: 'xiaofang-anquan-shigu', unit: '县林业局', title: '山火' };
    const opened = await county.call<{ id: string }>(ADMIN, 'POST', '/v1/signals', signal);
    expect(opened.status, JSON.stringify(opened.body)).toBe(201);
    const inbox = async () => {
      const { body } = await county.call<{ items: { items: { itemId: string }[] }[] }>(
        'yang-hongyu',
        'GET',
        '/v1/inbox?unit=linye-ju',
      );
      return body.items.flatMap(({ items }) => items.map(({ itemId }) => itemId));
    };
    await until(inbox).toEqual([opened.body.id]);
  });
});

deliveryStory(() => county, ADMIN, {
  ...DIRECTOR,
  group: 'anquan-shengchan-fanshenzhang-zhuanban',
  documentNumber: '泸政办发〔2023〕5号',
  leadUnit: LEAD.unit,
});

describe('a message that fails', () => {
  it('ends with the dead letters while its neighbours succeed, and redrive brings it back', async () => {
    const { account } = county;
    await Promise.all(['wake', 'delivery'].map((queue) => account.hurry(queue)));
    const [bad, good] = [await assign('读不出的一项', 20), await assign('旁边的一项', 20)];
    const stored = await account.head(bad.id);
    await account.putHead({ ...stored, hash: { S: 'not a hash' } });
    await account.send('wake', ['{"v":1,"wakes":"many"}', wakeMessage(good), wakeMessage(bad)]);
    await until(() => escalationsOf(good.id)).toHaveLength(1);
    await account.send('delivery', ['{"v":1,"wakes":"many"}']);
    // What cannot be read at all, and what names an item that cannot be read.
    await until(() => account.depth('wake-dead')).toBeGreaterThanOrEqual(2);
    await until(() => account.depth('delivery-dead')).toBe(1);
    await account.putHead(stored);
    expect(await escalationsOf(bad.id)).toEqual([]);
    expect(await desk.duban(STAGE, 'redrive')).toMatch(/Dead letters moved back: [3-9] \(1 of deliveries\), left: 0/);
    await until(() => escalationsOf(bad.id)).toHaveLength(1);
    // What nobody can read ends where it was.
    for (const queue of ['wake', 'delivery']) {
      await until(async () => [await account.depth(queue), await account.depth(`${queue}-dead`)]).toEqual([0, 1]);
    }
    expect([await escalationsOf(good.id), await escalationsOf(bad.id)].map((raised) => raised.length)).toEqual([1, 1]);
  });

  const wakeMessage = ({ id, due }: Task) => {
    const at = Date.parse(due);
    return JSON.stringify({ v: 1, at, wakes: [{ jurisdiction: '433122', type: 'task', id, at }] });
  };
});

describe('an engineer', () => {
  it('verifies the hash chains and rebuilds the views of the deployed county', async () => {
    expect(await desk.duban(STAGE, 'audit', 'verify')).toMatch(/ 0 faults/);
    expect(await desk.duban(STAGE, 'views', 'rebuild')).toMatch(/Views rebuilt: \d+ items/);
  });

  it('follows an item in the logs from the request that made it to the digest it is told in', async () => {
    const { account } = county;
    const correlationId = 'follow-this-one-0001';
    const answer = await county.call<Task>(
      DIRECTOR.person,
      'POST',
      '/v1/tasks',
      { plan: PLAN, title: '日志可查的一项', text: '不得入日志', leadUnits: [LEAD.unit], due: inSeconds(3600) },
      { 'x-correlation-id': correlationId },
    );
    const { id } = answer.body;
    const find = async (name: string, message: string, field: string, value: string) =>
      (await account.logged(name)).find((line) => line.message === message && line[field] === value);
    await until(() => find('api', 'request', 'correlationId', correlationId)).toMatchObject({ status: 201 });
    await until(() => find('react', 'notice.joined', 'correlationId', correlationId)).toMatchObject({
      notice: `${id}/1`,
      digest: expect.stringMatching(/^digest_/),
    });
  });

  it('finds in the logs what the metrics say, and nothing that anybody wrote', async () => {
    const lines = await Promise.all(
      ['api', 'wake', 'alarm-clock', 'project', 'react', 'deliver'].map((name) => county.account.logged(name)),
    );
    const metrics = lines.flat().filter((line) => '_aws' in line);
    const names = new Set(metrics.flatMap((line) => Object.keys(line)));
    const written = ['WakeLateness', 'Escalated', 'NoticesJoined', 'Ticks', 'OldestWakeLateness'];
    for (const name of [...written, 'AttemptLateness', 'AttemptStarted', 'AttemptFailed', 'AttemptSucceeded']) {
      expect(names).toContain(name);
    }
    const text = JSON.stringify(lines);
    for (const word of ['不得入日志', '日志可查的一项', '秒后到期', '到期即报', '山火', LEAD.person, DIRECTOR.person]) {
      expect(text).not.toContain(word);
    }
  });
});

describe('a county that was lost', () => {
  it('comes back as a stage of its own, from a file, in the order that operations.md gives', async () => {
    const task = await assign('丢失之前的一项', 3600);
    const file = desk.file('ledger.gz');
    await expect(desk.duban(STAGE, 'ledger', 'export', file)).rejects.toThrow(/--table/);
    expect(await desk.duban(STAGE, 'ledger', 'export', file, '--table', `${STAGE}-duban-ledger`)).toMatch(
      /rows exported/,
    );
    await desk.deployOnly(PROTECTED, 'storage|queues');
    const said = await desk.duban(PROTECTED, 'ledger', 'restore', file);
    expect(said).toMatch(/rows restored/);
    expect(said).toMatch(/ 0 faults/);
    // What was sealed is opened with the keys it was sealed with, and no others.
    await desk.account(PROTECTED).putSecret('sealing', await county.account.readSecret('sealing'));
    const restored = await desk.deploy(PROTECTED);
    const again = await restored.call<Task>(DIRECTOR.person, 'GET', `/v1/tasks/${task.id}`);
    expect(again.body).toEqual(await read(task.id));
    // Whoever was told is not told again.
    const told = async () =>
      (await restored.account.logged('react')).filter(({ message }) => message === 'notice.joined');
    await until(() => restored.account.logged('react')).not.toEqual([]);
    expect(await told()).toEqual([]);
    // Its address was opened, and this machine is no place that anybody has allowed there.
    await until(await tryChannel(restored)).toContain('forbidden_address');
    // It is nobody's own: what it holds outlives its stacks.
    await restored.remove();
    expect(await restored.account.tables()).toHaveLength(2);
    expect(await restored.account.secrets()).toHaveLength(2);
  });

  /** Sends a test on the channel that was restored, and answers why attempts at it have failed. */
  async function tryChannel({ call }: Stage): Promise<() => Promise<readonly unknown[]>> {
    const { body } = await call<{ items: { id: string }[] }>(DIRECTOR.person, 'GET', '/v1/webhooks');
    const path = `/v1/webhooks/${body.items[0]?.id}`;
    expect((await call(DIRECTOR.person, 'POST', `${path}/test`, {})).status).toBe(202);
    return async () => {
      const log = await call<{ items: Delivery[] }>(DIRECTOR.person, 'GET', `${path}/deliveries`);
      return log.body.items.map(({ last }) => last?.fault);
    };
  }

  it('of which no stage is left is named, and where it was looked for', async () => {
    await expect(desk.duban('nowhere', 'audit', 'verify')).rejects.toThrow(
      /no stage nowhere in this account and region/,
    );
  });
});

describe('a personal stage', () => {
  it('is removed with everything it held', async () => {
    expect(await county.account.tables()).toHaveLength(2);
    await county.remove();
    expect([await county.account.tables(), await county.account.secrets()]).toEqual([[], []]);
  });
});
