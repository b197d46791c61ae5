import { commitOf, contextFor, recomputeClocks, taskRef } from '@duban/application';
import { Structure, type TaskEvent, taskAggregate } from '@duban/domain';
import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN, DIRECTOR } from './county.ts';

/** A year of which no notice is known: deadlines in it are provisional. */
const YEAR = 2031;
/** 国庆节 as a notice may set it: the first eight days off, the two Saturdays beside them at work. */
const NOTICE = {
  year: YEAR,
  source: `国务院办公厅关于${YEAR}年部分节假日安排的通知`,
  daysOff: Array.from({ length: 8 }, (_, index) => ({ date: `${YEAR}-10-0${index + 1}`, name: '国庆节' })),
  makeUpDays: [
    { date: `${YEAR}-09-27`, name: '国庆节' },
    { date: `${YEAR}-10-11`, name: '国庆节' },
  ],
};

interface Clock {
  readonly limits: readonly {
    readonly id: string;
    readonly due: string;
    readonly provisional: boolean;
    readonly counting: { readonly mode: string; readonly skipped: readonly { date: string; reason: string }[] };
    readonly planned: readonly {
      readonly what: string;
      readonly at: string;
      readonly workingDaysBefore: number | null;
    }[];
  }[];
}

const CALLER = {
  jurisdiction: '433122',
  actor: { person: DIRECTOR.person, bootstrapAdmin: false },
  correlationId: 'meanwhile',
};

let system: TestSystem;
beforeAll(async () => {
  system = await createTestSystem({ now: Date.parse(`${YEAR}-09-01T09:00:00+08:00`), bundle: 'structure of luxi' });
});
afterAll(() => system.close());

async function call<T>(method: string, path: string, body?: unknown, admin = false) {
  const token = await (admin ? system.adminToken() : system.token(DIRECTOR.person));
  const response = await system.app.request(path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : null) as T };
}

async function assign(due: string): Promise<string> {
  const body = { plan: ANQUAN, title: `限${due}`, text: '排查', leadUnits: ['县应急管理局'], due };
  const answer = await call<{ id: string }>('POST', '/v1/tasks', body);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const remindersOf = async (id: string) => {
  const { body } = await call<Clock>('GET', `/v1/tasks/${id}/clock`);
  return body.limits[0]?.planned
    .filter(({ what }) => what === 'reminder')
    .map(({ at, workingDaysBefore }) => `${workingDaysBefore} ${at}`);
};
const typesOf = async (id: string) => {
  const { body } = await call<{ items: { type: string }[] }>('GET', `/v1/tasks/${id}/events`);
  return body.items.map(({ type }) => type);
};

describe('a year whose holiday notice is not out yet', () => {
  let [after, apart, missed]: [string, string, string] = ['', '', ''];

  it('counts Monday to Friday, and says that this may move', async () => {
    after = await assign(`${YEAR}-10-10`);
    apart = await assign(`${YEAR}-12-19`);
    missed = await assign(`${YEAR}-09-25`);
    // Due on Friday 10-10: seven working days before are 10-01, one is 10-09, each at 24:00.
    expect(await remindersOf(after)).toEqual([`7 ${YEAR}-10-02T00:00:00+08:00`, `1 ${YEAR}-10-10T00:00:00+08:00`]);
    const { body } = await call<Clock>('GET', `/v1/tasks/${after}/clock`);
    expect(body.limits[0]?.provisional).toBe(true);
  });

  it('is counted again, with an event, when the notice arrives', async () => {
    await system.advance(Date.parse(`${YEAR}-09-26T12:00:00+08:00`));
    const before = await call<Clock>('GET', `/v1/tasks/${missed}/clock`);
    const stepsBefore = before.body.limits[0]?.planned.map(({ at }) => at);
    const jurisdiction = (await system.deps.structures.current('433122')).jurisdiction;
    const bundle = { jurisdiction: '433122', jurisdictions: [{ ...jurisdiction, holidayNotices: [NOTICE] }] };
    const imported = await call('POST', '/v1/imports?dryRun=false', bundle, true);
    expect(imported.status, imported.text).toBe(201);
    // Seven working days before the 10th: 9th, 30th, 29th, Saturday the 27th, 26th, 25th, 24th. Past, and still to be told.
    expect(await remindersOf(after)).toEqual([`7 ${YEAR}-09-25T00:00:00+08:00`, `1 ${YEAR}-10-10T00:00:00+08:00`]);
    expect(await typesOf(after)).toContain('ClockRecomputed');
    const { body } = await call<Clock>('GET', `/v1/tasks/${missed}/clock`);
    expect(body.limits[0]?.planned.map(({ at }) => at)).not.toEqual(stepsBefore);
    expect(body.limits[0]?.provisional).toBe(false);
  });

  it('leaves alone what it does not move, and does nothing the second time', async () => {
    expect(await typesOf(apart)).not.toContain('ClockRecomputed');
    const structure = await system.deps.structures.current('433122');
    expect(await recomputeClocks(system.deps, structure)).toBe(0);
  });

  it('looks once more for what was being written by the former calendar meanwhile', async () => {
    const known = await system.deps.structures.current('433122');
    const before = new Structure({ ...known.data, jurisdiction: { ...known.jurisdiction, holidayNotices: [] } }, 0);
    const { now, seats } = contextFor(system.deps, CALLER, before);
    const context = { now, seats, calendar: before.calendar, structure: before, actor: DIRECTOR.person };
    const [assigned] = (await system.deps.store.read(taskRef('433122', after))).map(({ event }) => event as TaskEvent);
    if (assigned?.type !== 'TaskAssigned') throw new Error('The task was not assigned.');
    const taskId = 'task_written-meanwhile';
    const command = { ...assigned, type: 'Assign', taskId } as const;
    const events = taskAggregate.decide(taskAggregate.initial, command, context);
    const meta = { at: now, actor: DIRECTOR.person, correlationId: 'meanwhile' };
    await system.deps.store.commit([commitOf(null, taskRef('433122', taskId), events, meta)]);
    expect(await typesOf(taskId)).toEqual(['TaskAssigned']);
    await system.advance(now + 120_000);
    expect(await typesOf(taskId)).toContain('ClockRecomputed');
    expect(await remindersOf(taskId)).toEqual([`1 ${YEAR}-10-10T00:00:00+08:00`]);
  });

  it('verifies: the chain and the head agree', async () => {
    for (const id of [after, missed]) {
      const { body } = await call('GET', `/v1/audit/verification?aggregate=${id}`, undefined, true);
      expect(body).toMatchObject({ ok: true });
    }
  });
});

describe('a notice that makes no sense', () => {
  it('is refused with where it is wrong, and nothing is counted', async () => {
    const jurisdiction = (await system.deps.structures.current('433122')).jurisdiction;
    const wrong = { ...NOTICE, year: 2032, daysOff: [{ date: '2031-05-01', name: '劳动节' }] };
    const bundle = { jurisdiction: '433122', jurisdictions: [{ ...jurisdiction, holidayNotices: [NOTICE, wrong] }] };
    const refused = await call<{ errors: { pointer: string }[] }>('POST', '/v1/imports?dryRun=false', bundle, true);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map(({ pointer }) => pointer)).toEqual(['/jurisdictions/0/holidayNotices']);
  });
});

describe('a unit’s calendar', () => {
  const UNIT = '县应急管理局';

  it('gives every deadline to a calendar program', async () => {
    const answer = await call('GET', `/v1/calendars/${encodeURIComponent(UNIT)}.ics`);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const calendar = new ICAL.Component(ICAL.parse(answer.text));
    const events = calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
    const wanted = events.find((event) => event.summary.includes(`限${YEAR}-10-10`));
    expect(wanted?.startDate.toString()).toBe(`${YEAR}-10-10`);
    expect(wanted?.description).toContain('时限日以当地24:00为止。');
    expect(events.filter((event) => event.summary.startsWith('【逾期】')).length).toBeGreaterThan(0);
  });

  it('can be subscribed to by its address alone, until its maker leaves', async () => {
    const made = await call<{ url: string }>('POST', `/v1/calendars/${encodeURIComponent(UNIT)}/links`, {});
    expect(made.status).toBe(201);
    const { pathname, search } = new URL(made.body.url);
    const bare = await system.app.request(`${pathname}${search}`);
    expect(bare.status).toBe(200);
    expect(await bare.text()).toContain('BEGIN:VCALENDAR');
    const other = await system.app.request(`/v1/calendars/linye-ju.ics${search}`);
    expect(other.status).toBe(404);
    const wrong = await system.app.request(`${pathname}${search.slice(0, -1)}x`);
    expect(wrong.status).toBe(404);
    expect((await system.app.request(pathname)).status).toBe(401);
  });
});
