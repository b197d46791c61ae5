import { describe, expect, it } from 'vitest';
import { evolveStructure, INITIAL_STRUCTURE, type StructureEvent, structureNextWakeAt } from './aggregate.ts';

const contents = { by: 'clerk', importId: 'i', counts: {}, changes: ['c/0', 'c/1'], snapshot: ['new'] };
const started: StructureEvent = { type: 'ImportStarted', at: 10, tasks: 700, ...contents };
const after = (...events: StructureEvent[]) =>
  events.reduce(evolveStructure, { ...INITIAL_STRUCTURE, version: 4, snapshot: ['old'] });

describe('an import with tasks', () => {
  const progressed: StructureEvent = { type: 'ImportProgressed', at: 20, importId: 'i', partsDone: 1, tasksDone: 500 };
  const published: StructureEvent = { type: 'ImportPublished', at: 30, importId: 'i' };
  const settled: StructureEvent = { type: 'ImportSettled', at: 40, importId: 'i' };

  it('leaves the structure in force as it is until it is published', () => {
    expect(after(started)).toMatchObject({
      snapshot: ['old'],
      underWay: { phase: 'writing', partsDone: 0, tasks: 700 },
    });
    expect(after(started, progressed)).toMatchObject({ snapshot: ['old'], underWay: { partsDone: 1, tasksDone: 500 } });
    expect(after(started, progressed, published)).toMatchObject({
      snapshot: ['new'],
      underWay: { phase: 'settling', partsDone: 0, tasksDone: 0 },
    });
    expect(after(started, progressed, published, settled)).toEqual({ version: 8, snapshot: ['new'], underWay: null });
  });

  it('wants to be woken from its last move on, until it is settled', () => {
    expect(structureNextWakeAt(after())).toBeNull();
    expect(structureNextWakeAt(after(started))).toBe(10);
    expect(structureNextWakeAt(after(started, progressed))).toBe(20);
    expect(structureNextWakeAt(after(started, progressed, published))).toBe(30);
    expect(structureNextWakeAt(after(started, progressed, published, settled))).toBeNull();
  });
});

it('structure alone is in force at once', () => {
  expect(after({ type: 'StructureImported', at: 10, ...contents })).toEqual({
    version: 5,
    snapshot: ['new'],
    underWay: null,
  });
});
