import { DEFAULT_DUTY_POLICY, dutyAggregate } from '@duban/domain';
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
    expect(() => codecs.task.parseEvent({ type: 'TaskAccepted', ...by, unit: 'u' }, 4)).toThrow('unknown');
  });

  test('new ones are written in the third', () => {
    expect(codecs.task.schema).toBe(3);
  });
});

describe('events of tasks from before there was anything but tasks', () => {
  const escalated = {
    ...{ escalationId: 'escalation_1-1', limitId: 'due', step: 0, stepDueAt: 1, dueAt: 1, action: 'escalate' },
    ...{ at: 1, urgent: false, recipients: [], next: null },
  };

  test('an escalation bore the task’s name', () => {
    const stored = { type: 'TaskEscalated', ...escalated };
    expect(codecs.task.parseEvent(stored, 2)).toEqual({ ...stored, type: 'Escalated' });
    expect(codecs.task.parseEvent(stored, 1)).toEqual({ ...stored, type: 'Escalated' });
    expect(() => codecs.task.parseEvent(stored, 3)).toThrow();
  });

  test('reminders counted working days alone, and none was urgent', () => {
    const stored = { type: 'UnitReminded', at: 1, limitId: 'due', dueAt: 2, workingDaysBefore: 7, recipients: [] };
    expect(codecs.task.parseEvent(stored, 2)).toEqual({ ...stored, minutesBefore: null, urgent: false });
  });

  test('a ladder that went on kept no span', () => {
    const stored = { type: 'LadderResumed', at: 1, limitId: 'due', steps: [], next: null };
    expect(codecs.task.parseEvent(stored, 2)).toEqual({ ...stored, pause: null });
  });

  test('nothing followed an import', () => {
    const stored = { type: 'StructureImported', ...by, importId: 'i', counts: {}, changes: ['c'], snapshot: ['s'] };
    const follows = { duties: false, clocks: false };
    expect(codecs.structure.parseEvent(stored, 1)).toEqual({ ...stored, follows });
    expect(() => codecs.structure.parseEvent(stored, 2)).toThrow();
  });
});

describe('heads from before imports were published as a whole', () => {
  test('of a structure have none under way', () => {
    expect(codecs.structure.parseState({ version: 3, snapshot: ['a'] })).toEqual({
      version: 3,
      snapshot: ['a'],
      underWay: null,
      followUp: null,
      publishedYear: null,
    });
  });
});

describe('duties from before reports', () => {
  test('have asked for none', () => {
    const opened = codecs.duty.parseEvent(
      {
        ...{
          type: 'DutyOpened',
          ...by,
          dutyId: 'duty_1',
          owner: 'unit:u',
          ownerUnit: 'u',
          policy: DEFAULT_DUTY_POLICY,
        },
        ...{ imported: true, urgent: false, override: null, period: null, limit: null, endsAt: 2 },
        definition: {
          ...{
            code: 'd',
            kind: 'circular',
            title: '月通报',
            text: '每月通报',
            group: 'g',
            requester: 'u',
            owners: ['unit:u'],
          },
          ...{ basis: { documentNumber: '泸政办发〔2023〕5号', lines: [1406, 1408] }, counterparties: [], notes: [] },
          ...{ period: { every: 'month', day: null }, shift: 'keep', quota: null, mode: 'any', subject: null },
          ...{ indicator: null, from: '2023-05-15', until: '2023-12-31', policy: 'default-duty' },
        },
      },
      1,
    );
    const state = codecs.duty.evolve(dutyAggregate.initial, opened) as Record<string, unknown>;
    const { reports, ...before } = state;
    expect(reports).toEqual([]);
    expect(codecs.duty.parseState(before)).toEqual(state);
  });
});
