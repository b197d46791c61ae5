import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, GROUP_LEADER_POST, ISSUED, SUPERVISION } from './county.ts';
import {
  DEMAND,
  type DutyCounty,
  dutiesFrom,
  faultsOf,
  OFFICE,
  OWNER,
  OWNER_UNIT,
  type Refusal,
  read,
  STRANGER,
  TOWN,
  TOWN_UNIT,
  TOWNSHIPS,
  TREASURY,
} from './duty-county.ts';

interface Share {
  readonly requests: number;
  readonly overrides: number;
}
interface Burden {
  readonly week: string;
  readonly from: string;
  readonly to: string;
  readonly items: readonly (Share & {
    readonly unit: { readonly code: string };
    readonly byRequester: readonly (Share & { readonly requester: { readonly code: string } })[];
  })[];
}

const SAFETY = 'yingji-guanli-ju';
const MONEY = 'caizheng-ju';
const UNTIL = '2023-12-31';

describe('the burden of a week', () => {
  let county: DutyCounty;
  const burden = (client: Client, query: string) => read<Burden>(client, `/v1/burden?${query}`);
  /** `<unit> <requests>/<overrides>: <requester> <requests>/<overrides>, …` */
  const lines = ({ items }: Burden) =>
    items.map(({ unit, requests, overrides, byRequester }) => {
      const shares = byRequester.map((share) => `${share.requester.code} ${share.requests}/${share.overrides}`);
      return `${unit.code} ${requests}/${overrides}: ${shares.join(', ')}`;
    });
  const ofTowns = (line: (code: string) => string) => TOWNSHIPS.filter((code) => code !== TOWN_UNIT).map(line);

  beforeAll(async () => {
    county = await dutiesFrom(ISSUED);
    const ask = (differs: object) => county.asked({ until: UNTIL, ...differs });
    await ask({ owners: ['县住建局', '武溪镇'] });
    await ask({ owners: ['各乡镇'], title: '乡镇周报', period: { every: 'week', weekday: 5 } });
    await ask({ title: '日报', period: { every: 'day' }, from: '2023-05-18', until: '2023-05-19' });
    await ask({ title: '月报', period: { every: 'month', day: 23 } });
    const money = {
      ...DEMAND,
      until: UNTIL,
      group: null,
      requester: '县财政局',
      period: { every: 'week', weekday: 7 },
    };
    const { status } = await county.as(TREASURY).post('/v1/duties', money);
    if (status !== 201) throw new Error('县财政局 could not ask.');
    await county.system.settle();
  });
  afterAll(() => county.close());

  it('is what falls due in it, by unit and by who asks, most first', async () => {
    const week = await burden(county.as(SUPERVISION), 'week=2023-W20');
    expect([week.week, week.from, week.to]).toEqual(['2023-W20', '2023-05-15', '2023-05-21']);
    expect(lines(week)).toEqual([
      // The first day of the daily one is open, the second not yet.
      `${OWNER_UNIT} 3/0: ${SAFETY} 2/0, ${MONEY} 1/0`,
      `${TOWN_UNIT} 2/0: ${SAFETY} 2/0`,
      ...ofTowns((code) => `${code} 1/0: ${SAFETY} 1/0`),
    ]);
    expect(lines(await burden(county.as(SUPERVISION), 'week=2023-W21'))).toEqual([`${OWNER_UNIT} 1/0: ${SAFETY} 1/0`]);
    expect(lines(await burden(county.as(SUPERVISION), 'week=2023-W19'))).toEqual([]);
  });

  it('counts short notice against whoever gave it, in the week it was given', async () => {
    await county.advance('2023-05-17T16:00:00+08:00');
    const override = { approver: GROUP_LEADER_POST, reason: '上级临时要求' };
    await county.asked({ title: '当日要', owners: ['武溪镇'], until: '2023-05-17', override });
    await county.system.settle();
    const [town] = lines(await burden(county.as(SUPERVISION), 'week=2023-W20'));
    expect(town).toBe(`${TOWN_UNIT} 3/1: ${SAFETY} 3/1`);
    // Approved, but not needed: it counts against nobody.
    await county.asked({
      title: '下月要',
      owners: ['武溪镇'],
      period: { every: 'month', day: null },
      until: UNTIL,
      override,
    });
    await county.system.settle();
    const [again] = lines(await burden(county.as(SUPERVISION), 'week=2023-W20'));
    expect(again).toBe(`${TOWN_UNIT} 3/1: ${SAFETY} 3/1`);
    expect(lines(await burden(county.as(SUPERVISION), 'week=2023-W22'))).toEqual([`${TOWN_UNIT} 1/0: ${SAFETY} 1/0`]);
  });

  it('stays what it was when it has been answered, and grows by what opens', async () => {
    const { items } = await read<{ items: { id: string }[] }>(county.as(OWNER), `/v1/duties?unit=${OWNER_UNIT}`);
    for (const { id } of items) await county.report(id, { noChange: true });
    await county.advance('2023-05-22T00:00:00+08:00');
    expect(lines(await burden(county.as(SUPERVISION), `week=2023-W20&unit=${OWNER_UNIT}`))).toEqual([
      `${OWNER_UNIT} 4/0: ${SAFETY} 3/0, ${MONEY} 1/0`,
    ]);
    expect(lines(await burden(county.as(SUPERVISION), 'week=2023-W21'))).toEqual([
      `${OWNER_UNIT} 3/0: ${SAFETY} 2/0, ${MONEY} 1/0`,
      `${TOWN_UNIT} 2/0: ${SAFETY} 2/0`,
      ...ofTowns((code) => `${code} 1/0: ${SAFETY} 1/0`),
    ]);
  });

  it('is less by what is taken back', async () => {
    const { items } = await read<{ items: { id: string; status: string }[] }>(
      county.as(OFFICE),
      `/v1/duties?requester=${encodeURIComponent('县应急管理局')}&unit=${encodeURIComponent('武溪镇')}&limit=200`,
    );
    for (const { id, status } of items) {
      if (status === 'active') await county.as(OFFICE).post(`/v1/duties/${id}/withdrawal`, { reason: '减负' });
    }
    await county.system.settle();
    expect(lines(await burden(county.as(SUPERVISION), `week=2023-W21&unit=${encodeURIComponent('武溪镇')}`))).toEqual(
      [],
    );
    expect(lines(await burden(county.as(SUPERVISION), `week=2023-W20&unit=${TOWN_UNIT}`))).toEqual([
      `${TOWN_UNIT} 3/1: ${SAFETY} 3/1`,
    ]);
  });

  it('of others is shown to supervision and administrators alone', async () => {
    const all = lines(await burden(county.as(SUPERVISION), 'week=2023-W20'));
    expect(lines(await burden(county.admin(), 'week=2023-W20'))).toEqual(all);
    expect(lines(await burden(county.as(TOWN), 'week=2023-W20'))).toEqual([`${TOWN_UNIT} 3/1: ${SAFETY} 3/1`]);
    expect(lines(await burden(county.as(OWNER), 'week=2023-W20'))).toEqual(all.slice(0, 1));
    expect(lines(await burden(county.as(STRANGER), 'week=2023-W20'))).toEqual([]);
    // Who asks sees what it asks, not what others ask of the same unit.
    expect(lines(await burden(county.as(TREASURY), 'week=2023-W20'))).toEqual([`${OWNER_UNIT} 1/0: ${MONEY} 1/0`]);
    for (const person of [TOWN, STRANGER, TREASURY]) {
      const { status } = await county.as(person).get(`/v1/burden?week=2023-W20&unit=${OWNER_UNIT}`);
      expect(status, person).toBe(404);
    }
    expect((await county.as(SUPERVISION).get('/v1/burden?week=2023-W20&unit=nowhere')).status).toBe(404);
  });

  it('needs a week that is written as one, and that there is', async () => {
    for (const week of ['2023-20', '2023W20', '2023-W5', 'now']) {
      const { status, body } = await county.as(SUPERVISION).get<Refusal>(`/v1/burden?week=${week}`);
      expect([status, faultsOf(body)], week).toEqual([422, [['/query/week', 'wrong_format']]]);
    }
    const none = await county.as(SUPERVISION).get<Refusal>('/v1/burden');
    expect([none.status, faultsOf(none.body)]).toEqual([422, [['/query/week', 'required']]]);
    for (const week of ['2023-W00', '2023-W53', '2023-W99', '0000-W01']) {
      const { status, body } = await county.as(SUPERVISION).get<Refusal>(`/v1/burden?week=${week}`);
      expect([status, body.code], week).toEqual([404, 'not_found']);
    }
    expect(await burden(county.as(SUPERVISION), 'week=2020-W53')).toEqual({
      ...{ week: '2020-W53', from: '2020-12-28', to: '2021-01-03', items: [] },
    });
  });
});
