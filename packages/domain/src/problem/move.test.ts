import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, at, DATA, vacant } from '../../test-support/fixtures.ts';
import { Structure } from '../structure/structure.ts';
import type { ProblemMoved } from './events.ts';
import { problemAggregate } from './index.ts';
import {
  blank,
  code,
  decision,
  ProblemRun,
  remind,
  SOLVE,
  TO_COUNTY,
  TO_PREFECTURE,
  types,
} from './tests/problem-run.ts';

function withCounty(): ProblemRun {
  const run = ProblemRun.registered('2023-06-01T10:00');
  run.give('kgx-head', '2023-06-05T10:00', TO_COUNTY);
  return run;
}
function requested(): ProblemRun {
  const run = withCounty();
  run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE);
  return run;
}
function office(director: string | null, deputyDirector: string | null): Structure {
  const groups = DATA.groups.map((group) =>
    group.code === 'force' ? { ...group, office: { hostUnit: 'jj', director, deputyDirector } } : group,
  );
  return new Structure({ ...DATA, groups }, 3);
}

const TO_PREFECTURE_MOVED: ProblemMoved = {
  type: 'ProblemMoved',
  at: at('2023-06-09T11:00'),
  by: 'p-jj-deputy',
  number: 2,
  from: 'county',
  to: 'prefecture',
  reason: null,
  limit: {
    ...{ id: 'solution:3', kind: 'solution', dueAt: at('2023-07-10T00:00'), startedAt: at('2023-06-09T11:00') },
    ...blank,
    reminders: [remind(3, '2023-07-05'), remind(1, '2023-07-07')],
  },
};

describe('to the county', () => {
  it('it moves at once, with the same term anew', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    const now = at('2023-06-05T10:00');
    specify(problemAggregate, run.events)
      .when(TO_COUNTY, as('kgx-head', now))
      .yields({
        ...{ type: 'ProblemMoved', at: now, by: 'p-kgx-head', number: 1, from: 'own', to: 'county' },
        reason: '超出本单位职权',
        limit: {
          ...{ id: 'solution:2', kind: 'solution', dueAt: at('2023-07-06T00:00'), startedAt: now },
          ...blank,
          reminders: [remind(3, '2023-07-01'), remind(1, '2023-07-05')],
        },
      });
    run.give('kgx-head', '2023-06-05T10:00', TO_COUNTY);
    expect(run.problem).toMatchObject({
      level: 'county',
      moves: [{ number: 1, to: 'county', status: 'approved', decisions: [] }],
    });
    expect(run.limit('solution:1').status).toBe('void');
    expect(run.give('kgx-head', '2023-06-05T10:01', TO_COUNTY), 'the same again').toEqual([]);
  });

  it('it leaves what was missed below settled', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    run.until('2023-07-02T00:00');
    expect(run.problem.escalations).toMatchObject([{ limitId: 'solution:1', status: 'open' }]);
    run.give('kgx-head', '2023-07-03T10:00', TO_COUNTY);
    expect(run.problem.escalations).toMatchObject([{ status: 'resolved' }]);
    expect(run.nextWakeAt).toBe(at('2023-08-01T00:00'));
  });

  it('it does not come back from the prefecture', () => {
    const run = ProblemRun.withPrefecture();
    expect(() => run.give('kgx-head', '2023-06-10T10:00', TO_COUNTY)).toThrow(code('wrong_status'));
  });
});

describe('to the prefecture', () => {
  it('no level is skipped', () => {
    const run = ProblemRun.registered('2023-06-01T10:00');
    expect(() => run.give('kgx-head', '2023-06-05T10:00', TO_PREFECTURE)).toThrow(
      expect.objectContaining({
        ...{ code: 'wrong_status', pointer: '/to' },
        message: expect.stringContaining('move the problem to the county first'),
        messageZh: expect.stringContaining('请先提交县工作专班'),
      }),
    );
  });

  it('it is asked for, and both have three working days; its own limit runs on', () => {
    const run = withCounty();
    // The day before the Dragon Boat Festival: its make-up Sunday the 25th, the 26th and the 27th count.
    const now = at('2023-06-21T10:00');
    specify(problemAggregate, run.events)
      .when(TO_PREFECTURE, as('kgx-head', now))
      .yields({
        ...{ type: 'MoveRequested', at: now, by: 'p-kgx-head', number: 2, to: 'prefecture', reason: '须州级协调' },
        limit: {
          ...{ id: 'approval:2', kind: 'approval', dueAt: at('2023-06-27T10:00'), startedAt: now, reminders: [] },
          ...blank,
          counted: { from: now, delay: { unit: 'working_days', amount: 3 } },
        },
      });
    run.give('kgx-head', '2023-06-21T10:00', TO_PREFECTURE);
    expect(run.problem).toMatchObject({ level: 'county', moves: [{}, { number: 2, status: 'pending' }] });
    expect(run.limit('solution:2').status).toBe('running');
    expect(run.give('kgx-head', '2023-06-21T10:01', TO_PREFECTURE), 'the same again').toEqual([]);
  });

  it('it moves with the second approval, whichever comes first', () => {
    const run = requested();
    const [now, then] = [at('2023-06-09T10:00'), at('2023-06-09T11:00')];
    const spec = specify(problemAggregate, run.events);
    const decided = { type: 'MoveDecided', number: 2, approved: true, note: null } as const;
    const byDirector = { ...decided, at: now, by: 'p-jj-director', post: 'jj-director' };
    const byDeputy = { ...decided, at: then, by: 'p-jj-deputy', post: 'jj-deputy' };
    spec.when(decision(), as('jj-director', now)).yields(byDirector);
    spec.when(decision(), as('jj-deputy', then)).yields(byDeputy);
    specify(problemAggregate, [...run.events, byDirector])
      .when(decision(), as('jj-deputy', then))
      .yields(byDeputy, TO_PREFECTURE_MOVED);
    specify(problemAggregate, [...run.events, byDeputy])
      .when(decision(), as('jj-director', then))
      .yields({ ...byDirector, at: then }, { ...TO_PREFECTURE_MOVED, by: 'p-jj-director' });
  });

  it('one approval alone moves nothing, however often it is given', () => {
    const run = requested();
    run.give('jj-director', '2023-06-09T10:00', decision());
    expect(run.give('jj-director', '2023-06-09T10:01', decision())).toEqual([]);
    expect(run.give('jj-director', '2023-06-09T10:02', decision({ post: 'jj-director' }))).toEqual([]);
    expect(run.problem).toMatchObject({ level: 'county', moves: [{}, { status: 'pending' }] });
    expect(run.limit('approval:2').status).toBe('running');
    expect(() => run.give('jj-director', '2023-06-09T10:03', decision({ approved: false }))).toThrow(
      code('already_decided'),
    );
  });

  it('the move ends both limits, and what is said again changes nothing', () => {
    const run = ProblemRun.withPrefecture();
    expect(run.problem.limits.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'solution:1 void',
      'solution:2 void',
      'approval:2 met',
      'solution:3 running',
    ]);
    expect(run.problem).toMatchObject({
      level: 'prefecture',
      moves: [
        { number: 1 },
        { status: 'approved', decisions: [{ post: 'jj-director' }, { post: 'jj-deputy', approved: true }] },
      ],
    });
    expect(run.give('jj-deputy', '2023-06-10T10:00', decision())).toEqual([]);
    expect(() => run.give('jj-deputy', '2023-06-10T10:00', decision({ approved: false }))).toThrow(
      code('already_decided'),
    );
  });

  it('one refusal refuses it; it may be asked for again', () => {
    const run = requested();
    run.give('jj-deputy', '2023-06-09T10:00', decision());
    expect(run.give('jj-director', '2023-06-09T11:00', decision({ approved: false, note: '可自行解决' }))).toEqual([
      {
        ...{ type: 'MoveDecided', at: at('2023-06-09T11:00'), by: 'p-jj-director', number: 2, post: 'jj-director' },
        ...{ approved: false, note: '可自行解决' },
      },
    ]);
    expect(run.problem).toMatchObject({ level: 'county', moves: [{}, { status: 'refused' }] });
    expect(run.limit('approval:2').status).toBe('met');
    expect(run.give('jj-director', '2023-06-09T11:01', decision({ approved: false }))).toEqual([]);
    expect(() => run.give('jj-director', '2023-06-09T11:02', decision())).toThrow(code('already_decided'));
    expect(types(run.give('kgx-head', '2023-06-10T10:00', TO_PREFECTURE))).toEqual(['MoveRequested']);
    expect(run.problem.moves.at(-1)).toMatchObject({ number: 3, status: 'pending' });
  });

  it('there is nothing left to decide once it is solved', () => {
    const run = requested();
    run.give('jj-director', '2023-06-09T10:00', decision());
    run.give('kgx-head', '2023-06-09T11:00', SOLVE);
    expect(run.give('jj-director', '2023-06-09T12:00', decision())).toEqual([]);
    expect(() => run.give('jj-deputy', '2023-06-09T12:00', decision())).toThrow(code('wrong_status'));
  });
});

describe('whoever decides', () => {
  it('holds one of the two posts now', () => {
    const run = requested();
    for (const person of ['jj-head', 'mayor', 'inspector', 'kgx-head']) {
      expect(() => run.give(person, '2023-06-09T10:00', decision())).toThrow(code('not_allowed'));
    }
    const another = decision({ post: 'jj-deputy' });
    expect(() => run.give('jj-director', '2023-06-09T10:00', another)).toThrow(code('not_allowed'));
    expect(() => run.give('jj-director', '2023-06-09T10:00', decision({ post: 'mayor' }))).toThrow(code('not_allowed'));
    for (const number of [1, 3]) {
      expect(() => run.give('jj-director', '2023-06-09T10:00', decision({ number }))).toThrow(code('not_found'));
    }
  });

  describe('by both posts', () => {
    const appointments = DATA.appointments.map((one) =>
      one.post === 'jj-deputy' ? { ...one, person: 'p-jj-director' } : one,
    );
    const both = () => {
      const run = requested();
      run.structure = new Structure({ ...DATA, appointments }, 4);
      return run;
    };

    it('approves for every one of them that has not decided', () => {
      const run = both();
      const events = run.give('jj-director', '2023-06-09T10:00', decision());
      expect(events).toMatchObject([{ post: 'jj-director' }, { post: 'jj-deputy' }, { type: 'ProblemMoved' }]);
      expect(run.problem.level).toBe('prefecture');
    });

    it('approves by the one that is named', () => {
      const run = both();
      const named = decision({ post: 'jj-deputy' });
      expect(run.give('jj-director', '2023-06-09T10:00', named)).toMatchObject([{ post: 'jj-deputy' }]);
      expect(run.give('jj-director', '2023-06-09T10:01', named)).toEqual([]);
      expect(run.problem.level).toBe('county');
      const rest = run.give('jj-director', '2023-06-09T10:02', decision());
      expect(rest).toMatchObject([{ post: 'jj-director' }, { type: 'ProblemMoved' }]);
    });

    it('refuses once', () => {
      const run = both();
      const refusal = run.give('jj-director', '2023-06-09T10:00', decision({ approved: false }));
      expect(refusal).toMatchObject([{ post: 'jj-director', approved: false }]);
      expect(run.give('jj-director', '2023-06-09T10:01', decision({ approved: false }))).toEqual([]);
    });
  });

  it.each([
    ['director', 'jj-director', null],
    ['deputy director', null, 'jj-director'],
    ['one person in a seat named twice', 'jj-director', 'jj-director'],
  ])('is the %s alone where no other seat is set', (_, director, deputy) => {
    const run = withCounty();
    run.structure = office(director, deputy);
    run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE);
    const events = run.give('jj-director', '2023-06-09T10:00', decision());
    expect(types(events)).toEqual(['MoveDecided', 'ProblemMoved']);
  });

  it('must exist: with no director set nothing can be asked for', () => {
    const run = withCounty();
    const headless = DATA.groups.map((group) => ({ ...group, office: null, leader: null, firstDeputy: null }));
    run.structure = new Structure({ ...DATA, groups: headless }, 4);
    expect(() => run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE)).toThrow(code('not_allowed'));
    const groups = DATA.groups.filter((group) => group.code !== 'force');
    run.structure = new Structure({ ...DATA, groups }, 5);
    expect(() => run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE)).toThrow(code('not_allowed'));
  });

  it('is the task force’s own director and executive deputy where its office has none', () => {
    const run = withCounty();
    run.structure = office(null, null);
    run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE);
    expect(() => run.give('jj-director', '2023-06-09T10:00', decision())).toThrow(code('not_allowed'));
    expect(types(run.give('first-deputy', '2023-06-09T10:00', decision()))).toEqual(['MoveDecided']);
    expect(types(run.give('mayor', '2023-06-09T11:00', decision()))).toEqual(['MoveDecided', 'ProblemMoved']);
  });

  it('is waited for while the seat is vacant, for a successor decides', () => {
    const run = withCounty();
    run.structure = vacant('jj-deputy');
    run.give('kgx-head', '2023-06-08T10:00', TO_PREFECTURE);
    expect(types(run.give('jj-director', '2023-06-09T10:00', decision()))).toEqual(['MoveDecided']);
    const appointments = DATA.appointments.map((one) =>
      one.post === 'jj-deputy' ? { ...one, person: 'p-clerk' } : one,
    );
    run.structure = new Structure({ ...DATA, appointments }, 6);
    expect(types(run.give('clerk', '2023-06-12T10:00', decision()))).toEqual(['MoveDecided', 'ProblemMoved']);
  });

  it('is not waited for once the seat is taken away: the other says it again', () => {
    const run = requested();
    run.give('jj-director', '2023-06-09T10:00', decision());
    run.structure = office('jj-director', null);
    expect(types(run.give('jj-director', '2023-06-12T10:00', decision()))).toEqual(['ProblemMoved']);
    expect(run.problem).toMatchObject({ level: 'prefecture', moves: [{}, { status: 'approved' }] });
  });
});
