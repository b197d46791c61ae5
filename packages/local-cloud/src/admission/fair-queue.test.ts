import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AdmissionLimits, FairQueue } from './fair-queue.ts';

const LIMITS: AdmissionLimits = {
  places: 4,
  leastPlaces: 1,
  placesEach: 2,
  waitingEach: 3,
  waiting: 8,
  patienceMs: 3_000,
  shortPatienceMs: 500,
  standsAfterMs: 5_000,
};

/** A queue and a clock that moves only when told. */
function queueOf(limits: Partial<AdmissionLimits> = {}) {
  const queue = new FairQueue<string>({ ...LIMITS, ...limits });
  return {
    queue,
    arrive: (names: string, now = 0) => [...names].map((name) => queue.arrive(name, name, now)),
  };
}

describe('places', () => {
  it('are given at once while there are any, but to one caller no more than its share', () => {
    const { queue, arrive } = queueOf();
    expect(arrive('aaab')).toEqual(['go', 'go', 'wait', 'go']);
    expect([queue.running, queue.waiting]).toEqual([3, 1]);
  });

  it('go to callers in turn, whatever each has waiting', () => {
    const { queue, arrive } = queueOf({ waitingEach: 8 });
    arrive('xxyy');
    expect(arrive('aaaabbc')).toEqual(Array(7).fill('wait'));
    const served: string[] = [];
    const running = [...'xxyy'];
    for (let caller = running.shift(); caller !== undefined; caller = running.shift()) {
      const { go } = queue.leave(caller, 10);
      served.push(...go);
      running.push(...go);
    }
    expect(served.join('')).toBe('abcabaa');
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('become fewer while the process is behind, never none, and come back one by one', () => {
    const { queue, arrive } = queueOf();
    const seen = [true, true, true, false, false, false, false].map((isBehind) => {
      queue.adapt(isBehind);
      return queue.places;
    });
    expect(seen).toEqual([2, 1, 1, 2, 3, 4, 4]);
    arrive('aabbc');
    queue.adapt(true);
    // What runs is carried out; nobody follows until fewer than two do.
    expect(queue.leave('a', 1).go).toEqual([]);
    expect(queue.leave('a', 2).go).toEqual([]);
    expect(queue.leave('b', 3).go).toEqual(['c']);
    queue.adapt(false);
    expect(arrive('d')).toEqual(['go']);
  });

  it('cannot be given back by who has none', () => {
    expect(() => queueOf().queue.leave('a', 0)).toThrow();
  });
});

describe('refusals', () => {
  it('are a caller’s own when it alone has too much waiting', () => {
    const { arrive } = queueOf();
    expect(arrive('aaaaaa')).toEqual(['go', 'go', 'wait', 'wait', 'wait', 'too_many_requests']);
    expect(arrive('b')).toEqual(['go']);
  });

  it('are everybody’s when all that may wait do', () => {
    const { queue, arrive } = queueOf({ waiting: 2 });
    arrive('aabb');
    expect(arrive('cde')).toEqual(['wait', 'wait', 'overloaded']);
    expect(queue.isFull).toBe(true);
  });

  it('come to who has waited for too long, and never later than that', () => {
    const { queue, arrive } = queueOf();
    arrive('aabb');
    arrive('c', 100);
    expect(queue.turn(3_100).refused).toEqual([]);
    expect(queue.turn(3_101).refused).toEqual([{ ticket: 'c', why: 'overloaded' }]);
    expect(queue.leave('a', 3_200).go).toEqual([]);
  });

  it('are the caller’s own when places are free that its share does not reach', () => {
    const { queue, arrive } = queueOf();
    arrive('aaa');
    expect(queue.turn(3_001).refused).toEqual([{ ticket: 'a', why: 'too_many_requests' }]);
  });

  it('are everybody’s too when it is the process that has no place to give', () => {
    const { queue, arrive } = queueOf();
    arrive('a');
    queue.adapt(true);
    queue.adapt(true);
    queue.turn(0);
    expect(arrive('b')).toEqual(['wait']);
    expect(queue.turn(3_001).refused).toEqual([{ ticket: 'b', why: 'overloaded' }]);
  });

  it('come sooner once no place has been free for long, and later again when one is', () => {
    const { queue, arrive } = queueOf();
    arrive('aabb', 0);
    // Served without a pause, so that a place is given on as soon as it is given back.
    arrive('c', 4_900);
    expect(queue.leave('a', 5_000).go).toEqual(['c']);
    arrive('d', 5_100);
    expect(queue.turn(5_600).refused).toEqual([]);
    expect(queue.turn(5_601).refused).toEqual([{ ticket: 'd', why: 'overloaded' }]);
    queue.leave('c', 5_700);
    arrive('c', 5_800);
    arrive('d', 5_900);
    expect(queue.turn(8_900).refused).toEqual([]);
    expect(queue.turn(8_901).refused).toEqual([{ ticket: 'd', why: 'overloaded' }]);
  });
});

it('holds whatever comes: bounds are kept, nobody is forgotten, and no free place is left to who may have it', () => {
  const step = fc.record({
    caller: fc.integer({ min: 0, max: 5 }),
    leaves: fc.boolean(),
    ms: fc.nat(900),
    isBehind: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new FairQueue<{ caller: string; since: number }>(LIMITS);
      const running: string[] = [];
      let [now, waiting] = [0, 0];
      const carryOn = ({ go, refused }: ReturnType<typeof queue.turn>) => {
        running.push(...go.map(({ caller }) => caller));
        waiting -= go.length + refused.length;
        for (const { ticket } of refused) expect(now - ticket.since).toBeGreaterThan(LIMITS.shortPatienceMs);
      };
      for (const { caller, leaves, ms, isBehind } of steps) {
        now += ms;
        queue.adapt(isBehind);
        carryOn(queue.turn(now));
        const name = String(caller);
        const held = leaves ? running.indexOf(name) : -1;
        if (held >= 0) {
          running.splice(held, 1);
          carryOn(queue.leave(name, now));
        } else {
          const arrived = queue.arrive(name, { caller: name, since: now }, now);
          if (arrived === 'go') running.push(name);
          if (arrived === 'wait') waiting += 1;
          carryOn(queue.turn(now));
        }
        expect([queue.running, queue.waiting]).toEqual([running.length, waiting]);
        expect(running.length).toBeLessThanOrEqual(LIMITS.places);
        expect(waiting).toBeLessThanOrEqual(LIMITS.waiting);
        for (const each of running) {
          expect(running.filter((other) => other === each).length).toBeLessThanOrEqual(LIMITS.placesEach);
        }
        expect(queue.turn(now).go).toEqual([]);
      }
      while (running.length > 0) carryOn(queue.leave(running.shift() ?? '', now));
      expect([queue.running, queue.waiting, waiting]).toEqual([0, 0, 0]);
    }),
  );
});
