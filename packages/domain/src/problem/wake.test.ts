import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { at, DATA, STRUCTURE } from '../../test-support/fixtures.ts';
import { Structure } from '../structure/structure.ts';
import { problemAggregate } from './index.ts';
import { problemLight } from './state.ts';
import {
  code,
  escalations,
  ProblemRun,
  registration,
  SATISFIED,
  SOLVE,
  TO_COUNTY,
  TO_PREFECTURE,
  types,
  UNSATISFIED,
} from './tests/problem-run.ts';
import { answerableForProblem } from './wake.ts';

const acknowledge = (escalationId: string) =>
  ({ type: 'AcknowledgeEscalation', escalationId, note: null, until: null }) as const;

describe('the due instant', () => {
  it('does nothing one millisecond before, and marks and escalates at it', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.until('2023-07-01T23:59');
    expect(run.nextWakeAt).toBe(at('2023-07-02T00:00'));
    expect(run.wakeAt(at('2023-07-02T00:00') - 1), 'an early wake').toEqual([]);
    const now = at('2023-07-02T00:00');
    const limit = { limitId: 'solution:1', dueAt: now };
    const steps = ['07-02', '07-05', '07-10', '07-17'].map((day) => at(`2023-${day}T00:00`));
    specify(problemAggregate, run.events)
      .whenWoken({ now, calendar: STRUCTURE.calendar, structure: STRUCTURE })
      .yields(
        { type: 'LimitMissed', at: now, ...limit, steps, next: { step: 0, at: now } },
        {
          ...{ type: 'Escalated', at: now, escalationId: 'escalation_problem_1-1', ...limit, step: 0, stepDueAt: now },
          ...{ action: 'escalate', urgent: false, next: { step: 1, at: at('2023-07-05T00:00') } },
          recipients: [
            {
              ...{ mailbox: 'post:jj-director', post: 'jj-director', unit: 'jj', person: 'p-jj-director' },
              path: [
                { seat: 'office', code: 'force', found: 'addressed' },
                { seat: 'director', code: 'jj-director', found: 'holder' },
              ],
            },
          ],
        },
      );
    run.wakeAt(now);
    expect(run.wakeAt(now), 'the same wake again').toEqual([]);
    expect(run.wake('2023-06-20T00:00'), 'a stale wake').toEqual([]);
    expect(
      problemAggregate.wake({ status: 'none' }, { now, calendar: STRUCTURE.calendar, structure: STRUCTURE }),
    ).toEqual([]);
  });

  it('reminds the unit three and one working days before', () => {
    const run = ProblemRun.registered('2023-06-01T10:00', { unit: 'fgj' });
    expect(run.until('2023-07-01T23:59')).toMatchObject([
      { at: at('2023-06-28T00:00'), workingDaysBefore: 3, recipients: [{ mailbox: 'unit:fgj' }] },
      { at: at('2023-06-30T00:00'), workingDaysBefore: 1, recipients: [{ mailbox: 'unit:fgj' }] },
    ]);
  });
});

describe('the ladder', () => {
  it('climbs the county’s own', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    expect(escalations(run.until('2023-08-31T00:00'))).toEqual([
      'solution:1 0 2023-07-02T00:00 post:jj-director',
      'solution:1 1 2023-07-05T00:00 post:first-deputy',
      'solution:1 2 2023-07-10T00:00 post:mayor unit:dcs',
      'solution:1 3 2023-07-17T00:00 unit:dcs',
    ]);
  });

  it('crosses to the parent jurisdiction at once for what lies with the prefecture', () => {
    const run = ProblemRun.withPrefecture();
    expect(escalations(run.until('2023-08-31T00:00'))).toEqual([
      'solution:3 0 2023-07-10T00:00 post:jj-director jurisdiction:433100',
      'solution:3 1 2023-07-12T00:00 post:first-deputy',
      'solution:3 2 2023-07-17T00:00 post:mayor unit:dcs',
      'solution:3 3 2023-07-24T00:00 unit:dcs jurisdiction:433100',
    ]);
  });

  it('reminds by the ladder of the level it lies on', () => {
    const { prefecturePolicy } = registration();
    const run = ProblemRun.withPrefecture({
      prefecturePolicy: { ...prefecturePolicy, remindWorkingDaysBefore: [5] },
    });
    expect(run.limit('solution:2').status).toBe('void');
    expect(run.until('2023-07-09T23:59')).toMatchObject([{ limitId: 'solution:3', workingDaysBefore: 5 }]);
  });

  it('stays inside the county while the directors have not decided, and for a call-back', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.give('kgx-head', '2023-06-05T10:00', TO_COUNTY);
    run.give('kgx-head', '2023-06-06T10:00', TO_PREFECTURE);
    expect(escalations(run.until('2023-06-09T10:00'))).toEqual(['approval:2 0 2023-06-09T10:00 post:jj-director']);
    const other = ProblemRun.withPrefecture({ foundBy: 'fgj', unit: 'kgx' });
    other.give('kgx-head', '2023-06-20T10:00', SOLVE);
    const events = other.until('2023-07-21T00:00');
    expect(escalations(events)).toEqual(['call_back:1 0 2023-07-21T00:00 post:jj-director']);
    // The finder's unit calls back, and is the one reminded.
    expect(events[0]).toMatchObject({ type: 'UnitReminded', recipients: [{ mailbox: 'unit:fgj' }] });
  });

  it('takes one step a wake after an outage, with the minimum gap between', () => {
    const run = ProblemRun.withPrefecture();
    expect(escalations(run.wake('2023-09-04T10:00'))).toEqual([
      'solution:3 0 2023-09-04T10:00 post:jj-director jurisdiction:433100',
    ]);
    expect(run.nextWakeAt).toBe(at('2023-09-04T11:00'));
  });

  it('stands still for an acknowledgement, then goes on by itself', () => {
    const run = ProblemRun.withPrefecture();
    run.until('2023-07-10T00:00');
    const hold = acknowledge('escalation_problem_1-1');
    expect(run.give('jj-director', '2023-07-10T10:00', hold)).toEqual([
      {
        ...{ type: 'EscalationAcknowledged', at: at('2023-07-10T10:00'), by: 'p-jj-director', note: null },
        ...{ escalationId: hold.escalationId, limitId: 'solution:3', holdUntil: at('2023-07-12T10:00') },
      },
    ]);
    expect(run.give('jj-director', '2023-07-10T10:01', hold), 'the same again').toEqual([]);
    expect(types(run.until('2023-07-12T10:00'))).toEqual(['LadderResumed']);
    expect(escalations(run.until('2023-07-14T00:00'))).toEqual(['solution:3 1 2023-07-14T00:00 post:first-deputy']);
  });

  it('goes on when an escalation is resolved while the problem is not', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.until('2023-07-02T00:00');
    const resolve = { type: 'ResolveEscalation', escalationId: 'escalation_problem_1-1', outcome: '已约谈' } as const;
    expect(types(run.give('jj-director', '2023-07-02T10:00', resolve))).toEqual(['EscalationResolved']);
    expect(run.give('jj-director', '2023-07-02T10:01', resolve), 'the same again').toEqual([]);
    expect(() => run.give('jj-director', '2023-07-02T10:02', acknowledge(resolve.escalationId))).toThrow(
      code('wrong_status'),
    );
    expect(() => run.give('jj-director', '2023-07-02T10:03', acknowledge('escalation_problem_1-9'))).toThrow(
      code('not_found'),
    );
    expect(run.nextWakeAt).toBe(at('2023-07-05T00:00'));
  });
});

describe('another calendar', () => {
  it('counts again what working days decide, and nothing else', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    const localDays = [{ date: '2023-06-08', working: false, name: '州庆' }];
    const structure = new Structure({ ...DATA, jurisdiction: { ...DATA.jurisdiction, localDays } }, 7);
    const context = { now: at('2023-06-07T10:00'), calendar: structure.calendar, structure };
    const recompute = () => problemAggregate.recompute?.(run.state, context);
    expect(recompute()).toEqual([]);
    run.give('kgx-head', '2023-06-05T10:00', TO_COUNTY);
    run.give('kgx-head', '2023-06-06T10:00', TO_PREFECTURE);
    const limit = { ...run.limit('approval:2'), dueAt: at('2023-06-12T10:00') };
    expect(recompute()).toEqual([{ type: 'ClockRecomputed', at: context.now, limits: [limit] }]);
    expect(problemAggregate.recompute?.({ status: 'none' }, context)).toEqual([]);
  });
});

describe('the light', () => {
  it('turns yellow before the limit, red at it, green when it is solved and blue when it is struck off', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    const lights = [problemLight(run.problem)];
    const after = (step: () => unknown) => {
      step();
      lights.push(problemLight(run.problem));
    };
    after(() => run.until('2023-06-28T00:00'));
    after(() => run.until('2023-07-02T00:00'));
    after(() => run.give('kgx-head', '2023-07-03T10:00', SOLVE));
    after(() => run.until('2023-08-03T00:00'));
    after(() => run.give('jj-director', '2023-08-03T10:00', UNSATISFIED));
    run.give('kgx-head', '2023-08-04T10:00', SOLVE);
    after(() => run.give('jj-director', '2023-08-04T11:00', SATISFIED));
    expect(lights).toEqual(['green', 'yellow', 'red', 'green', 'red', 'green', 'blue']);
  });
});

it('is answered for by the register’s group, and owed by the unit that solves it', () => {
  expect(answerableForProblem({ group: 'force', unit: 'fgj' })).toEqual({ group: 'force', leadUnits: ['fgj'] });
});
