import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, at } from '../../test-support/fixtures.ts';
import { DomainError } from '../errors.ts';
import type { ProblemRegistered, ProblemSolved } from './events.ts';
import { problemAggregate } from './index.ts';
import { blank, escalations, ProblemRun, registration, remind, types } from './tests/problem-run.ts';

const NOW = at('2023-06-01T10:00');
const nothing = specify(problemAggregate, []);

const LIMIT = {
  id: 'solution:1',
  kind: 'solution',
  dueAt: at('2023-07-02T00:00'),
  startedAt: NOW,
  ...blank,
  reminders: [remind(3, '2023-06-28'), remind(1, '2023-06-30')],
} as const;

const REGISTERED: ProblemRegistered = {
  type: 'ProblemRegistered',
  at: NOW,
  by: 'p-kgx-head',
  problemId: 'problem_1',
  group: 'force',
  basis: { documentNumber: '泸政办发〔2023〕7号', lines: [8182, 8192] },
  title: '园区用电不足',
  text: '三家企业限产。',
  place: '高新区',
  foundBy: 'kgx',
  foundOn: '2023-06-01',
  unit: 'kgx',
  measure: '协调增容',
  term: 'one_month',
  policy: registration().policy,
  prefecturePolicy: registration().prefecturePolicy,
  limit: LIMIT,
};

describe('registration', () => {
  it('is solved by the finder’s own unit unless another is named', () => {
    nothing.when(registration(), as('kgx-head', NOW)).yields(REGISTERED);
    nothing.when(registration({ unit: 'fgj' }), as('kgx-head', NOW)).yields({ ...REGISTERED, unit: 'fgj' });
  });

  it('says nothing when it comes again, and never rejects anything else before it', () => {
    const spec = specify(problemAggregate, [REGISTERED]);
    spec.when(registration(), as('kgx-head', NOW + 5)).yieldsNothing();
    spec.when(registration({ title: '改名' }), as('kgx-head', NOW + 5)).yieldsNothing();
    nothing.when({ type: 'Solve', outcome: '' }, as('kgx-head', NOW)).isRefused('not_found');
    expect(problemAggregate.evolve({ status: 'none' }, { ...REGISTERED, type: 'CalledBack' } as never)).toEqual({
      status: 'none',
    });
    expect(problemAggregate.evolve(spec.state, REGISTERED)).toMatchObject({ version: 2, status: 'open' });
    expect(problemAggregate.nextWakeAt({ status: 'none' })).toBeNull();
  });

  it.each([
    ['a basis', { basis: { documentNumber: ' ', lines: null } }, 'missing_basis', '/basis'],
    ['a group that exists', { group: 'none' }, 'unknown_reference', '/group'],
    ['the finder’s unit', { foundBy: 'none' }, 'unknown_reference', '/foundBy'],
    ['a unit that exists', { unit: 'none' }, 'unknown_reference', '/unit'],
    ['a day that has come', { foundOn: '2023-06-02' }, 'invalid_due', '/foundOn'],
  ] as const)('wants %s', (_, differs, code, pointer) => {
    expect(() => ProblemRun.registered('2023-06-01T10:00', differs)).toThrow(
      expect.objectContaining({ code, pointer }),
    );
  });

  it('keeps no long text', () => {
    const { text, measure, ...rest } = REGISTERED;
    expect(text).not.toBe(measure);
    expect(ProblemRun.registered('2023-06-01T10:00').problem).toEqual({
      ...{ status: 'open', id: 'problem_1', version: 1, level: 'own', registeredAt: NOW, limits: [LIMIT] },
      ...{ group: rest.group, basis: rest.basis, title: rest.title, place: rest.place, term: rest.term },
      ...{ foundBy: rest.foundBy, foundOn: rest.foundOn, unit: rest.unit },
      ...{ policy: rest.policy, prefecturePolicy: rest.prefecturePolicy },
      ...{ escalations: [], moves: [], callBacks: 0, onTheSpot: false, solvedAt: null, lateByMs: null, closedAt: null },
    });
  });
});

describe('the term', () => {
  it.each([
    ['at_once', '2023-06-01T10:00', null, '2023-06-02T00:00'],
    ['at_once', '2023-06-01T23:59', null, '2023-06-02T00:00'],
    ['at_once', '2023-06-02T00:00', null, '2023-06-03T00:00'],
    ['at_once', '2023-06-02T08:00', '2023-06-01', '2023-06-02T00:00'],
    ['one_month', '2023-01-31T10:00', null, '2023-03-01T00:00'],
    ['one_month', '2023-02-28T10:00', null, '2023-03-29T00:00'],
    ['two_months', '2023-12-31T10:00', null, '2024-03-01T00:00'],
    ['three_months', '2023-11-30T10:00', null, '2024-03-01T00:00'],
    ['three_months', '2023-12-02T10:00', '2023-11-30', '2024-03-01T00:00'],
    ['three_months', '2022-11-30T10:00', null, '2023-03-01T00:00'],
  ] as const)('%s from %s (found %s) ends %s, which is 24:00 of the day before', (term, now, foundOn, due) => {
    expect(ProblemRun.registered(now, { term, foundOn }).limit('solution:1').dueAt).toBe(at(due));
  });

  it('that had passed when it was registered is missed at once, its ladder counting from then', () => {
    const run = ProblemRun.registered('2023-06-05T10:00', { term: 'at_once', foundOn: '2023-06-01' });
    expect(run.nextWakeAt).toBeLessThan(at('2023-06-05T10:00'));
    expect(escalations(run.wake('2023-06-05T10:00'))).toEqual(['solution:1 0 2023-06-05T10:00 post:jj-director']);
    expect(run.nextWakeAt).toBe(at('2023-06-07T10:00'));
  });
});

describe('solved on the spot', () => {
  const command = registration({ term: 'at_once', solvedOnTheSpot: '当场接通' });
  const limit = {
    ...LIMIT,
    dueAt: at('2023-06-02T00:00'),
    // Past when it was registered: only the latest is left.
    reminders: [{ at: at('2023-06-01T00:00'), workingDaysBefore: 1, minutesBefore: null }],
  };
  const solved: ProblemSolved = {
    type: 'ProblemSolved',
    at: NOW,
    by: 'p-kgx-head',
    outcome: '当场接通',
    onTheSpot: true,
    lateByMs: 0,
    callBack: {
      ...LIMIT,
      id: 'call_back:1',
      kind: 'call_back',
      dueAt: at('2023-07-02T00:00'),
    },
  };

  it('is registered and solved in one', () => {
    nothing.when(command, as('kgx-head', NOW)).yields({ ...REGISTERED, term: 'at_once', limit }, solved);
    const { state } = specify(problemAggregate, [{ ...REGISTERED, term: 'at_once', limit }, solved]);
    expect(state).toMatchObject({ status: 'solved', onTheSpot: true, lateByMs: 0, solvedAt: NOW, version: 2 });
    expect(problemAggregate.decide(state, command, as('kgx-head', NOW)), 'the same again').toEqual([]);
  });

  it('is not late, though it was written down days after', () => {
    const run = ProblemRun.registered('2023-06-05T10:00', { ...command, foundOn: '2023-06-01' });
    expect(types(run.events)).toEqual(['ProblemRegistered', 'ProblemSolved']);
    expect(run.problem).toMatchObject({ foundOn: '2023-06-01', lateByMs: 0 });
    expect(run.limit('solution:1').status).toBe('met');
    expect(run.limit('call_back:1').dueAt).toBe(at('2023-07-06T00:00'));
  });

  it('says in both languages what to do when it is refused', () => {
    try {
      ProblemRun.registered('2023-06-01T10:00', { foundOn: '2023-07-01' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(DomainError);
      expect((error as DomainError).message).toMatch(/name the day of the visit/);
      expect((error as DomainError).messageZh).toMatch(/请填写走访当天的日期/);
    }
  });
});
