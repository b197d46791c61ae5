import { acknowledgeLink } from '@duban/application';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN, type Client, type County, countyOf, DIRECTOR, type Escalation, ISSUED, type Task } from './county.ts';

const MORNING = Date.parse('2023-09-01T08:35:00+08:00');
const DAY = 86_400_000;

let system: TestSystem;
let county: County;
let director: Client;
beforeAll(async () => {
  system = await createTestSystem({ now: Date.parse(ISSUED), bundle: 'luxi' });
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
async function visit(token: string, method: 'GET' | 'POST' = 'GET') {
  const response = await system.app.request(`/a/${token}`, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('a link in a mail', () => {
  it('asks when it is opened and changes nothing; its button acknowledges in the name of whom it was sent to, once', async () => {
    const { id } = await escalationOf(9);
    const token = await linkFor(id);
    for (let opened = 0; opened < 3; opened += 1) {
      const page = await visit(token);
      expect(page.status).toBe(200);
      expect(page.text).toContain('<form method="post">');
      expect(page.text).toContain('泸政办发〔2023〕5号');
      expect(page.text).toMatch(/8小时35分/);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await escalationOf(9)).state).toBe('open');
    const [one, two] = await Promise.all([visit(token, 'POST'), visit(token, 'POST')]);
    expect([one.status, two.status]).toEqual([200, 200]);
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
    const refused = await visit(token, 'POST');
    expect(refused.status).toBe(403);
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
