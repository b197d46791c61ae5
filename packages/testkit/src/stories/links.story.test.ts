import { createHash } from 'node:crypto';
import { acknowledgeLink, type ChannelSender, type MessageContent } from '@duban/application';
import { createApp } from '@duban/http-api';
import { AUDIENCE } from '@duban/local-cloud/issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN, type Client, type County, countyOf, DIRECTOR, type Escalation, ISSUED, type Task } from './county.ts';

const MORNING = Date.parse('2023-09-01T08:35:00+08:00');
const DAY = 86_400_000;

/** What was sent by mail. */
const sent: MessageContent[] = [];
let system: TestSystem;
let county: County;
let director: Client;
beforeAll(async () => {
  const send: ChannelSender['send'] = async (_address, { content }) => {
    sent.push(content);
    return { accepted: true, status: 250, latencyMs: 1, answer: null, fault: null, retryAfterMs: null };
  };
  const channels = { kinds: new Set(['mail'] as const), send };
  system = await createTestSystem({
    now: Date.parse(ISSUED),
    bundle: 'luxi',
    channels,
    linkBase: 'https://duban.test',
  });
  county = countyOf(system);
  director = county.as(DIRECTOR.person);
  await system.advance(MORNING);
});
afterAll(() => system.close());

const escalationOf = async (seq: number): Promise<Escalation> => {
  const { body } = await county.admin().get<Task>(`/v1/tasks/task_${ANQUAN}-${seq}`);
  const [first] = body.escalations;
  if (first === undefined) throw new Error(`task ${seq} was not escalated`);
  return first;
};
const linkFor = (escalationId: string, more: object = {}) =>
  acknowledgeLink(system.deps, {
    ...{ jurisdiction: '433122', escalationId, person: DIRECTOR.person, mailbox: `post:${DIRECTOR.post}` },
    expiresAt: system.clock.now() + 3 * DAY,
    ...more,
  });
async function visit(token: string, method: 'GET' | 'POST' = 'GET', app = system.app) {
  const response = await app.request(`/a/${token}`, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The same system, in which something happens just before what a request decided is written for the first time. */
function over(happens: () => Promise<void>) {
  const { store } = system.deps;
  let hasHappened = false;
  const commit: typeof store.commit = async (commits) => {
    if (!hasHappened) {
      hasHappened = true;
      await happens();
    }
    return store.commit(commits);
  };
  return createApp({
    deps: { ...system.deps, store: { ...store, commit } },
    auth: { issuer: 'https://issuer.test', audience: AUDIENCE, keys: () => Promise.reject(new Error('no keys')) },
    bootstrapAdmins: [],
    defaultJurisdiction: '433122',
  });
}

const digestOfStyle = (page: string) =>
  createHash('sha256')
    .update(/<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '')
    .digest('base64');

describe('a link in a mail', () => {
  it('asks when it is opened and changes nothing; its button acknowledges in the name of whom it was sent to, once', async () => {
    const { id } = await escalationOf(9);
    const token = await linkFor(id);
    for (let opened = 0; opened < 3; opened += 1) {
      const page = await visit(token);
      expect(page.status).toBe(200);
      expect(page.text).toContain('<form method="post">');
      expect(page.text).toContain('泸政办发〔2023〕5号');
      expect(page.text).toContain('8小时35分 (8 h 35 min)');
      // Two working days from the morning of Friday, 1 September.
      expect(page.text).toMatch(/暂停至 Held until<\/th><td>2023-09-05T08:35:00/);
      const policy = page.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`style-src 'sha256-${digestOfStyle(page.text)}'`);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await escalationOf(9)).state).toBe('open');
    const pressed = await Promise.all(Array.from({ length: 4 }, () => visit(token, 'POST')));
    expect(pressed.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410]);
    for (const { status, text } of pressed) expect(text).toContain(status === 200 ? '已签收。' : '已使用');
    const { body } = await county
      .admin()
      .get<{ items: { type: string; by?: string }[] }>(`/v1/tasks/task_${ANQUAN}-9/events`);
    expect(body.items.filter(({ type }) => type === 'EscalationAcknowledged')).toHaveLength(1);
    const again = await visit(token, 'POST');
    expect(again).toMatchObject({ status: 410, text: expect.stringContaining('已使用') });
    expect((await visit(token)).text).not.toContain('<form');
    expect((await escalationOf(9)).state).toBe('acknowledged');
  });

  it('does nothing when it was altered, is late, or belongs to somebody who has left the post', async () => {
    const { id } = await escalationOf(10);
    const token = await linkFor(id);
    const refusals: readonly [string, string, number, string][] = [
      ['altered', `${token.slice(0, -3)}${token.endsWith('AAA') ? 'BBB' : 'AAA'}`, 404, '链接无效'],
      ['cut off', token.slice(0, 40), 404, '链接无效'],
      ['of another purpose', await system.deps.sealer.seal('{}', 'subscription/433122/x'), 404, '链接无效'],
      ['far too long', 'a'.repeat(5_000), 404, '链接无效'],
      ['expired', await linkFor(id, { expiresAt: system.clock.now() }), 410, '已过期'],
      ['not the holder’s', await linkFor(id, { person: 'xu-jianhua' }), 410, '不再担任'],
      ['of no post', await linkFor(id, { mailbox: 'person:nobody' }), 410, '不再担任'],
      ['of nothing', await linkFor('escalation_nothing-1'), 410, '不再担任'],
    ];
    for (const [what, refused, status, words] of refusals) {
      for (const method of ['GET', 'POST'] as const) {
        const page = await visit(refused, method);
        expect([page.status, page.text.includes(words), page.text.includes('<form')], what).toEqual([
          status,
          true,
          false,
        ]);
      }
    }
    expect((await escalationOf(10)).state).toBe('open');
  });

  it('does nothing when somebody was quicker, and says so', async () => {
    const { id } = await escalationOf(10);
    const token = await linkFor(id);
    expect((await director.post(`/v1/escalations/${id}/acknowledgement`, {})).status).toBe(200);
    expect(await visit(token, 'POST')).toMatchObject({ status: 410, text: expect.stringContaining('已由他人签收') });
    await director.post(`/v1/escalations/${id}/resolution`, { outcome: '已督促' });
    expect((await visit(token)).text).toContain('已经办结');
  });

  it('does nothing when somebody who is signed in is quicker by a moment', async () => {
    const { id } = await escalationOf(11);
    const token = await linkFor(id);
    const meanwhile = over(async () => {
      expect((await director.post(`/v1/escalations/${id}/acknowledgement`, {})).status).toBe(200);
    });
    const page = await visit(token, 'POST', meanwhile);
    expect(page).toMatchObject({ status: 410, text: expect.stringContaining('已由他人签收') });
    expect((await visit(token)).text).toContain('已由他人签收');
  });

  it.each([
    ['out of reach', Object.assign(new Error('away'), { name: 'TimeoutError' }), 503, '2'],
    ['at fault', new TypeError('private words'), 500, null],
  ])('answers a page that says what to do when the store is %s', async (_, fault, status, retryAfter) => {
    const token = await linkFor((await escalationOf(4)).id);
    const failing = over(() => Promise.reject(fault));
    const page = await visit(token, 'POST', failing);
    expect([page.status, page.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const words of ['请几分钟后重新打开此链接', 'Open this link again', '登录后在收件箱签收', 'href="../inbox"']) {
      expect(page.text).toContain(words);
    }
    expect(page.text).not.toContain('private');
    expect((await visit(token)).text).toContain('<form');
  });

  it('gives nobody a right they do not have', async () => {
    const { id } = await escalationOf(4);
    const { body: task } = await county
      .admin()
      .get<Task & { leadUnits: { code: string }[] }>(`/v1/tasks/task_${ANQUAN}-4`);
    const { body: people } = await county
      .admin()
      .get<{ items: { code: string; unit: { code: string }; holder: { code: string } | null }[] }>(
        `/v1/posts?limit=200&unit=${task.leadUnits[0]?.code}`,
      );
    const lead = people.items.find(({ holder }) => holder !== null);
    const person = lead?.holder?.code ?? '';
    expect(person).not.toBe('');
    const token = await linkFor(id, { person, mailbox: `person:${person}` });
    for (const method of ['GET', 'POST'] as const) {
      const refused = await visit(token, method);
      expect([refused.status, refused.text.includes('<form')]).toEqual([403, false]);
      expect(refused.text).toContain('该督办事项针对您或您所在单位');
      expect(refused.text).toContain('上一级领导');
    }
    expect((await escalationOf(4)).state).toBe('open');
  });

  it('never reaches the log', async () => {
    const token = await linkFor((await escalationOf(4)).id);
    await visit(token);
    await visit(token, 'POST');
    const lines = system.logged.filter((line) => line.includes('/a/'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of system.logged) expect(line).not.toContain(token.slice(0, 24));
  });

  it('takes no other method', async () => {
    const response = await system.app.request('/a/x', { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });
});

describe('the inbox', () => {
  interface Inbox {
    readonly items: readonly { readonly id: string; readonly readAt: string | null }[];
    readonly unread: number;
    readonly mailboxes: readonly { readonly mailbox: string; readonly unread: number; readonly total: number }[];
  }
  it('counts what is unread, of each mailbox, and lists that alone when asked', async () => {
    const before = (await director.get<Inbox>('/v1/inbox')).body;
    expect(before.unread).toBe(before.mailboxes.reduce((sum, { unread }) => sum + unread, 0));
    expect(before.unread).toBe(before.items.filter(({ readAt }) => readAt === null).length);
    const own = `post:${DIRECTOR.post}`;
    const count = before.mailboxes.find(({ mailbox }) => mailbox === own);
    expect(count?.unread).toBeGreaterThan(0);
    const [first] = before.items;
    await director.post(`/v1/inbox/${first?.id}/read`, {});
    await system.settle();
    const after = (await director.get<Inbox>('/v1/inbox?state=unread')).body;
    expect(after.unread).toBe(before.unread - 1);
    expect(after.items.map(({ id }) => id)).toEqual(
      before.items.filter(({ id, readAt }) => readAt === null && id !== first?.id).map(({ id }) => id),
    );
    expect(after.mailboxes.map(({ total }) => total)).toEqual(before.mailboxes.map(({ total }) => total));
    expect((await director.get('/v1/inbox?state=read')).status).toBe(422);
  });
});

describe('a mail', () => {
  it('has a link for what its reader may acknowledge, and none for what is about the reader’s own unit', async () => {
    const subscribed = await director.post('/v1/subscriptions', {
      ...{ recipient: { post: DIRECTOR.post }, name: '邮件', channel: { kind: 'mail', to: 'director@example.com' } },
    });
    expect(subscribed.status).toBe(201);
    await system.settle();
    await system.advance(Date.parse('2023-11-01T08:36:00+08:00'));
    const lines = sent
      .flatMap((content) => (content.type === 'digest' ? content.lines : []))
      .filter(({ kind, at }) => kind === 'escalation' && at >= Date.parse('2023-11-01T00:00:00+08:00'));
    const own = lines.filter(({ leadUnits }) => leadUnits.includes('县应急管理局'));
    const others = lines.filter((line) => !own.includes(line));
    expect(own.map(({ acknowledgeLink: link }) => link)).toEqual([null, null, null, null]);
    expect(others.length).toBeGreaterThan(0);
    for (const { acknowledgeLink: link } of others) {
      const page = await visit(new URL(link ?? '').pathname.slice('/a/'.length));
      expect([page.status, page.text.includes('<form')]).toEqual([200, true]);
    }
  });
});
