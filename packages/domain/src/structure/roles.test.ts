import { describe, expect, it } from 'vitest';
import { actor, at, DEFINITION, STRUCTURE, vacant } from '../../test-support/fixtures.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import { TASK_RIGHTS } from '../task/rights.ts';
import { taskRoles } from '../task/roles.ts';
import { mayReadMailbox, rolesFor, seatsOf } from './roles.ts';

const now = at('2023-09-01T00:00');
const seats = (person: string) => seatsOf(STRUCTURE, actor(person), now);

describe('roles', () => {
  it.each([
    ['kgx-head', ['lead_unit']],
    ['fgj-head', ['responsible_unit']],
    ['jj-director', ['office']],
    ['jj-deputy', ['office']],
    ['jj-head', []],
    ['mayor', ['leader']],
    ['second-deputy', ['leader']],
    ['top-director', []],
    ['inspector', ['supervision']],
    ['clerk', ['admin']],
    ['nobody', []],
  ])('%s is %j', (person, roles) => {
    expect([...rolesFor(seats(person), DEFINITION)]).toEqual(roles);
  });

  it('makes a leader of whoever the list names, and an administrator of the bootstrap actor', () => {
    expect([...rolesFor(seats('top-director'), { ...DEFINITION, leaders: ['top-director'] })]).toEqual(['leader']);
    expect([...rolesFor(seatsOf(STRUCTURE, actor('nobody', true), now), DEFINITION)]).toEqual(['admin']);
  });

  it('lets whoever an escalation climbed to see and acknowledge, but never the lead unit', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.structure = vacant('jj-director', 'jj-deputy');
    run.until('2023-09-01T00:00');
    expect([...taskRoles(seats('jj-head'), run.task)]).toEqual(['recipient']);
    expect([...taskRoles(seats('top-director'), run.task)]).toEqual([]);
    expect([...taskRoles(seats('kgx-head'), run.task)]).toEqual(['lead_unit']);
    expect(TASK_RIGHTS.AcknowledgeEscalation).not.toContain('lead_unit');
  });

  it.each([
    ['Verify', ['office']],
    ['Return', ['office']],
    ['DecideExtension', ['office']],
    ['SubmitCompletion', ['lead_unit']],
    ['ListForSupervision', ['supervision']],
    ['Instruct', ['leader']],
  ] as const)('%s belongs to %j', (command, roles) => {
    expect(TASK_RIGHTS[command]).toEqual(roles);
  });
});

describe('mailboxes', () => {
  it.each([
    ['post:jj-director', ['jj-director', 'jj-deputy', 'inspector']],
    ['post:jj-head', ['jj-head', 'inspector']],
    ['post:mayor', ['mayor', 'inspector']],
    ['unit:kgx', ['kgx-head', 'inspector']],
    ['unit:jj', ['jj-director', 'jj-deputy', 'jj-head', 'inspector']],
    ['jurisdiction:433100', ['inspector']],
    ['administrators', ['inspector', 'clerk']],
  ])('%s is read by %j', (mailbox, readers) => {
    const people = ['kgx-head', 'fgj-head', 'jj-director', 'jj-deputy', 'jj-head', 'mayor', 'inspector', 'clerk'];
    expect(people.filter((person) => mayReadMailbox(STRUCTURE, seats(person), mailbox))).toEqual(readers);
  });
});
