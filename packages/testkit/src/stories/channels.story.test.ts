import { createChannels, parseOutboundSettings } from '@duban/channels';
import { webhookEvent } from '@duban/contracts/http/webhook-events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../mail-server.ts';
import { type Receiver, startReceiver } from '../receiver.ts';
import { createTestSystem, type TestSystem } from '../system.ts';
import { type Client, type County, countyOf, DIRECTOR, type List } from './county.ts';

const LATE = 700;
/** Late enough that nothing is left to remind of. */
const EVENING = Date.parse('2023-08-31T20:00:00+08:00');
const DUE = Date.parse('2023-09-01T00:00:00+08:00');
const MORNING = Date.parse('2023-09-01T08:30:00+08:00');
const MINUTE = 60_000;

let system: TestSystem;
let county: County;
let director: Client;
let receiver: Receiver;
let mails: MailServer;
beforeAll(async () => {
  [receiver, mails] = await Promise.all([startReceiver(), startMailServer()]);
  // Robots answer 200 and say in the body how it went.
  receiver.answer = ({ path }) => ({
    status: 200,
    body: path === '/feishu' ? '{"code":0,"msg":"success"}' : '{"errcode":0,"errmsg":"ok"}',
  });
  const settings = parseOutboundSettings({
    ...{ allow: ['127.0.0.0/8'], linkBase: 'https://duban.example.gov.cn' },
    mail: { via: 'smtp', url: `smtp://127.0.0.1:${mails.port}`, from: '督办 <duban@example.com>' },
  });
  system = await createTestSystem({
    ...{ now: EVENING, bundle: 'structure of luxi', channels: createChannels(settings) },
    linkBase: settings.linkBase,
  });
  county = countyOf(system);
  director = county.as(DIRECTOR.person);
  await subscribe('/v1/webhooks', { url: `${receiver.url}/webhook` });
  for (const channel of CHANNELS(receiver.url)) await subscribe('/v1/subscriptions', { channel });
  await system.settle();
});
afterAll(async () => {
  await system.close();
  await Promise.all([receiver.close(), mails.close()]);
});

const CHANNELS = (url: string) => [
  { kind: 'wecom', url: `${url}/wecom` },
  { kind: 'dingtalk', url: `${url}/dingtalk`, secret: 'SECabc' },
  { kind: 'feishu', url: `${url}/feishu`, secret: 'abc' },
  { kind: 'mail', to: 'office@example.com' },
  { kind: 'sms', phone: '+8613900001234' },
];
async function subscribe(path: string, more: object): Promise<void> {
  const body = { recipient: { post: DIRECTOR.post }, name: path, ...more };
  const { status, body: answer } = await director.post(path, body);
  expect(status, JSON.stringify(answer)).toBe(201);
}
const to = (path: string) => receiver.received.filter((request) => request.path.startsWith(path));

/** 700 tasks of one office that fall due at one instant. */
async function plant(): Promise<void> {
  const tasks = Array.from({ length: LATE }, (_, index) => ({
    ...{ documentNumber: '泸政办发〔2023〕5号', list: '安全生产', seq: 1_000 + index },
    ...{ title: `整改隐患第${index}处 @all <b>𠮷</b>`, text: '限期整改', leadUnits: ['县住建局'] },
    due: '2023-08-31',
  }));
  const { status, body } = await county.admin().post('/v1/imports?dryRun=false', { jurisdiction: '433122', tasks });
  expect(status, JSON.stringify(body).slice(0, 500)).toBeLessThan(300);
  await system.settle();
}

describe('seven hundred escalations for one office at one instant', () => {
  beforeAll(async () => {
    await plant();
    await system.advance(DUE - 1);
    receiver.received.length = 0;
    mails.mails.length = 0;
    await system.advance(MORNING);
  }, 300_000);

  it('are one digest in the inbox and one message a channel, in the morning', async () => {
    const inbox = (await director.get<List<{ count: number; kinds: Record<string, number> }>>('/v1/inbox?limit=1'))
      .body;
    expect(inbox.items[0]?.kinds).toEqual({ escalation: LATE });
    expect(['/webhook', '/wecom', '/dingtalk', '/feishu'].map((path) => to(path).length)).toEqual([1, 1, 1, 1]);
    expect(mails.mails).toHaveLength(1);
  });

  it('are told to a webhook worst first, as many as fit, and how many more there are', () => {
    const event = webhookEvent.parse(JSON.parse(to('/webhook')[0]?.body ?? '{}'));
    if (event.type !== 'duban.digest.released.v1') throw new Error(event.type);
    expect(event.data.lines.length + event.data.more).toBe(LATE);
    expect(event.data.lines).toHaveLength(200);
    expect(event.data.lines.every(({ lateBySeconds }) => lateBySeconds === 8.5 * 3_600)).toBe(true);
  });

  it('are a table in the mail, with a link each that acknowledges', async () => {
    const [mail] = mails.mails;
    expect(mail?.subject).toContain(`共${LATE}项`);
    expect(String(mail?.html)).toContain('<table');
    expect(String(mail?.html)).not.toContain('<b>𠮷</b>');
    expect(String(mail?.html)).toContain('&lt;b&gt;𠮷&lt;/b&gt;');
    const link = /https:\/\/duban\.example\.gov\.cn(\/a\/[A-Za-z0-9._-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
    const page = await system.app.request(link);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('确认签收')]);
    const done = await system.app.request(link, { method: 'POST' });
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('已签收');
  });

  it.each([
    ['/wecom', 4_096],
    ['/dingtalk', 20_000],
    ['/feishu', 20 * 1_024],
  ])('are cut at an item for the robot at %s, within %i bytes, and the rest is counted', (path, most) => {
    const body = to(path)[0]?.body ?? '';
    const text = Object.values(JSON.parse(body) as Record<string, unknown>)
      .map((part) => JSON.stringify(part))
      .join('');
    expect(Buffer.byteLength(path === '/feishu' ? body : contentOf(body))).toBeLessThanOrEqual(most);
    const shown = [...text.matchAll(/泸政办发〔2023〕5号 安全生产 \d+/g)].length;
    const more = Number(/另有(\d+)项/.exec(text)?.[1] ?? 0);
    expect(shown).toBeGreaterThan(3);
    expect(shown + more).toBe(LATE);
    expect(text).not.toContain('@all');
  });

  it('could not be sent by short message, for nothing is configured, and the log of that channel says so', async () => {
    const { items } = (await director.get<List<{ id: string; channel: string }>>('/v1/subscriptions')).body;
    const sms = items.find(({ channel }) => channel === 'sms');
    const log = (await director.get<List<{ last: { fault: string } }>>(`/v1/subscriptions/${sms?.id}/deliveries`)).body;
    expect(log.items[0]?.last.fault).toBe('not_configured');
  });
});

describe('urgent matters', () => {
  it('of which thirty happen in one minute of a night reach a robot at its pace, each by itself, and say nothing of what happened', async () => {
    const night = Date.parse('2023-09-02T02:00:00+08:00');
    await system.advance(night);
    const { status } = await county.admin().post('/v1/subscriptions', {
      ...{ recipient: { unit: '县委办' }, name: '值班群', channel: { kind: 'wecom', url: `${receiver.url}/night` } },
    });
    expect(status).toBe(201);
    await system.settle();
    const before = system.clock.now();
    const sentAt: number[] = [];
    receiver.answer = ({ path }) => {
      if (path === '/night') sentAt.push(system.clock.now());
      return { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
    };
    for (let number = 0; number < 30; number += 1) {
      const signal = {
        source: '119',
        number: `n-${number}`,
        kind: 'xiaofang-anquan-shigu',
        unit: '县林业局',
        title: '山火失控',
      };
      expect((await county.admin().post('/v1/signals', signal)).status).toBe(201);
    }
    await system.settle();
    await system.advance(before + 10 * MINUTE);
    const told = to('/night');
    expect(told).toHaveLength(30);
    expect(told.some(({ body }) => body.includes('山火失控'))).toBe(false);
    expect(new Set(told.map(({ body }) => /incident_\w+/.exec(body)?.[0])).size).toBe(30);
    for (const from of sentAt) {
      expect(sentAt.filter((at) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(20);
    }
    // And not much slower than it may be.
    expect((sentAt.at(-1) ?? 0) - before).toBeLessThan(3 * MINUTE);
  });
});

/** The text a robot's limit is about. */
function contentOf(body: string): string {
  const { markdown = {}, text = {} } = JSON.parse(body) as Record<string, Record<string, string>>;
  return markdown.content ?? markdown.text ?? text.content ?? body;
}
