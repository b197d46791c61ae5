import { describe, expect, it } from 'vitest';
import { evolveStructure, INITIAL_STRUCTURE, type StructureEvent, structureNextWakeAt } from './aggregate.ts';

const contents = {
  by: 'clerk',
  follows: { duties: false, clocks: false },
  importId: 'i',
  counts: {},
  changes: ['c/0', 'c/1'],
  snapshot: ['new'],
};
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
    expect(after(started, progressed, published, settled)).toEqual({
      ...INITIAL_STRUCTURE,
      version: 8,
      snapshot: ['new'],
    });
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
    ...INITIAL_STRUCTURE,
    version: 5,
    snapshot: ['new'],
  });
});

describe('what follows a change of structure', () => {
  const both = { ...contents, follows: { duties: true, clocks: false } };
  const done: StructureEvent = {
    ...{ type: 'FollowUpDone', at: 60, clocks: 3, publishedYear: 2026, again: null },
    duties: { opened: 1, corrected: 0, ended: 0 },
  };

  it('is wanted from the change on until it is done', () => {
    const wanted = after({ type: 'StructureImported', at: 10, ...both });
    expect(wanted.followUp).toEqual({ duties: true, clocks: false, at: 10, isSecondLook: false });
    expect(structureNextWakeAt(wanted)).toBe(10);
    const settled = evolveStructure(wanted, done);
    expect(settled).toMatchObject({ followUp: null, publishedYear: 2026 });
    expect(structureNextWakeAt(settled)).toBeNull();
  });

  it('is looked at once more, for what others were writing meanwhile', () => {
    const counted = evolveStructure(after({ type: 'StructureImported', at: 10, ...both }), { ...done, again: 180 });
    expect(counted.followUp).toEqual({ duties: false, clocks: true, at: 180, isSecondLook: true });
    expect(structureNextWakeAt(counted)).toBe(180);
  });

  it('is wanted of an import with tasks once that is published, not before', () => {
    const writing = after({ ...started, ...both });
    expect(writing.followUp).toBeNull();
    expect(evolveStructure(writing, { type: 'ImportPublished', at: 30, importId: 'i' }).followUp).toMatchObject({
      at: 30,
    });
  });

  it('gathers what several changes want', () => {
    const twice = after(
      { type: 'StructureImported', at: 10, ...both },
      { type: 'FollowUpRequested', at: 20, by: 'system', follows: { duties: false, clocks: true } },
    );
    expect(twice.followUp).toEqual({ duties: true, clocks: true, at: 20, isSecondLook: false });
  });
});
