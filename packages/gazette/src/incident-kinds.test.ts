import { describe, expect, test } from 'vitest';
import { loadCounty, readCountyFiles, toImportBundle } from './index.ts';
import { SourceText } from './source-text.ts';

const county = loadCounty('luxi');
const file = readCountyFiles('luxi').incidentKinds;
const kindsOf = (category: string) => county.incidentKinds.filter((kind) => kind.category === category);

describe('泸办通〔2023〕19号', () => {
  test.each([
    ['important_work', [1, 2, 3]],
    ['sudden_event', [...Array<number>(7).fill(1), ...Array<number>(4).fill(2), ...Array<number>(3).fill(3)]],
    ['meeting_activity', [1, 2, 3, 4]],
    ['other', [1, 2, 3, 4, 5]],
  ])('lists the matters of %s under %j', (category, items) => {
    expect(kindsOf(category).map(({ item }) => item)).toEqual(items);
  });

  test('lists every printed matter: what is left of 二 (768-805) names none', () => {
    const printed = SourceText.read('luxi-2023-02').printed([768, 805]);
    const longestFirst = county.incidentKinds.map(({ text }) => text).sort((a, b) => b.length - a.length);
    expect(longestFirst.reduce((rest, text) => rest.replace(text, ''), printed)).toBe(
      '（一）重要工作事项1.；2.；3.。' +
        '（二）突发重大事件1.我县范围内发生的、、、、、、等较大及以上安全事故；' +
        '2.、、、等影响社会大局和谐稳定的重大事件；3.，以及和等。' +
        '（三）重要会议活动事项1.；2.；3.；4.。' +
        '（四）其他重大事项1.；2.；3.；4.；5.。',
    );
  });

  test.each([
    ['important_work', { when: 'after_completion', days: 7 }, [821, 824]],
    ['sudden_event', { when: 'after_event', minutes: 40 }, [824, 826]],
    ['meeting_activity', { when: 'ahead', workingDays: 2 }, [826, 828]],
  ])('sets the limit of %s, with the lines of the limit', (category, rule, lines) => {
    for (const kind of kindsOf(category)) {
      expect(kind).toMatchObject({ rule, source: { documentNumber: '泸办通〔2023〕19号', lines } });
    }
  });

  test('sets a limit for each of the others', () => {
    expect(kindsOf('other').map(({ code, rule, source }) => [code, rule.when, source.lines])).toEqual([
      ['zhuyao-fuzeren-lixian', 'ahead', [826, 828]],
      ['weifa-weiji', 'after_event', [824, 826]],
      ['xitong-shuju', 'at_once', [828, 830]],
      ['fengxian-pinggu', 'at_once', [828, 830]],
      ['qita-zhongda-shixiang', 'at_once', [828, 830]],
    ]);
  });

  test('wants follow-ups of what must be reported within 40 minutes, and of nothing else', () => {
    for (const { rule, followsUp } of county.incidentKinds) expect(followsUp).toBe(rule.when === 'after_event');
    expect(county.incidentKinds.filter(({ followsUp }) => followsUp)).toHaveLength(15);
  });

  test('uses every limit of the file', () => {
    expect(new Set(file.kinds.map(({ limit }) => limit))).toEqual(new Set(file.limits.map(({ code }) => code)));
    expect(new Set(file.kinds.flatMap(({ parallels }) => parallels))).toEqual(
      new Set(file.parallels.map(({ code }) => code)),
    );
  });
});

describe('limits from outside the gazette', () => {
  test('stand beside accidents and environmental events, unconfirmed', () => {
    const beside = county.incidentKinds.filter(({ parallel }) => parallel.length > 0);
    expect(
      beside.map(({ code, parallel }) => [code, parallel.map(({ from, minutes }) => `${from} ${minutes}`)]),
    ).toEqual([
      ['shengtai-huanjing-shijian', ['knownAt 240', 'knownAt 120']],
      ['jiaotong-anquan-shigu', ['knownAt 60', 'receivedAt 120']],
      ['xiaofang-anquan-shigu', ['knownAt 60', 'receivedAt 120']],
      ['anquan-shengchan-shigu', ['knownAt 60', 'receivedAt 120']],
    ]);
    for (const { parallel } of beside) {
      for (const limit of parallel) {
        expect(limit.verified).toBe(false);
        expect(limit.source.lines).toBeNull();
        expect(limit.source.documentNumber).toMatch(/令第\d+号/);
      }
    }
  });
});

test('an import takes the kinds without what only a reader needs', () => {
  const [first] = toImportBundle(county).incidentKinds;
  expect(first).toEqual({
    code: 'lingdao-pishi',
    category: 'important_work',
    name: '领导指示批示精神贯彻落实情况',
    rule: { when: 'after_completion', days: 7 },
    followsUp: false,
    source: { documentNumber: '泸办通〔2023〕19号', lines: [821, 824] },
    parallel: [],
  });
});

test('the county says whom major matters are filed with, told to and heard from', () => {
  const [jurisdiction] = toImportBundle(county).jurisdictions;
  expect(jurisdiction).toMatchObject({
    supervisionUnits: ['xian-zhengfu-duchashi'],
    incidentOffices: ['xianwei-ban', 'xian-zhengfu-ban'],
    incidentSupervision: ['xianwei-duchashi', 'xian-zhengfu-duchashi'],
    mainLeaders: ['xianwei.shuji', 'xian-renmin-zhengfu.xianzhang'],
    signalUnits: ['gongan-ju', 'xiaofang-jiuyuan-dadui', 'xian-zhengfu-ban'],
    holidayNotices: [],
  });
  expect(toImportBundle(county).units.every(({ leaderInCharge }) => leaderInCharge === null)).toBe(true);
});
