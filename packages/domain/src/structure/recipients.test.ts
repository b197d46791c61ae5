import { describe, expect, it } from 'vitest';
import { at, DATA, DEFINITION, STRUCTURE, vacant } from '../../test-support/fixtures.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import { resolveTargets } from './recipients.ts';
import { Structure } from './structure.ts';

const now = at('2023-09-01T00:00');
const office = (structure: Structure) => resolveTargets(structure, now, DEFINITION, ['office']);

describe('the office', () => {
  const all = ['jj-director', 'jj-deputy', 'jj-head', 'top-director', 'clerk'];

  it.each([
    [0, 'post:jj-director', ['office addressed', 'director holder']],
    [1, 'post:jj-deputy', ['office addressed', 'director vacant', 'deputy_director holder']],
    [2, 'post:jj-head', ['office addressed', 'director vacant', 'deputy_director vacant', 'host_unit_head holder']],
    [
      3,
      'post:top-director',
      [
        'office addressed',
        'director vacant',
        'deputy_director vacant',
        'host_unit_head vacant',
        'office addressed',
        'director holder',
      ],
    ],
    [
      4,
      'post:clerk',
      [
        'office addressed',
        'director vacant',
        'deputy_director vacant',
        'host_unit_head vacant',
        'office addressed',
        'director vacant',
        'deputy_director unset',
        'host_unit_head unset',
        'administrator holder',
      ],
    ],
  ])('with the first %i seats empty is %s, and the way there is recorded', (empty, mailbox, path) => {
    const [recipient, ...others] = office(vacant(...all.slice(0, empty)));
    expect(others).toEqual([]);
    expect(recipient?.mailbox).toBe(mailbox);
    expect(recipient?.path.map(({ seat, found }) => `${seat} ${found}`)).toEqual(path);
  });

  it('is never nobody: with every seat empty the administrators’ mailbox is told', () => {
    expect(office(vacant(...all))).toMatchObject([{ mailbox: 'administrators', post: null, person: null }]);
  });

  it('comes to an end when parents go in a circle or the group is gone', () => {
    const groups = DATA.groups.map((group) => ({
      ...group,
      office: null,
      parent: group.code === 'top' ? 'force' : 'top',
    }));
    expect(office(new Structure({ ...DATA, groups }, 3))[0]?.mailbox).toBe('post:clerk');
    expect(office(new Structure({ ...DATA, groups: [] }, 3))[0]?.mailbox).toBe('post:clerk');
  });
});

describe('other targets', () => {
  it.each([
    ['lead_unit', ['unit:kgx']],
    ['deputy_leader', ['post:first-deputy']],
    ['group_leader', ['post:mayor']],
    ['supervision_office', ['unit:dcs']],
    ['parent_jurisdiction', ['jurisdiction:433100']],
  ] as const)('%s is %j', (target, mailboxes) => {
    expect(resolveTargets(STRUCTURE, now, DEFINITION, [target]).map(({ mailbox }) => mailbox)).toEqual(mailboxes);
  });

  it.each([
    ['deputy_leader', ['first-deputy'], 'post:second-deputy'],
    ['deputy_leader', ['first-deputy', 'second-deputy'], 'post:mayor'],
    ['group_leader', ['mayor'], 'post:first-deputy'],
    ['group_leader', ['mayor', 'first-deputy', 'second-deputy'], 'post:jj-head'],
  ] as const)('%s without %j is %s', (target, empty, mailbox) => {
    expect(resolveTargets(vacant(...empty), now, DEFINITION, [target])[0]?.mailbox).toBe(mailbox);
  });

  it('tells a recipient named twice once', () => {
    const item = { ...DEFINITION, leadUnits: ['dcs', 'kgx'] };
    const found = resolveTargets(STRUCTURE, now, item, ['supervision_office', 'lead_unit']);
    expect(found.map(({ mailbox }) => mailbox)).toEqual(['unit:dcs', 'unit:kgx']);
  });
});

describe('a change of appointment', () => {
  it('re-routes at its very instant, with no other edit', () => {
    const changes = at('2023-09-10T00:00');
    const appointments = [
      ...DATA.appointments.filter(({ post }) => post !== 'jj-director'),
      { post: 'jj-director', person: 'p-jj-director', from: null, to: changes },
      { post: 'jj-director', person: 'p-clerk', from: changes, to: null },
    ];
    const structure = new Structure({ ...DATA, appointments }, 2);
    const person = (when: number) => resolveTargets(structure, when, DEFINITION, ['office'])[0]?.person;
    expect(person(changes - 1)).toBe('p-jj-director');
    expect(person(changes)).toBe('p-clerk');
    expect(structure.postsOf('p-jj-director', changes)).toEqual([]);
  });

  it('burns no delay: a vacancy on the day sends the step to the deputy at the same instant', () => {
    const run = TaskRun.assigned('2023-06-01T10:00');
    run.structure = vacant('jj-director');
    const escalated = run.until('2023-09-01T00:00').at(-1);
    expect(escalated).toMatchObject({ type: 'Escalated', at: now, recipients: [{ mailbox: 'post:jj-deputy' }] });
    expect(run.task.escalations).toMatchObject([{ detoured: true }]);
  });
});
