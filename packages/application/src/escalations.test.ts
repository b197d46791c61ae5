import type { Calendar } from '@duban/calendar';
import type { ExistingDuty, ExistingIncident, ExistingProblem, ExistingTask, Seats, Structure } from '@duban/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escalationLists } from './escalations.ts';
import type { Head, Projection } from './ports.ts';
import { dutyProjection } from './views/duty.ts';
import { incidentProjection } from './views/incident.ts';
import { problemProjection } from './views/problem.ts';
import type { ItemRow } from './views/rows.ts';
import { mayReadRow } from './views/seen.ts';
import { type TaskSummary, taskProjection } from './views/task.ts';

const UNITS = ['u1', 'u2', 'u3', 'u4'];
/** With others: more than have a list of their own. */
const MANY_UNITS = [...UNITS, ...Array.from({ length: 12 }, (_, index) => `other${index}`)];
const POSTS = ['p1', 'p2', 'p3', 'p4'];
const GROUPS = ['g1', 'g2'];
const HEAD = { ref: { jurisdiction: '433122' }, version: 1 } as Head;
const NO_FILTER = { office: null, unit: null, state: null };

const unit = fc.constantFrom(...UNITS);
const post = fc.constantFrom(...POSTS);
const group = fc.constantFrom(...GROUPS);
const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 2 });
const concerned = fc.oneof({ weight: 3, arbitrary: some(UNITS) }, { weight: 1, arbitrary: fc.constant(MANY_UNITS) });
const mailbox = fc.oneof(
  unit.map((code) => `unit:${code}`),
  post.map((code) => `post:${code}`),
  fc.constantFrom('administrators', 'jurisdiction:433100'),
);
const clocked = {
  limits: fc.constant([]),
  escalations: fc.array(fc.record({ at: fc.nat(), mailboxes: fc.uniqueArray(mailbox, { maxLength: 2 }) }), {
    ...{ minLength: 1, maxLength: 2 },
  }),
};

const structure: Structure = {
  data: { groups: GROUPS.map((code) => ({ code })) },
  jurisdiction: {
    ...{ supervisionUnits: [], incidentSupervision: ['u1'], incidentOffices: ['u2'], mainLeaders: ['p1'] },
  },
  unit: (code: string) => ({ code, leaderInCharge: `p${code.slice(1)}` }),
} as unknown as Structure;

const NOBODY: Seats = {
  ...{ posts: new Set(), units: new Set(), offices: new Set(), leads: new Set(), supervision: false, admin: false },
  actor: { person: 'x', bootstrapAdmin: false },
};

const seats: fc.Arbitrary<Seats> = fc
  .record({ posts: some(POSTS), units: some(UNITS), offices: some(GROUPS), leads: some(GROUPS) })
  .chain(({ posts, units, offices, leads }) =>
    fc.record({
      ...{ posts: fc.constant(new Set(posts)), units: fc.constant(new Set(units)) },
      ...{ offices: fc.constant(new Set(offices)), leads: fc.constant(new Set(leads)) },
      ...{ supervision: fc.boolean(), admin: fc.boolean(), actor: fc.constant({ person: 'x', bootstrapAdmin: false }) },
    }),
  );

/** An item as far as rights and lists look at it. */
const projections: Readonly<Record<string, fc.Arbitrary<Projection>>> = {
  task: fc
    .record({ ...clocked, group, leadUnits: concerned, responsibleUnits: concerned, leaders: some(POSTS) })
    .map((task) => taskProjection(HEAD, { ...task, id: 'task_1', held: null } as unknown as ExistingTask, null)),
  incident: fc
    .record({ ...clocked, unit })
    .map((incident) =>
      incidentProjection(HEAD, { ...incident, id: 'incident_1', kind: {} } as unknown as ExistingIncident),
    ),
  duty: fc
    .record({ ...clocked, group: fc.option(group), requester: unit, ownerUnit: unit, owner: post })
    .map(({ group: of, requester, owner, ...duty }) => {
      const terms = { group: of, requester, indicator: null, basis: {} };
      const whole = { ...duty, id: 'duty_1', terms, owner: `post:${owner}`, periods: [], current: null };
      return dutyProjection(HEAD, whole as unknown as ExistingDuty, {} as Calendar);
    }),
  problem: fc
    .record({ ...clocked, group, unit, foundBy: unit })
    .map((problem) =>
      problemProjection(HEAD, { ...problem, id: 'problem_1', basis: {} } as unknown as ExistingProblem),
    ),
};

function escalationsIn({ entries }: Projection): Projection['entries'] {
  return entries.filter(({ partition }) => partition.startsWith('escalations/'));
}

describe('lists of escalations', () => {
  it.each(Object.entries(projections))('that somebody is given hold every %s they may read', (_kind, projection) => {
    let readable = 0;
    fc.assert(
      fc.property(projection, seats, (projected, who) => {
        if (!mayReadRow(structure, who, projected.body as ItemRow)) return;
        readable += 1;
        const lists = escalationLists(structure, who, NO_FILTER);
        const found = projected.entries.filter(({ partition }) => lists.includes(partition));
        const escalations = escalationsIn(projected);
        expect(new Set(found.map(({ sort }) => sort))).toEqual(new Set(escalations.map(({ sort }) => sort)));
        expect(escalations.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
    expect(readable).toBeGreaterThan(500);
  });

  it('of a unit hold every task it leads', () => {
    fc.assert(
      fc.property(projections.task as fc.Arbitrary<Projection>, unit, (projected, lead) => {
        fc.pre((projected.body as ItemRow).leadUnits.includes(lead));
        const escalations = escalationsIn(projected);
        const lists = escalationLists(structure, NOBODY, { ...NO_FILTER, unit: lead });
        const found = escalations.filter(({ partition }) => lists.includes(partition)).map(({ sort }) => sort);
        expect(new Set(found)).toEqual(new Set(escalations.map(({ sort }) => sort)));
      }),
    );
  });

  it('are the shared one and the office’s, where they would be many', () => {
    fc.assert(
      fc.property(projections.task as fc.Arbitrary<Projection>, (projected) => {
        const lists = new Set(escalationsIn(projected).map(({ partition }) => partition));
        const { leadUnits, responsibleUnits } = projected.body as TaskSummary;
        const isShared = leadUnits.length + responsibleUnits.length >= MANY_UNITS.length;
        expect(lists.has('escalations/shared')).toBe(isShared);
        if (isShared) expect(lists.size).toBe(2);
      }),
    );
  });

  it('of a clerk are few: not those of every office', () => {
    const clerk = { ...NOBODY, posts: new Set(['p4']), units: new Set(['u4']) };
    const lists = escalationLists(structure, clerk, NO_FILTER);
    expect(lists).toEqual(['escalations/shared', 'escalations/unit/u4', 'escalations/mailbox/post:p4']);
  });
});
