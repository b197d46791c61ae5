import { expect, it } from 'vitest';
import { actor, at, STRUCTURE } from '../../test-support/fixtures.ts';
import { seatsOf } from '../structure/roles.ts';
import { incidentRoles, maySignal } from './rights.ts';

const seats = (person: string) => seatsOf(STRUCTURE, actor(person), at('2023-03-10T10:00'));
const roles = (person: string, addressed: readonly string[] = []) => [
  ...incidentRoles(seats(person), STRUCTURE, { unit: 'kgx', addressed }),
];

it.each([
  ['kgx-head', ['lead_unit'], false],
  ['fgj-head', [], false],
  ['xwb-head', ['office'], true],
  ['zfb-head', ['office'], true],
  ['second-deputy', ['leader'], false],
  ['secretary', ['leader'], false],
  ['inspector', ['supervision'], true],
  ['clerk', ['admin'], true],
  ['officer', [], true],
])('%s is %j to an incident of a unit, and may signal: %s', (person, expected, signals) => {
  expect(roles(person)).toEqual(expected);
  expect(maySignal(seats(person), STRUCTURE)).toBe(signals);
});

it('whom an escalation is addressed to may act on it, but not the unit it is about', () => {
  expect(roles('fgj-head', ['unit:fgj'])).toEqual(['recipient']);
  expect(roles('first-deputy', ['post:first-deputy'])).toEqual(['recipient']);
  expect(roles('kgx-head', ['unit:kgx'])).toEqual(['lead_unit']);
});
