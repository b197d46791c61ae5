import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  at,
  FACTS,
  GOVERNMENT_OFFICE_HEAD,
  type Incident,
  SECRETARY,
  STRANGER,
  SUPERVISION,
  signal,
  UNIT,
  UNIT_DEPUTY,
  UNIT_HEAD,
  type Watch,
  watchFrom,
} from './incident-county.ts';

const start = '2023-06-03T22:00:00+08:00';
let county: Watch;
let id: string;
beforeAll(async () => {
  county = await watchFrom(start);
  id = (await county.feed.post<Incident>('/v1/signals', signal('1'))).body.id;
  await county.feed.post<Incident>('/v1/signals', signal('2', { unit: 'canlian', title: '房屋起火' }));
  await county.advance(start);
});
afterAll(() => county.close());

/** As a calendar program asks: without a token. */
async function subscribe(url: string, headers: Record<string, string> = {}) {
  const { pathname, search } = new URL(url);
  const answer = await county.system.app.request(pathname + search, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: unfolded(await answer.text()) };
}
const unfolded = (text: string) => text.replaceAll('\r\n ', '');
async function linkOf(person: string, unit = UNIT): Promise<string> {
  const { status, body } = await county.as(person).post<{ url: string }>(`/v1/calendars/${unit}/links`, {});
  expect(status).toBe(201);
  return body.url;
}
const withoutInstance = (text: string) => ({ ...(JSON.parse(text) as object), instance: '' });

describe('a calendar link', () => {
  let url: string;

  it('shows the unit’s running limits to a program that cannot sign in', async () => {
    url = await linkOf(UNIT_HEAD);
    expect(new URL(url).pathname).toBe(`/v1/calendars/${UNIT}.ics`);
    const { status, type, text } = await subscribe(url);
    expect([status, type]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(text).toContain('SUMMARY:白羊溪乡山火');
    expect(text).toContain(`UID:${id}/first_report@duban`);
    expect(text).toContain('DTEND:20230603T144000Z');
    expect(text).toContain('依据：泸办通〔2023〕19号');
    expect(text).not.toContain('房屋起火');
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  });

  it('follows what becomes of the incident', async () => {
    await county.advance(at(start, 45));
    expect((await subscribe(url)).text).toContain('SUMMARY:【逾期】白羊溪乡山火');
    const reported = await county.unit.post<Incident>(`/v1/incidents/${id}/first-report`, {
      mode: 'written',
      facts: FACTS,
    });
    expect(reported.status).toBe(200);
    await county.advance(at(start, 45));
    const { text } = await subscribe(url);
    const ids = [...text.matchAll(/UID:(\S+)@duban/g)].map(([, uid]) => uid).sort();
    expect(ids).toEqual([`${id}/explanation`, `${id}/follow_up:1`]);
  });

  it('leaves what the offices owe out', async () => {
    await county.unit.post(`/v1/incidents/${id}/upward-requests`, { to: '湘西州委办公室', text: '报告' });
    await county.advance(at(start, 45));
    expect((await subscribe(url)).text).not.toContain('upward_review');
  });

  it('with a wrong key, for another unit or without one is no address', async () => {
    const absent = await subscribe(url.replace(UNIT, 'no-such-unit'));
    expect(absent.status).toBe(404);
    const key = new URL(url).searchParams.get('key') ?? '';
    const changed = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    const base = url.slice(0, url.indexOf('?'));
    for (const wrong of [
      ...[`${base}?key=${changed}`, `${base}?key=`, `${base}?key=433122.short`, `${base}?key=433100${key.slice(6)}`],
      ...[url.replace(UNIT, 'canlian'), `${base}?key=${key}&key=${key}x`.replace(key, changed)],
      `${base}?key=${'x'.repeat(5_000)}`,
    ]) {
      const { status, text } = await subscribe(wrong);
      expect([status, withoutInstance(text)], wrong.slice(0, 80)).toEqual([404, withoutInstance(absent.text)]);
    }
    expect((await subscribe(base)).status).toBe(401);
    // A key opens its calendar and nothing else.
    for (const path of [`/v1/incidents/${id}`, '/v1/incidents', '/v1/inbox']) {
      expect((await subscribe(`https://duban.test${path}?key=${key}`)).status, path).toBe(401);
    }
    const posted = await county.system.app.request(`/v1/signals?key=${key}`, { method: 'POST', body: '{}' });
    expect(posted.status).toBe(401);
  });

  it('whose address is broken is none either', async () => {
    const { search } = new URL(url);
    for (const path of ['/v1/calendars/%E0%A4%A.ics', '/v1/calendars/%ff.ics', '/v1/calendars/.ics']) {
      expect((await county.system.app.request(path + search)).status, path).toBe(404);
    }
  });

  it('is made by the unit’s own people and by supervision', async () => {
    for (const person of [STRANGER, SECRETARY, 'nobody-at-all']) {
      const refused = await county.as(person).post<object>(`/v1/calendars/${UNIT}/links`, {});
      const absent = await county.as(person).post<object>('/v1/calendars/no-such-unit/links', {});
      expect([refused.status, { ...refused.body, instance: '' }]).toEqual([404, { ...absent.body, instance: '' }]);
      const feed = await subscribe(`https://duban.test/v1/calendars/${UNIT}.ics`, {
        authorization: `Bearer ${await county.system.token(person)}`,
      });
      expect(feed.status, person).toBe(404);
    }
    // Who administers by configuration alone holds no post that a key could stand for.
    expect((await county.admin().post(`/v1/calendars/${UNIT}/links`, {})).status).toBe(404);
    for (const person of [UNIT_DEPUTY, SUPERVISION, GOVERNMENT_OFFICE_HEAD])
      expect((await subscribe(await linkOf(person))).status).toBe(200);
    const own = await subscribe(`https://duban.test/v1/calendars/${UNIT}.ics`, {
      authorization: `Bearer ${await county.system.token(UNIT_DEPUTY)}`,
    });
    expect([own.status, own.type]).toEqual([200, 'text/calendar; charset=utf-8']);
  });

  it('is kept nowhere but with whoever was given it', async () => {
    const key = new URL(url).searchParams.get('key') ?? '';
    expect(county.system.logged.join('\n')).not.toContain(key);
    const [link, another] = [await linkOf(UNIT_HEAD), await linkOf(UNIT_HEAD)];
    expect(link).not.toBe(another);
    for (const each of [url, link, another]) expect((await subscribe(each)).status).toBe(200);
  });

  it('dies at the instant its maker leaves the unit, and nobody else’s with it', async () => {
    const deputys = await linkOf(UNIT_DEPUTY);
    const imported = await county.admin().post('/v1/imports', {
      jurisdiction: '433122',
      appointments: [{ post: `${UNIT}.juzhang`, person: UNIT_HEAD, to: at(start, 60) }],
    });
    expect(imported.status).toBe(201);
    await county.advance(at(start, 59, 59));
    expect((await subscribe(url)).status).toBe(200);
    await county.advance(at(start, 60));
    const dead = await subscribe(url);
    expect(dead.status).toBe(404);
    expect(withoutInstance(dead.text)).toEqual(withoutInstance((await subscribe(url.replace(UNIT, 'canlian'))).text));
    expect((await subscribe(deputys)).status).toBe(200);
    expect((await county.as(UNIT_HEAD).post(`/v1/calendars/${UNIT}/links`, {})).status).toBe(404);
  });
});
