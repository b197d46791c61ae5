import { acknowledgeLink } from '@duban/application';
import { LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANQUAN, DIRECTOR, SUPERVISION } from './county.ts';
import { type Duty, type DutyCounty, dutiesFrom, FOUND_IN_TOWN, OWNER, STRANGER, TOWN } from './duty-county.ts';
import { FIRE_BRIGADE, MAYOR, PARTY_OFFICE_DEPUTY, PARTY_OFFICE_HEAD, signal } from './incident-county.ts';

/** 县住建局, whose head is OWNER, and another who holds one of its posts. */
const POST = 'zhujian-ju.zong-gongchengshi';
const HOLDER = 'yin-defu';
/** 县应急管理局: its 总工程师 directs the office, its head is a deputy leader of the group. */
const OFFICE_STAFF = 'shi-guoqing';
const OFFICE_HEAD = 'fu-hongsong';
const DEPUTY_LEADER = 'li-dailiang';

interface Item {
  readonly id: string;
  readonly escalations: readonly { readonly id: string; readonly state: string }[];
}

let county: DutyCounty;
/** The first escalation of each item, by what the item is. */
const escalations = new Map<string, string>();

const OWN = [403, 'own_escalation'] as const;
const DENIED = [403, 'forbidden'] as const;
const ABSENT = [404, 'not_found'] as const;
const DONE = [200, null] as const;

/** Those who are the same to tasks, duties and problems that the office follows. */
const FOLLOWED = [
  ['staff of the unit', '', OWNER, OWN],
  ['the office’s director, of another unit', '', DIRECTOR.person, DONE],
  ['the leader above', '', DEPUTY_LEADER, DONE],
  ['supervision', '', SUPERVISION, DONE],
  ['an administrator', '', LOCAL_ADMIN, DENIED],
  ['a stranger', '', STRANGER, ABSENT],
  ['staff of the unit that hosts the office', ' of the office’s unit', OFFICE_STAFF, OWN],
  ['the director of the office that it was addressed to', ' of the office’s unit', DIRECTOR.person, OWN],
  ['the unit’s head, who leads the group too', ' of the office’s unit', OFFICE_HEAD, OWN],
  ['the leader above', ' of the office’s unit', DEPUTY_LEADER, DONE],
] as const;

const MATRIX = [
  ...['task', 'duty', 'problem'].flatMap((kind) =>
    FOLLOWED.map(([who, which, person, expected]) => [`${kind}${which}`, who, person, expected] as const),
  ),
  ['duty of a post', 'its holder', HOLDER, OWN],
  ['duty of a post', 'a colleague of the holder', OWNER, DENIED],
  ['duty of a post', 'the office’s director, of another unit', DIRECTOR.person, DONE],
  ['incident', 'staff of the unit', OWNER, OWN],
  ['incident', 'an office of another unit', PARTY_OFFICE_HEAD, DONE],
  ['incident', 'the leader above', MAYOR, DONE],
  ['incident', 'supervision', SUPERVISION, DONE],
  ['incident', 'an administrator', LOCAL_ADMIN, DENIED],
  ['incident', 'a stranger', STRANGER, ABSENT],
  ['incident of an office', 'its head, whose office it was addressed to', PARTY_OFFICE_HEAD, OWN],
  ['incident of an office', 'its deputy', PARTY_OFFICE_DEPUTY, OWN],
  ['incident of an office', 'the other office', 'zhang-zuxun', DONE],
] as const;

beforeAll(async () => {
  county = await dutiesFrom('2023-05-15T08:30:00+08:00');
  const director = county.as(DIRECTOR.person);
  const made = async (name: string, path: string, person: string, body: object) => {
    const answer = await county.as(person).post<Item>(path, body);
    if (answer.status !== 201) throw new Error(`No ${name}: ${JSON.stringify(answer.body)}`);
    return [name, `${path}/${answer.body.id}`] as const;
  };
  const task = (lead: string) => ({
    ...{ plan: ANQUAN, title: '隧道照明排查', text: '排查隧道照明', leadUnits: [lead], due: '2023-05-17' },
  });
  const asked = async (name: string, owner: string): Promise<readonly [string, string]> => {
    const { id }: Duty = await county.asked({ owners: [owner] });
    return [name, `/v1/duties/${encodeURIComponent(id)}`];
  };
  const problem = (unit: string) => ({ ...FOUND_IN_TOWN, term: 'at_once', unit });
  const incident = async (name: string, number: string, unit: string): Promise<readonly [string, string]> => {
    const [, path] = await made(name, '/v1/signals', FIRE_BRIGADE, signal(number, { unit }));
    return [name, path.replace('signals', 'incidents')];
  };
  const items = [
    await made('task', '/v1/tasks', DIRECTOR.person, task('县住建局')),
    await made('task of the office’s unit', '/v1/tasks', DIRECTOR.person, task('县应急管理局')),
    await asked('duty', '县住建局'),
    await asked('duty of the office’s unit', '县应急管理局'),
    await asked('duty of a post', POST),
    await made('problem', '/v1/problems', TOWN, problem('县住建局')),
    await made('problem of the office’s unit', '/v1/problems', TOWN, problem('县应急管理局')),
    await incident('incident', '1', '县住建局'),
    await incident('incident of an office', '2', '县委办'),
  ];
  await county.advance('2023-05-18T09:00:00+08:00');
  for (const [name, path] of items) {
    const { body } = await (name.startsWith('incident') ? county.admin() : director).get<Item>(path);
    const [first] = body.escalations ?? [];
    if (first === undefined) throw new Error(`The ${name} was not escalated: ${JSON.stringify(body)}`);
    escalations.set(name, first.id);
  }
});
afterAll(() => county.close());

const idOf = (item: string) => escalations.get(item) ?? '';
const linkOf = (item: string, person: string) =>
  acknowledgeLink(county.system.deps, {
    ...{ jurisdiction: '433122', escalationId: idOf(item), person, mailbox: `person:${person}` },
    expiresAt: county.system.clock.now() + 3_600_000,
  });

// In this order: the links are opened while nothing has been acknowledged.
describe('a link has a button for whom the acknowledgement would succeed, and for nobody else', () => {
  it.each(MATRIX)('%s: %s (%s)', async (item, _who, person, [status]) => {
    const token = await linkOf(item, person);
    // What the bootstrap subject may do lies in its bearer's token, which a link does not stand for.
    const expected = status === 404 || person === LOCAL_ADMIN ? 410 : status;
    const page = await county.system.app.request(`/a/${token}`);
    expect([page.status, (await page.text()).includes('<form')]).toEqual([expected, status === 200]);
    if (status === 200) return;
    const used = await county.system.app.request(`/a/${token}`, { method: 'POST' });
    expect(used.status).toBe(expected);
  });
});

describe.each([
  ['acknowledgement', {}],
  ['resolution', { outcome: '已督促' }],
])('%s', (act, body) => {
  it.each(MATRIX)('%s: %s (%s)', async (item, _who, person, expected) => {
    const answer = await county
      .as(person)
      .post<{ code?: string }>(`/v1/escalations/${encodeURIComponent(idOf(item))}/${act}`, body);
    // A duty that is answered has a code too, and it is not a refusal's.
    expect([answer.status, answer.status === 200 ? null : answer.body.code]).toEqual(expected);
  });
});
