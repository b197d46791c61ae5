import { describe, expect, it } from 'vitest';
import { actor, at, STRUCTURE } from '../../test-support/fixtures.ts';
import { seatsOf } from '../structure/roles.ts';
import { PROBLEM_RIGHTS, problemRoles } from './rights.ts';
import { ProblemRun } from './tests/problem-run.ts';

const NOW = at('2023-09-01T10:00');
const run = ProblemRun.withPrefecture({ foundBy: 'fgj', unit: 'kgx' });
const before = run.problem;
run.until('2023-08-31T00:00');

const rolesOf = (person: string, problem = run.problem) => {
  const addressed = problem.escalations.flatMap(({ mailboxes }) => mailboxes);
  return [...problemRoles(seatsOf(STRUCTURE, actor(person), NOW), { ...problem, addressed })];
};
const may = (person: string) =>
  Object.entries(PROBLEM_RIGHTS)
    .filter(([, roles]) => roles.some((role) => rolesOf(person, before).includes(role)))
    .map(([command]) => command);

describe('whoever', () => {
  it.each([
    ['kgx-head', ['lead_unit']],
    ['fgj-head', ['responsible_unit']],
    ['jj-director', ['office']],
    ['jj-deputy', ['office']],
    ['mayor', ['leader']],
    ['inspector', ['supervision']],
    ['clerk', ['admin']],
    ['zhen-head', []],
  ])('%s is to a problem', (person, roles) => {
    expect(rolesOf(person, before)).toEqual(roles);
  });

  it('an escalation was addressed to is its recipient, the unit it is about never', () => {
    expect(rolesOf('first-deputy')).toEqual(['leader', 'recipient']);
    const toItself = { group: 'force', unit: 'kgx', foundBy: 'fgj', addressed: ['unit:kgx', 'unit:fgj'] };
    const seats = (person: string) => seatsOf(STRUCTURE, actor(person), NOW);
    expect([...problemRoles(seats('kgx-head'), toItself)]).toEqual(['lead_unit']);
    expect([...problemRoles(seats('fgj-head'), toItself)]).toEqual(['responsible_unit', 'recipient']);
  });

  it.each([
    ['kgx-head', ['Register', 'Solve', 'RequestMove']],
    ['fgj-head', ['CallBack']],
    ['jj-deputy', ['Register', 'DecideMove', 'CallBack', 'AcknowledgeEscalation', 'ResolveEscalation']],
    ['mayor', ['DecideMove', 'AcknowledgeEscalation', 'ResolveEscalation']],
    ['inspector', ['Register', 'AcknowledgeEscalation', 'ResolveEscalation']],
    ['clerk', ['Register']],
    ['zhen-head', []],
  ])('%s may give commands accordingly', (person, commands) => {
    expect(may(person)).toEqual(commands);
  });
});
