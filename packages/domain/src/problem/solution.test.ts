import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, at } from '../../test-support/fixtures.ts';
import { CALL_BACK_DAYS, problemAggregate } from './index.ts';
import {
  blank,
  code,
  ProblemRun,
  remind,
  SATISFIED,
  SOLVE,
  TO_COUNTY,
  TO_PREFECTURE,
  types,
  UNSATISFIED,
} from './tests/problem-run.ts';

describe('a solution', () => {
  it('meets the limit and starts the call-back, thirty days to its 24:00', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    const now = at('2023-06-20T10:00');
    expect(CALL_BACK_DAYS).toBe(30);
    specify(problemAggregate, run.events)
      .when(SOLVE, as('kgx-head', now))
      .yields({
        ...{ type: 'ProblemSolved', at: now, by: 'p-kgx-head', outcome: '已增容', onTheSpot: false, lateByMs: 0 },
        callBack: {
          ...{ id: 'call_back:1', kind: 'call_back', dueAt: at('2023-07-21T00:00'), startedAt: now },
          ...blank,
          reminders: [remind(3, '2023-07-18'), remind(1, '2023-07-20')],
        },
      });
    run.give('kgx-head', '2023-06-20T10:00', SOLVE);
    expect(run.problem).toMatchObject({ status: 'solved', solvedAt: now, lateByMs: 0, onTheSpot: false });
    expect(run.limit('solution:1').status).toBe('met');
    expect(run.give('kgx-head', '2023-06-20T10:01', SOLVE), 'the same again').toEqual([]);
  });

  it.each([
    ['2023-07-01T23:59', 0],
    ['2023-07-02T00:00', 0],
    ['2023-07-02T00:01', 60_000],
  ])('given %s is late by %i ms', (when, lateByMs) => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.until(when);
    run.give('kgx-head', when, SOLVE);
    expect(run.problem).toMatchObject({ status: 'solved', lateByMs });
    expect(run.problem.escalations.every(({ status }) => status === 'resolved')).toBe(true);
  });

  it('lets a request that is not decided fall away', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.give('kgx-head', '2023-06-05T10:00', TO_COUNTY);
    run.give('kgx-head', '2023-06-06T10:00', TO_PREFECTURE);
    run.give('kgx-head', '2023-06-07T10:00', SOLVE);
    expect(run.limit('approval:2').status).toBe('void');
    expect(run.problem.moves).toMatchObject([{ status: 'approved' }, { number: 2, status: 'void' }]);
  });

  it('does not come twice, nor after the end', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.give('kgx-head', '2023-06-02T10:00', SOLVE);
    expect(() => run.give('kgx-head', '2023-06-02T11:00', TO_COUNTY)).toThrow(code('wrong_status'));
    run.give('kgx-head', '2023-06-03T10:00', SATISFIED);
    expect(() => run.give('kgx-head', '2023-06-03T11:00', SOLVE)).toThrow(code('wrong_status'));
    expect(() => run.give('kgx-head', '2023-06-03T11:00', TO_COUNTY)).toThrow(code('wrong_status'));
  });
});

describe('a call-back', () => {
  const solved = () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.give('kgx-head', '2023-06-20T10:00', SOLVE);
    return run;
  };

  it('comes only after a solution', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    for (const callBack of [SATISFIED, UNSATISFIED]) {
      expect(() => run.give('jj-director', '2023-06-02T10:00', callBack)).toThrow(code('wrong_status'));
    }
  });

  it('that is satisfied strikes it off, once', () => {
    const run = solved();
    const now = at('2023-07-01T10:00');
    specify(problemAggregate, run.events)
      .when(SATISFIED, as('jj-director', now))
      .yields({ type: 'CalledBack', at: now, by: 'p-jj-director', satisfied: true, note: null, limit: null });
    run.give('jj-director', '2023-07-01T10:00', SATISFIED);
    expect(run.problem).toMatchObject({ status: 'closed', closedAt: now, callBacks: 1, lateByMs: 0 });
    expect(run.limit('call_back:1').status).toBe('met');
    expect(run.nextWakeAt).toBeNull();
    expect(run.give('jj-director', '2023-07-01T10:01', SATISFIED), 'the same again').toEqual([]);
    expect(() => run.give('jj-director', '2023-07-01T10:02', UNSATISFIED)).toThrow(code('wrong_status'));
  });

  it('that is not satisfied opens it again for the same term, once', () => {
    const run = solved();
    const now = at('2023-07-01T10:00');
    specify(problemAggregate, run.events)
      .when(UNSATISFIED, as('jj-director', now))
      .yields({
        ...{ type: 'CalledBack', at: now, by: 'p-jj-director', satisfied: false, note: '仍限产' },
        limit: {
          ...{ id: 'solution:2', kind: 'solution', dueAt: at('2023-08-02T00:00'), startedAt: now },
          ...blank,
          reminders: [remind(3, '2023-07-28'), remind(1, '2023-08-01')],
        },
      });
    run.give('jj-director', '2023-07-01T10:00', UNSATISFIED);
    expect(run.problem).toMatchObject({ status: 'open', level: 'own', solvedAt: null, lateByMs: null, callBacks: 1 });
    expect(run.give('jj-director', '2023-07-01T10:01', UNSATISFIED), 'the same again').toEqual([]);
    expect(() => run.give('jj-director', '2023-07-01T10:02', SATISFIED)).toThrow(code('wrong_status'));
    run.give('kgx-head', '2023-08-02T00:01', SOLVE);
    expect(run.problem).toMatchObject({ status: 'solved', lateByMs: 60_000 });
    run.give('jj-director', '2023-08-03T10:00', SATISFIED);
    expect(run.problem.limits.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'solution:1 met',
      'call_back:1 met',
      'solution:2 met',
      'call_back:2 met',
    ]);
  });

  it('keeps the level', () => {
    const run = ProblemRun.withPrefecture();
    run.give('kgx-head', '2023-06-20T10:00', SOLVE);
    run.give('jj-director', '2023-06-21T10:00', UNSATISFIED);
    expect(run.problem).toMatchObject({ status: 'open', level: 'prefecture' });
    expect(run.give('kgx-head', '2023-06-21T11:00', TO_PREFECTURE)).toEqual([]);
    expect(types(run.until('2023-07-22T00:00'))).toEqual(['UnitReminded', 'UnitReminded', 'LimitMissed', 'Escalated']);
    expect(run.problem.escalations[0]?.mailboxes).toEqual(['post:jj-director', 'jurisdiction:433100']);
  });
});
