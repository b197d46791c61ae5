import { describe, expect, test } from 'vitest';
import { NameIndex } from './names.ts';

const sourceLines: [number, number] = [1, 1];
const units = {
  units: [
    { code: 'zhengfu', name: '县人民政府', aliases: ['县政府'], kind: 'government' as const, sourceLines },
    { code: 'gongan-ju', name: '县公安局', aliases: ['公安局'], kind: 'bureau' as const, sourceLines },
    { code: 'zhujian-ju', name: '县住建局', aliases: ['县住建局(县人防办)'], kind: 'bureau' as const, sourceLines },
    { code: 'wuxi-zhen', name: '武溪镇', aliases: [], kind: 'township' as const, sourceLines },
  ],
  collectives: [
    { name: '各乡镇', units: ['武溪镇'], sourceLines },
    { name: '相关乡镇', units: [], note: '未列明', sourceLines },
  ],
};
const posts = [
  { code: 'zhengfu.fu-1', unit: '县人民政府', title: '副县长', seat: 1, holder: '甲', sourceLines },
  { code: 'zhengfu.fu-2', unit: '县人民政府', title: '副县长', seat: 2, holder: '乙', sourceLines },
  { code: 'gongan-ju.juzhang', unit: '县公安局', title: '局长', holder: '乙', sourceLines },
];
const index = new NameIndex(units, posts);

describe('printed names', () => {
  test('find their unit whatever the brackets and spaces', () => {
    expect(index.unit('县住建局（县人防办）')).toBe('zhujian-ju');
    expect(index.unit('县 公 安 局')).toBe('gongan-ju');
  });

  test('unknown ones fail', () => {
    expect(() => index.unit('县财政局')).toThrow('no unit is named “县财政局”');
    expect(() => index.post('丙 县公安局局长')).toThrow('held by 丙');
    expect(() => index.post('县公安局政委')).toThrow('no post is “县公安局政委”');
  });

  test('a name of two units fails', () => {
    const twice = {
      ...units,
      units: [...units.units, { ...units.units[1], code: 'other' } as (typeof units.units)[1]],
    };
    expect(() => new NameIndex(twice, [])).toThrow('names both gongan-ju and other');
  });

  test('the holder tells seats of one title apart', () => {
    expect(index.post('乙 县政府副县长')).toBe('zhengfu.fu-2');
    expect(() => index.post('县政府副县长')).toThrow('may be any of zhengfu.fu-1, zhengfu.fu-2');
  });

  test('several posts printed together need one that is meant, and all must exist', () => {
    expect(index.post({ printed: '乙 县人民政府副县长、公安局局长', as: '县人民政府副县长' })).toBe('zhengfu.fu-2');
    expect(() => index.post('乙 县人民政府副县长、公安局局长')).toThrow('several posts');
    expect(() => index.post({ printed: '乙 县人民政府副县长、公安局政委', as: '县人民政府副县长' })).toThrow(
      '公安局政委',
    );
    expect(() => index.post({ printed: '乙 县人民政府副县长', as: '公安局局长' })).toThrow('is not among');
  });

  test('a phrase for several units is spelled out, or leaves its note', () => {
    expect(index.unitsOf(['县公安局', '各乡镇'])).toEqual({ units: ['gongan-ju', 'wuxi-zhen'], notes: [] });
    expect(index.unitsOf(['相关乡镇'])).toEqual({ units: [], notes: ['未列明'] });
  });
});
