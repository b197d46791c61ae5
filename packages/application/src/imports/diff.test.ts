import { describe, expect, it } from 'vitest';
import { mergeKind, sameData } from './diff.ts';
import { NameIndex, nearestNames } from './names.ts';
import type { ImportProblem } from './types.ts';

const before = [
  { code: 'a', name: '甲' },
  { code: 'b', name: '乙' },
];
const code = (record: { readonly code: string }) => record.code;

describe('laying records over those there are', () => {
  const imported = [
    { code: 'c', name: '丙' },
    { name: '甲', code: 'a' },
    { code: 'b', name: '乙二' },
  ];

  it.each([
    ['merge', imported, { added: ['c'], changed: ['b'], removed: [], unchanged: 1 }, ['a', 'b', 'c']],
    ['replace', imported, { added: ['c'], changed: ['b'], removed: [], unchanged: 1 }, ['a', 'b', 'c']],
    ['merge', [imported[1]!], { added: [], changed: [], removed: [], unchanged: 1 }, ['a', 'b']],
    ['replace', [imported[1]!], { added: [], changed: [], removed: ['b'], unchanged: 1 }, ['a']],
    ['replace', [], { added: [], changed: [], removed: ['a', 'b'], unchanged: 0 }, []],
    ['replace', null, { added: [], changed: [], removed: [], unchanged: 0 }, ['a', 'b']],
  ] as const)('%s of %j', (mode, records, difference, left) => {
    const merged = mergeKind('units', before, records, code, mode);
    expect(merged.difference).toEqual(difference);
    expect(merged.records.map(code)).toEqual(left);
  });

  it('keeps what was and what is with each change', () => {
    const { changes } = mergeKind('units', before, [{ code: 'b', name: '乙二' }], code, 'replace');
    expect(changes).toEqual([
      { kind: 'units', key: 'b', change: 'changed', before: before[1], after: { code: 'b', name: '乙二' } },
      { kind: 'units', key: 'a', change: 'removed', before: before[0], after: null },
    ]);
  });

  it('compares data, not the order of fields; the order of lists counts', () => {
    expect(sameData({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
    expect(sameData(['a', 'b'], ['b', 'a'])).toBe(false);
  });
});

describe('names', () => {
  const index = new NameIndex('unit', '单位', [
    { code: 'kgx', names: ['县科工信局', '县科技工信局'] },
    { code: 'fgj', names: ['县发改局', '发改'] },
    { code: 'fgj2', names: ['县发改委', '发改'] },
  ]);

  it.each([
    ['kgx', 'kgx', null],
    ['县科技工信局', 'kgx', null],
    ['县工信局', '县工信局', 'unknown_reference'],
    ['发改', '发改', 'ambiguous_reference'],
  ])('%s is %s', (name, resolved, problem) => {
    const problems: ImportProblem[] = [];
    expect(index.resolve(name, '/tasks/0/leadUnits/0', problems)).toBe(resolved);
    expect(problems.map(({ code: found, pointer }) => [found, pointer])).toEqual(
      problem === null ? [] : [[problem, '/tasks/0/leadUnits/0']],
    );
  });

  it('suggests the nearest first, three at the most, and nothing far-fetched', () => {
    expect(nearestNames('县科信局', ['县发改局', '县科工信局', '县科技工信局', '县水利局'])[0]).toBe('县科工信局');
    expect(nearestNames('a', ['a1', 'a2', 'a3', 'a4'])).toHaveLength(3);
    expect(nearestNames('县公安局', ['泸溪县人民法院执行庭'])).toEqual([]);
  });
});
