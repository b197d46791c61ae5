import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ISSUED, SUPERVISION } from './county.ts';
import {
  DEMAND,
  type Duty,
  type DutyCounty,
  dutiesFrom,
  eventsOf,
  OFFICE,
  OWNER,
  periodsOf,
  type Refusal,
  raisedOf,
  read,
  STRANGER,
  TREASURY,
} from './duty-county.ts';

const INDICATOR = '在建工地隐患数';
const FIGURE = { title: '在建工地隐患数周报', indicator: INDICATOR, until: '2023-12-31' };
const linkTo = (period: string) =>
  `/v1/facts?${new URLSearchParams({ unit: 'zhujian-ju', indicator: INDICATOR, period })}`;

interface Fact {
  readonly unit: { readonly code: string };
  readonly period: string;
  readonly value: number | null;
  readonly dutyId: string;
}

describe('one figure that two units ask for', () => {
  let county: DutyCounty;
  let [safety, treasury, later]: [string, string, string] = ['', '', ''];
  /** 县财政局 asks for the same each Friday. */
  const askToo = (differs: object = {}) =>
    county.as(TREASURY).post<{ items: readonly Duty[] } & Refusal>('/v1/duties', {
      ...{ ...DEMAND, ...FIGURE, group: null, requester: '县财政局', period: { every: 'week', weekday: 5 } },
      ...differs,
    });
  const stands = async (id: string, period: string) =>
    (await read<Duty>(county.as(SUPERVISION), `/v1/duties/${id}`)).periods.find(({ key }) => key === period)?.status;
  const last = async (id: string) => (await eventsOf(county.as(SUPERVISION), id)).at(-1);

  beforeAll(async () => {
    county = await dutiesFrom(ISSUED);
    safety = (await county.asked(FIGURE)).id;
    treasury = (await askToo()).body.items[0]?.id ?? '';
    later = (await askToo({ title: '自下周起', from: '2023-05-22' })).body.items[0]?.id ?? '';
  });
  afterAll(() => county.close());

  it('needs the figure, or that it has not changed', async () => {
    const { status, body } = await county.report(safety, { text: '已排查' });
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'facts_missing', '/value']);
  });

  it('is reported once and fulfils both', async () => {
    await county.advance('2023-05-16T10:00:00+08:00');
    const { status, body } = await county.report(safety, { value: 12 });
    expect([status, periodsOf(body)]).toEqual([200, ['2023-W20 met']]);
    await county.advance('2023-05-16T10:00:01+08:00');
    expect(await stands(treasury, '2023-W20')).toBe('met');
    expect(await last(treasury)).toMatchObject({
      ...{ type: 'DutyFulfilled', by: 'system:react', at: '2023-05-16T10:00:00+08:00' },
      data: { period: '2023-W20', value: 12, complete: true, answeredBy: safety },
    });
    expect(await last(safety)).toMatchObject({ type: 'DutyFulfilled', by: OWNER, data: { answeredBy: null } });
  });

  it('asked for again answers 409, with a link to what was reported', async () => {
    const again = await askToo({ title: '再要一次' });
    expect([again.status, again.body.code, again.body.link]).toEqual([409, 'already_answered', linkTo('2023-W20')]);
    expect(await read(county.as(TREASURY), again.body.link ?? '')).toEqual({
      unit: { code: 'zhujian-ju', name: '县住建局' },
      ...{ indicator: INDICATOR, period: '2023-W20', value: 12, dutyId: safety, number: 1 },
      reportedAt: '2023-05-16T10:00:00+08:00',
    });
    // Of every township among the owners, of one that has answered too.
    const mixed = await askToo({ owners: ['武溪镇', '县住建局'] });
    expect([mixed.status, mixed.body.link]).toEqual([409, linkTo('2023-W20')]);
    const elsewhere = await askToo({ owners: ['县林业局'] });
    expect([elsewhere.status, elsewhere.body.items.length]).toEqual([201, 1]);
    const unknown = await county.as(TREASURY).get(linkTo('2023-W19'));
    expect(unknown.status).toBe(404);
  });

  it('reported again in either answers 409 with the link', async () => {
    for (const id of [safety, treasury]) {
      for (const named of [{}, { period: '2023-W20' }]) {
        const { status, body } = await county.report(id, { value: 13, ...named });
        expect([status, body.code, body.link]).toEqual([409, 'already_answered', linkTo('2023-W20')]);
      }
    }
  });

  it('answers a duty that was asked for before, and one whose period begins later', async () => {
    await county.advance('2023-05-18T09:00:00+08:00');
    expect([await stands(safety, '2023-W21'), await stands(treasury, '2023-W21')]).toEqual(['running', undefined]);
    expect((await county.report(safety, { period: '2023-W21', value: 9 })).status).toBe(200);
    await county.advance('2023-05-18T09:00:01+08:00');
    expect([await stands(later, '2023-W21'), await stands(treasury, '2023-W21')]).toEqual(['met', undefined]);
    await county.advance('2023-05-20T00:00:00+08:00');
    expect(await stands(treasury, '2023-W21')).toBe('met');
    expect(await last(treasury)).toMatchObject({
      data: { answeredBy: safety, value: 9 },
      at: '2023-05-20T00:00:00+08:00',
    });
  });

  it('links to the period answered last, when the next is open but has not begun', async () => {
    // 2023-W22 was opened by the due instant of 2023-W21 and begins on the 29th.
    await county.advance('2023-05-25T09:00:00+08:00');
    const { status, body } = await county.report(safety, { value: 8 });
    expect([status, body.code, body.link]).toEqual([409, 'already_answered', linkTo('2023-W21')]);
  });

  it('reported at once in both, is taken from one; the other hears of it', async () => {
    await county.advance('2023-05-29T09:00:00+08:00');
    const answers: readonly Answer<Duty & Refusal>[] = await Promise.all([
      county.report(safety, { value: 7 }),
      county.report(treasury, { value: 5 }),
      county.report(later, { value: 3 }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = answers.find(({ status }) => status === 200)?.body.id;
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      expect([body.code, body.link]).toEqual(['already_answered', linkTo('2023-W22')]);
    }
    const fact = await read<Fact>(county.as(OFFICE), linkTo('2023-W22'));
    const values: Readonly<Record<string, number>> = { [safety]: 7, [treasury]: 5, [later]: 3 };
    expect([fact.dutyId, fact.value]).toEqual([winner, values[fact.dutyId]]);
    // Whoever was refused owes it no more: nobody has to wait for the reaction to the report.
    for (const id of [safety, treasury, later]) {
      expect(await stands(id, '2023-W22')).toBe('met');
      const told = (await eventsOf(county.as(SUPERVISION), id)).filter(({ type }) => type === 'DutyFulfilled');
      expect(told.filter(({ data }) => data.period === '2023-W22')).toHaveLength(1);
    }
  });

  it('is no secret within the county, and is not there for who holds no post', async () => {
    expect((await county.as(STRANGER).get(linkTo('2023-W22'))).status).toBe(200);
    expect((await county.as('nobody').get(linkTo('2023-W22'))).status).toBe(404);
  });

  it('does not stand for being there: what is to be seen on site is reported beside it', async () => {
    const onSite = { ...FIGURE, title: '现场核查隐患数', mode: 'on_site', from: '2023-06-05' };
    const { id } = await county.asked(onSite);
    await county.advance('2023-06-05T09:00:00+08:00');
    expect((await county.report(safety, { value: 4 })).status).toBe(200);
    await county.advance('2023-06-05T09:00:01+08:00');
    expect(await stands(id, '2023-W23')).toBe('running');
    const { status, body } = await county.report(id, { value: 6, mode: 'on_site' });
    expect([status, periodsOf(body).at(-1)]).toEqual([200, '2023-W23 met']);
    expect((await read<Fact>(county.as(OFFICE), linkTo('2023-W23'))).value).toBe(4);
  });

  it('was never escalated while somebody had reported it', async () => {
    for (const id of [safety, treasury, later]) {
      const { body } = await county.as(SUPERVISION).get<Duty>(`/v1/duties/${id}`);
      expect(raisedOf(body)).toEqual([]);
    }
  });
});
