import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { judgeGrowth, judgeOverload, judgeSteady, judgeStorms, type Verdict } from './judge.ts';
import type { Outcome } from './open-load.ts';
import { recoveryOf } from './recovery.ts';
import { summarise } from './summary.ts';
import type { Sample } from './watch.ts';

const outcome = (over: Partial<Outcome> = {}): Outcome => ({
  ...{ name: 'list', plannedAt: 0, latencyMs: 50, sentLateMs: 0, status: 200, code: null, isExpected: true },
  retryAfter: null,
  ...over,
});
const refused = { status: 503, code: 'overloaded', isExpected: false, retryAfter: 2 };
const fails = (verdicts: readonly Verdict[]) => verdicts.filter(({ holds }) => !holds).map(({ what }) => what);

describe('memory and handles', () => {
  const sample = (over: Partial<Sample>): Sample => ({
    ...{ at: 0, rssMegabytes: 350, heapMegabytes: 90, files: 23, sockets: 80, threads: 11 },
    ...{ databaseRssMegabytes: 300, databaseFiles: 165, eventLoopP99Ms: 5, eventLoopMaxMs: 9 },
    ...over,
  });
  const run = (of: (minute: number) => Partial<Sample>) =>
    fails(judgeGrowth(Array.from({ length: 360 }, (_, index) => sample(of(index / 12)))));

  it('are flat when they stay, and when they go up and down', () => {
    expect(run(() => ({}))).toEqual([]);
    expect(run((minute) => ({ heapMegabytes: 90 + (minute % 1) * 80, sockets: 60 + (minute % 3) * 20 }))).toEqual([]);
  });

  it('are flat when they grew while everything was warming up', () => {
    expect(run((minute) => ({ rssMegabytes: minute < 6 ? 200 : 380 }))).toEqual([]);
  });

  it.each<[string, (minute: number) => Partial<Sample>]>([
    ['memory of the process (MB)', (minute) => ({ rssMegabytes: 350 + minute * 6 })],
    ['heap after collection (MB)', (minute) => ({ heapMegabytes: 90 + minute * 3 + (minute % 1) * 80 })],
    ['open files', (minute) => ({ files: 23 + Math.floor(minute) })],
    ['open sockets', (minute) => ({ sockets: 80 + minute * 5 })],
    ['threads', (minute) => ({ threads: 11 + Math.floor(minute / 3) })],
    ['open files of DynamoDB Local', (minute) => ({ databaseFiles: 165 + Math.floor(minute) })],
  ])('that leak are seen: %s', (what, of) => {
    expect(run(of)).toEqual([`flat: ${what}`]);
  });

  it('of which nothing was seen are not called flat', () => {
    expect(judgeGrowth([]).some(({ holds }) => holds)).toBe(false);
  });
});

describe('steady traffic', () => {
  const storms = [{ due: '2023-05-16', tasks: 150, seconds: 2 }];
  const of = (...outcomes: Outcome[]) => fails(judgeSteady(summarise(outcomes, 60), storms));

  it('holds when all is answered, or refused as expected', () => {
    expect(of(outcome(), outcome({ status: 409, code: 'conflict' }))).toEqual([]);
  });

  it.each([
    ['a refusal', outcome(refused)],
    ['a fault', outcome({ status: 500, code: 'internal', isExpected: false })],
    ['no answer', outcome({ status: 0, code: 'ABORT_ERR', isExpected: false })],
  ])('does not hold with %s', (_what, bad) => {
    expect(of(outcome(), bad)).toEqual(['steady: every answer good or expected']);
  });

  it('does not hold when nothing was asked, or a storm was not worked off', () => {
    expect(of()).toHaveLength(1);
    expect(judgeStorms('steady', [{ ...storms[0], due: '', tasks: 1, seconds: null }]).holds).toBe(false);
    expect(judgeStorms('steady', []).holds).toBe(false);
  });
});

describe('overload', () => {
  const of = (underWay: number, ...outcomes: Outcome[]) => fails(judgeOverload(summarise(outcomes, 60), underWay));

  it('holds when all that is not answered says when to come back', () => {
    expect(of(0, outcome(), outcome(refused), outcome({ ...refused, status: 429 }))).toEqual([]);
  });

  it.each([
    ['a refusal that does not say when', outcome({ ...refused, retryAfter: null })],
    ['a refusal that says now', outcome({ ...refused, retryAfter: 0 })],
    ['another 5xx', outcome({ ...refused, status: 502 })],
    ['no answer', outcome({ ...refused, status: 0, retryAfter: null })],
  ])('does not hold with %s', (_what, bad) => {
    expect(of(0, outcome(refused), bad)).toHaveLength(1);
  });

  it('does not hold when nothing was shed, or something is still waiting', () => {
    expect(of(0, outcome())).toHaveLength(1);
    expect(of(1, outcome(refused))).toEqual(['overload: nothing hangs']);
  });
});

describe('recovery', () => {
  const second = (at: number, over: Partial<Outcome> = {}) => outcome({ plannedAt: 5_000 + at * 1_000, ...over });
  const seconds = Array.from({ length: 20 }, (_, at) => at);
  const of = (outcomes: readonly Outcome[]) => recoveryOf(outcomes, 20, 50).seconds;

  const slowAt = (...at: number[]) =>
    of(seconds.map((each) => second(each, at.includes(each) ? { latencyMs: 500 } : {})));

  it('is when it is as before for a while, not when it first is', () => {
    expect(slowAt()).toBe(0);
    expect(slowAt(0, 4, 5)).toBe(6);
    expect(slowAt(0, 1, 12, 13)).toBe(2);
  });

  it('is not while anybody is refused, nor when the calm is too short to be one', () => {
    expect(of([...seconds.map((at) => second(at)), second(19.5, refused)])).toBeNull();
    expect(of([...seconds.map((at) => second(at)), second(3, refused)])).toBe(4);
    expect(slowAt(0, 1, 4, 5, 8, 9, 12, 13, 16, 17)).toBeNull();
  });
});

describe('chance', () => {
  it('is the same for the same seed, and arrivals come at their rate', () => {
    const draw = (seed: number) => {
      const chance = new Chance(seed);
      return Array.from({ length: 10_000 }, () => chance.untilNextMs(50));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const mean = draw(1).reduce((sum, ms) => sum + ms, 0) / 10_000;
    expect(mean).toBeGreaterThan(19);
    expect(mean).toBeLessThan(21);
  });

  it('chooses by weight', () => {
    const chance = new Chance(3);
    const choices = [
      { name: 'rare', weight: 1 },
      { name: 'common', weight: 9 },
    ];
    const rare = Array.from({ length: 10_000 }, () => chance.weighted(choices)).filter(({ name }) => name === 'rare');
    expect(rare.length).toBeGreaterThan(800);
    expect(rare.length).toBeLessThan(1_200);
  });
});
