import { parseInstant } from '@duban/calendar';
import { DEFAULT_TASK_POLICY, emptyStructure, Structure } from '@duban/domain';
import { describe, expect, it } from 'vitest';
import { planStructure } from './structure-bundle.ts';
import { checkWhole } from './structure-checks.ts';
import type { ImportBundle, ImportedGroup, ImportProblem } from './types.ts';

const group = (code: string, parent: string | null): ImportedGroup => ({
  ...{ code, name: code, kind: 'task_force', documentNumber: '泸政办发〔2023〕5号', parent },
  ...{ office: null, leader: null, firstDeputy: null, deputies: [], members: [] },
});
const BUNDLE: ImportBundle = {
  jurisdiction: '433122',
  mode: 'merge',
  units: [{ code: 'kgx', name: '县科工信局', aliases: ['县工信局'], kind: 'bureau', parent: null }],
  posts: [{ code: 'kgx-head', unit: '县工信局', title: '局长', head: true }],
  people: [{ code: 'zhang', name: '张三' }],
  appointments: [{ post: '县科工信局局长', person: '张三', from: '2023-01-01', to: '2023-06-30' }],
  documents: [{ number: '泸政办发〔2023〕5号', title: '发展六仗', issuer: null, issuedOn: null }],
  groups: [{ ...group('force', null), leader: '县工信局局长' }],
  plans: [
    { code: 'p', documentNumber: '泸政办发〔2023〕5号', list: 'l', title: '', group: 'force', policy: 'default-task' },
  ],
};

function plan(bundle: Partial<ImportBundle> = {}, current = emptyStructure('433122')) {
  const problems: ImportProblem[] = [];
  const planned = planStructure(current, { ...BUNDLE, ...bundle }, problems);
  checkWhole(planned.data, problems);
  return { ...planned, problems };
}
const applied = () => new Structure(plan().data, 1);
const found = (bundle: Partial<ImportBundle>) => plan(bundle).problems.map(({ code, pointer }) => `${code} ${pointer}`);

describe('a structure bundle', () => {
  it('resolves any printed name to a code; a last day held ends at its 24:00', () => {
    const { data, problems } = plan();
    expect(problems).toEqual([]);
    expect(data.posts[0]?.unit).toBe('kgx');
    expect(data.groups[0]?.leader).toBe('kgx-head');
    expect(data.appointments).toEqual([
      {
        post: 'kgx-head',
        person: 'zhang',
        from: parseInstant('2023-01-01T00:00:00+08:00'),
        to: parseInstant('2023-07-01T00:00:00+08:00'),
      },
    ]);
  });

  it('says nothing new the second time', () => {
    const again = plan({}, applied());
    expect(again.changes).toEqual([]);
    expect(again.difference.units).toEqual({ added: [], changed: [], removed: [], unchanged: 1 });
  });

  it('leaves absent kinds alone when replacing, and refuses what no longer stands', () => {
    const kept = plan({ mode: 'replace', units: undefined }, applied());
    expect(kept.difference.units).toMatchObject({ removed: [] });
    const { problems, difference } = plan({ mode: 'replace', people: [], appointments: undefined }, applied());
    expect(difference.people?.removed).toEqual(['zhang']);
    expect(problems).toMatchObject([{ code: 'unknown_reference', pointer: '/appointments' }]);
  });

  it('points at the unknown name and suggests the nearest', () => {
    const { problems } = plan({
      posts: [{ code: 'x', unit: '县公信局', title: '局长', head: true }],
      appointments: [],
      groups: [group('force', null)],
    });
    expect(problems[0]).toMatchObject({ code: 'unknown_reference', pointer: '/posts/0/unit' });
    expect(problems[0]?.suggestions[0]).toBe('县工信局');
  });

  const step = DEFAULT_TASK_POLICY.steps;
  it.each<[string, Partial<ImportBundle>, string]>([
    ['groups in a circle', { groups: [group('force', 'b'), group('b', 'force')] }, 'circular_parents /groups'],
    ['a group that is its own parent', { groups: [group('force', 'force')] }, 'circular_parents /groups'],
    ['a parent that is not there', { groups: [group('force', 'c')] }, 'unknown_reference /groups'],
    [
      'an alias two units share',
      {
        units: [
          ...BUNDLE.units!,
          { code: 'fgj', name: '县发改局', aliases: ['县科工信局'], kind: 'bureau', parent: null },
        ],
      },
      'duplicate_name /units',
    ],
    [
      'a ladder out of order',
      { policies: [{ ...DEFAULT_TASK_POLICY, code: 'odd', steps: [step[1]!, step[0]!] }] },
      'invalid_value /policies',
    ],
    ['a plan without its ladder', { plans: [{ ...BUNDLE.plans![0]!, policy: 'none' }] }, 'unknown_reference /plans'],
    [
      'an appointment that ends before it begins',
      { appointments: [{ ...BUNDLE.appointments![0]!, to: '2022-12-30' }] },
      'invalid_value /appointments/0/to',
    ],
    [
      'a day that does not exist',
      { appointments: [{ ...BUNDLE.appointments![0]!, from: '2023-02-30' }] },
      'invalid_date /appointments/0/from',
    ],
  ])('finds %s', (_, bundle, problem) => {
    expect(found(bundle)).toContain(problem);
  });

  it('takes a ladder in order', () => {
    expect(found({ policies: [{ ...DEFAULT_TASK_POLICY, code: 'own' }] })).toEqual([]);
  });
});
