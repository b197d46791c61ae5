import { describe, expect, test } from 'vitest';
import { codecs } from './codecs.ts';

const definition = {
  ...{ title: '甲', text: '做甲', plan: 'p', group: 'g', documentNumber: '泸政办发〔2023〕5号', list: 'l', seq: 1 },
  ...{ leadUnits: ['u'], responsibleUnits: [], leaders: [], dueAt: null, dueText: null, ongoing: false },
  ...{ milestones: [], targets: [], source: null, notes: [] },
};
const by = { at: 1, by: 'clerk' };

describe('events of tasks in their first shape', () => {
  test('a correction had no basis and no import', () => {
    const stored = { type: 'TaskCorrected', ...by, definition, changed: ['title'], limits: [] };
    expect(codecs.task.parseEvent(stored, 1)).toEqual({ ...stored, basis: null, importId: null });
    expect(() => codecs.task.parseEvent(stored, 2)).toThrow();
  });

  test('others are as they were', () => {
    const stored = { type: 'TaskAccepted', ...by, unit: 'u' };
    expect(codecs.task.parseEvent(stored, 1)).toEqual(stored);
  });

  test('a shape of the future is not guessed at', () => {
    expect(() => codecs.task.parseEvent({ type: 'TaskAccepted', ...by, unit: 'u' }, 3)).toThrow('unknown');
  });

  test('new ones are written in the second', () => {
    expect(codecs.task.schema).toBe(2);
  });
});

describe('heads from before imports were published as a whole', () => {
  test('of a structure have none under way', () => {
    expect(codecs.structure.parseState({ version: 3, snapshot: ['a'] })).toEqual({
      version: 3,
      snapshot: ['a'],
      underWay: null,
    });
  });
});
