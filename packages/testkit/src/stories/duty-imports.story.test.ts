import { type Dependencies, followUp, importBundle } from '@duban/application';
import { importBundle as bundleSchema } from '@duban/contracts/http/imports';
import { LOCAL_ADMIN } from '@duban/local-cloud/issuer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, all, ISSUED, SUPERVISION } from './county.ts';
import {
  DEMAND,
  type Duty,
  type DutyCounty,
  dutiesFrom,
  eventsOf,
  OFFICE,
  OWNER,
  OWNER_UNIT,
  periodsOf,
  type Refusal,
  read,
  TOWNSHIPS,
  toldOf,
} from './duty-county.ts';

const WEEKLY = { ...DEMAND, code: 'anquan.zhoubao', until: '2023-12-31', from: '2023-05-15' };
const MONTHLY = { ...WEEKLY, code: 'anquan.yuebao', title: '月报', period: { every: 'month', day: 23 } };

interface Result extends Refusal {
  readonly id: string | null;
  readonly difference: {
    readonly duties: { added: string[]; changed: string[]; removed: string[]; unchanged: number };
  };
}

let county: DutyCounty;
beforeAll(async () => {
  county = await dutiesFrom(ISSUED);
});
afterAll(() => county.close());

const post = (duties: readonly object[], mode = 'replace'): Promise<Answer<Result>> =>
  county.admin().post<Result>('/v1/imports', { jurisdiction: '433122', mode, duties });
const stored = async (code: string) => {
  await county.system.settle();
  const found = await all<{ id: string }>(county.as(SUPERVISION), `/v1/duties?code=${code}&limit=200`);
  return Promise.all(found.map(({ id }) => read<Duty>(county.as(SUPERVISION), `/v1/duties/${id}`)));
};
const one = async (code: string) => (await stored(code))[0] as Duty;

describe('an import of duties', () => {
  it('opens each for each of its owners', async () => {
    const { status, body } = await post([{ ...WEEKLY, owners: ['县住建局', '各乡镇'] }, MONTHLY]);
    expect([status, body.difference.duties]).toEqual([
      201,
      { added: [WEEKLY.code, MONTHLY.code], changed: [], removed: [], unchanged: 0 },
    ]);
    const weekly = await stored(WEEKLY.code);
    expect(weekly.map(({ owner }) => owner.unit.code).sort()).toEqual([...TOWNSHIPS, OWNER_UNIT]);
    for (const duty of weekly) {
      expect(duty).toMatchObject({ version: 1, imported: true, status: 'active', overridden: false });
      expect(duty.current).toMatchObject({ key: '2023-W20', due: '2023-05-18T00:00:00+08:00' });
    }
    expect((await one(MONTHLY.code)).current).toMatchObject({ key: '2023-05', due: '2023-05-24T00:00:00+08:00' });
    await county.advance('2023-05-15T08:35:00+08:00');
    const { id } = await one(MONTHLY.code);
    expect(await toldOf(county.as(OWNER), `unit:${OWNER_UNIT}`, id)).toEqual(['2023-05-15T08:35:00+08:00 duty_opened']);
  });

  it('the same again changes nothing', async () => {
    const { status, body } = await post([{ ...WEEKLY, owners: ['县住建局', '各乡镇'] }, MONTHLY]);
    expect([status, body.id, body.difference.duties]).toEqual([
      ...[200, null],
      { added: [], changed: [], removed: [], unchanged: 2 },
    ]);
    for (const code of [WEEKLY.code, MONTHLY.code]) {
      expect((await stored(code)).map(({ version }) => version)).toEqual(
        code === WEEKLY.code ? Array(12).fill(1) : [1],
      );
    }
  });

  it('that moves the weekday moves the running period; who is owner no more owes it no more', async () => {
    const corrected = { ...WEEKLY, owners: ['县住建局', '武溪镇'], period: { every: 'week', weekday: 5 } };
    const { body } = await post([corrected, MONTHLY]);
    expect(body.difference.duties).toEqual({ added: [], changed: [WEEKLY.code], removed: [], unchanged: 1 });
    const weekly = await stored(WEEKLY.code);
    expect(weekly).toHaveLength(12);
    for (const duty of weekly) {
      const stays = ['433122107', OWNER_UNIT].includes(duty.owner.unit.code);
      expect(duty.version, duty.id).toBe(2);
      expect([duty.status, duty.light, periodsOf(duty)], duty.id).toEqual(
        stays ? ['active', 'green', ['2023-W20 running']] : ['ended', 'grey', ['2023-W20 void']],
      );
      const [, last] = await eventsOf(county.as(SUPERVISION), duty.id);
      expect(last).toMatchObject(
        stays
          ? { type: 'DutyCorrected', by: 'system:import', data: { period: { dueAt: '2023-05-20T00:00:00+08:00' } } }
          : { type: 'DutyEnded', by: 'system:import', data: { cause: 'removed' } },
      );
    }
    await county.advance('2023-05-18T00:00:00+08:00');
    expect(periodsOf(await one(WEEKLY.code))).toEqual(['2023-W20 running']);
    const own = (await stored(WEEKLY.code)).find(({ owner }) => owner.unit.code === OWNER_UNIT);
    expect(await toldOf(county.as(OWNER), `unit:${OWNER_UNIT}`, own?.id ?? '')).toEqual([
      '2023-05-15T08:35:00+08:00 duty_opened',
      '2023-05-15T08:40:00+08:00 corrected',
    ]);
  });

  it('that lacks one ends it; merging leaves it alone', async () => {
    const weekly = { ...WEEKLY, owners: ['县住建局', '武溪镇'], period: { every: 'week', weekday: 5 } };
    const merged = await post([weekly], 'merge');
    expect([merged.status, merged.body.id]).toEqual([200, null]);
    expect((await one(MONTHLY.code)).status).toBe('active');
    const { body } = await post([weekly]);
    expect(body.difference.duties).toEqual({ added: [], changed: [], removed: [MONTHLY.code], unchanged: 1 });
    expect(await one(MONTHLY.code)).toMatchObject({ status: 'ended', light: 'grey', current: null, version: 2 });
  });

  it('that holds it again, or longer, brings it back; what was withdrawn stays withdrawn', async () => {
    const weekly = { ...WEEKLY, owners: ['县住建局', '武溪镇'], period: { every: 'week', weekday: 5 } };
    const short = {
      ...WEEKLY,
      code: 'anquan.duanqi',
      title: '短期',
      until: '2023-05-18',
      period: { every: 'campaign' },
    };
    const { body } = await post([weekly, MONTHLY, short]);
    expect(body.difference.duties).toMatchObject({ added: [MONTHLY.code, short.code], removed: [] });
    const back = await one(MONTHLY.code);
    expect(back).toMatchObject({ status: 'active', version: 3, endedAt: null });
    expect(periodsOf(back)).toEqual(['2023-05 running']);
    await county.advance('2023-05-19T00:00:00+08:00');
    expect(await one(short.code)).toMatchObject({ status: 'ended', light: 'red' });
    const { id } = await one(MONTHLY.code);
    const withdrawn = await county.as(OFFICE).post(`/v1/duties/${id}/withdrawal`, { reason: '与周报重复' });
    expect(withdrawn.status).toBe(200);
    await post([weekly, { ...MONTHLY, title: '月报表' }, { ...short, until: '2023-12-31' }]);
    expect(await one(MONTHLY.code)).toMatchObject({ status: 'ended', light: 'grey', version: 4 });
    const longer = await one(short.code);
    expect([longer.status, longer.endedAt]).toEqual(['active', null]);
    await post([weekly]);
  });

  it('with an unknown owner changes nothing, and says who might be meant', async () => {
    const { status, body } = await post([
      { ...WEEKLY, owners: ['县住建局', '县住建居'] },
      { ...MONTHLY, until: '2023-05-01' },
    ]);
    expect(status).toBe(422);
    expect(body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/duties/0/owners/1', 'unknown_reference'],
    ]);
    expect(body.errors?.[0]?.suggestions?.[0]).toBe('县住建局');
    const whole = await post([{ ...WEEKLY, group: 'no-such-group', until: '2023-05-01' }]);
    expect(whole.body.errors?.map(({ code }) => code).sort()).toEqual(['out_of_order', 'unknown_reference']);
    expect((await stored(WEEKLY.code)).filter(({ status: stands }) => stands === 'active')).toHaveLength(2);
  });

  it('that gives a duty a figure which has been reported does not ask for it again', async () => {
    const [code, indicator] = ['anquan.shuju', '在建工地隐患数'];
    const figure = { ...WEEKLY, code: 'anquan.zhibiao', indicator, period: { every: 'week', weekday: 7 } };
    const kept = { ...WEEKLY, owners: ['县住建局', '武溪镇'], period: { every: 'week', weekday: 5 } };
    await post([kept, figure, { ...WEEKLY, code, period: { every: 'week', weekday: 7 } }]);
    await county.report((await one(figure.code)).id, { value: 12 });
    await post([kept, figure, { ...WEEKLY, code, indicator, period: { every: 'week', weekday: 7 } }]);
    await county.system.settle();
    expect(periodsOf(await one(code))).toEqual(['2023-W20 met']);
    expect((await eventsOf(county.as(SUPERVISION), (await one(code)).id)).map(({ type }) => type)).toEqual([
      ...['DutyOpened', 'DutyCorrected', 'DutyFulfilled'],
    ]);
  });
});

describe('an import that dies while it is followed up', () => {
  const caller = {
    ...{ jurisdiction: '433122', correlationId: 'story' },
    actor: { person: LOCAL_ADMIN, bootstrapAdmin: true },
  };
  const codes = Array.from({ length: 25 }, (_, index) => `anquan.duo-${index}`);
  const bundle = (title: string, owners = ['各乡镇']) =>
    bundleSchema.parse({
      ...{ jurisdiction: '433122', mode: 'merge' },
      duties: codes.map((code) => ({ ...WEEKLY, code, title, owners })),
    });
  const options = { dryRun: false, idempotency: null, wait: true };

  /** Dies with its nth commit, of which a part is written still. */
  function dyingAfter(commits: number, part = 0): Dependencies {
    let left = commits;
    const { deps } = county.system;
    return {
      ...deps,
      store: {
        ...deps.store,
        commit: async (batch) => {
          left -= 1;
          if (left >= 0) return deps.store.commit(batch);
          if (left === -1 && part > 0) await deps.store.commit(batch.slice(0, part));
          throw new Error('the process died');
        },
      },
    };
  }
  interface Summary {
    readonly id: string;
    readonly code: string;
    readonly version: number;
  }
  /** How many of the 275 stand at which version. */
  async function versions(): Promise<Readonly<Record<number, number>>> {
    await county.system.settle();
    const counts: Record<number, number> = {};
    for (const { code, version } of await all<Summary>(county.as(SUPERVISION), '/v1/duties?limit=200')) {
      if (codes.includes(code)) counts[version] = (counts[version] ?? 0) + 1;
    }
    return counts;
  }
  const ID = `duty_${codes.at(-1)}:unit.433122208`;

  it.each([
    ['before anything of it', 1, 0, {}, 1],
    ['in the middle of the first part', 1, 77, { 1: 198, 2: 77 }, 2],
    ['between two parts', 2, 0, { 2: 75, 3: 200 }, 3],
    ['before it is noted as done', 3, 0, { 4: 275 }, 4],
  ])(
    '%s, is carried on by the alarm clock',
    async (when, commits, part, written, version) => {
      const result = await importBundle(dyingAfter(commits, part), caller, bundle(when), options);
      expect([result.state, result.problems]).toEqual(['applied', []]);
      expect(await versions()).toEqual(written);
      await county.system.advance(county.system.clock.now() + 60_000);
      expect(await versions()).toEqual({ [version]: 275 });
      const events = await eventsOf(county.as(SUPERVISION), ID);
      expect(events.map(({ type }) => type)).toEqual(['DutyOpened', ...Array(version - 1).fill('DutyCorrected')]);
      // Done with: nothing is left to follow up.
      expect(await followUp(county.system.deps, '433122')).toBeNull();
      expect(await versions()).toEqual({ [version]: 275 });
    },
    180_000,
  );

  it('is followed up by three at once, and each duty is corrected once', async () => {
    await importBundle(dyingAfter(1), caller, bundle('三个进程同时办理'), options);
    expect(await versions()).toEqual({ 4: 275 });
    await Promise.all(Array.from({ length: 3 }, () => followUp(county.system.deps, '433122')));
    expect(await versions()).toEqual({ 5: 275 });
    expect(await followUp(county.system.deps, '433122')).toBeNull();
  }, 180_000);

  it('leaves whole hash chains', async () => {
    const ofDuty = await read(county.as(SUPERVISION), `/v1/audit/verification?aggregate=${encodeURIComponent(ID)}`);
    expect(ofDuty).toEqual({ ok: true, versions: 5 });
    expect(await read(county.as(SUPERVISION), '/v1/audit/verification?aggregate=structure')).toMatchObject({
      ok: true,
    });
  });
});
