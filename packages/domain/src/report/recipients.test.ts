import { describe, expect, it } from 'vitest';
import { actor, at, DATA, PLAN, vacant, WITH_PLAN } from '../../test-support/fixtures.ts';
import { seatsOf } from '../structure/roles.ts';
import type { Structure } from '../structure/structure.ts';
import { reportRecipients } from './recipients.ts';
import { reportRoles } from './report.ts';

const NOW = at('2023-09-28T08:30');
const mailboxes = (counterparties: readonly string[], group = 'force', structure: Structure = WITH_PLAN) =>
  reportRecipients(structure, NOW, { plan: PLAN, group, counterparties, leadUnits: ['kgx', 'fgj', 'kgx'] }).map(
    ({ mailbox }) => mailbox,
  );
const GROUP = ['post:jj-director', 'post:mayor', 'post:first-deputy', 'post:second-deputy', 'unit:kgx', 'unit:fgj'];

describe('a report goes to', () => {
  it('whom its document names, and the office in whose name it goes out', () => {
    expect(mailboxes(['县zhen'])).toEqual(['unit:zhen', 'post:jj-director']);
    expect(mailboxes(['总指挥中心', '县xwbxwb-head'])).toEqual([
      'post:top-director',
      'post:xwb-head',
      'post:jj-director',
    ]);
  });

  it('the offices and leaders of its groups and the lead units, where it names nobody or no one body', () => {
    expect(mailboxes([])).toEqual(GROUP);
    expect(mailboxes(['乡镇', '部门'])).toEqual(GROUP);
    expect(mailboxes([], 'top')).toEqual(['post:top-director', ...GROUP]);
  });

  it('the unit of a seat that is vacant', () => {
    expect(mailboxes([], 'force', vacant('first-deputy', 'jj-director'))).toEqual([
      ...['post:jj-deputy', 'post:mayor', 'unit:gov', 'post:second-deputy', 'unit:kgx', 'unit:fgj'],
    ]);
  });
});

describe('a report is read by', () => {
  const roles = (person: string) => [
    ...reportRoles(seatsOf(WITH_PLAN, actor(person), NOW), {
      groups: ['force'],
      mailboxes: ['unit:kgx', 'post:mayor'],
    }),
  ];
  it.each([
    ['inspector', ['supervision']],
    ['clerk', ['admin']],
    ['jj-deputy', ['office']],
    ['first-deputy', ['leader']],
    ['mayor', ['leader', 'recipient']],
    ['kgx-head', ['recipient']],
    ['fgj-head', []],
    ['top-director', []],
  ])('%s as %j', (person, expected) => {
    expect(DATA.posts.some(({ code }) => code === person)).toBe(true);
    expect(roles(person)).toEqual(expected);
  });
});
