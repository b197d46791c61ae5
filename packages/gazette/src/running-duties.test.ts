import { describe, expect, test } from 'vitest';
import { loadCounty, toImportBundle } from './index.ts';
import { daysOf } from './running-duties.ts';

const county = loadCounty('luxi');
const { duties, subjects } = toImportBundle(county);
const entry = new Map(county.duties.map((duty) => [duty.code, duty]));
const dutyOf = (code: string) => duties.find((duty) => duty.code === code);
/** The entry a definition was made of; the definition of one subject's share has the subject's name behind it. */
const entryOf = (code: string) => entry.get(code) ?? entry.get(code.slice(0, code.lastIndexOf('.')));
const townships = [
  ...['433122107', '433122108', '433122102', '433122109', '433122104', '433122105'],
  ...['433122106', '433122203', '433122207', '433122208', '433122206'],
];
const unit = (code: string) => `unit:${code}`;
const post = (code: string) => `post:${code}`;

function countBy(periods: readonly { readonly every: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { every } of periods) counts[every] = (counts[every] ?? 0) + 1;
  return counts;
}

describe('every duty runs', () => {
  test('all 355 are there, and the five of 包保 that are about a subject once for each of the 27', () => {
    expect(county.duties).toHaveLength(355);
    expect(new Set(duties.map(({ code }) => entryOf(code)?.code))).toEqual(new Set(entry.keys()));
    expect(new Set(duties.map(({ code }) => code)).size).toBe(duties.length);
    const shares = duties.filter(({ subject }) => subject !== null);
    expect(shares).toHaveLength(5 * 27);
    expect(duties).toHaveLength(355 - 5 + 5 * 27);
  });

  test('in the periods that are printed', () => {
    expect(countBy(county.duties.map(({ period }) => period))).toEqual({
      ...{ week: 5, month: 13, quarter: 5, year: 14, campaign: 66, event: 86, unspecified: 166 },
    });
    expect(countBy(duties.map(({ period }) => period))).toEqual({
      ...{ week: 5, month: 13, quarter: 5 + 26, year: 14, campaign: 66, event: 86 + 3 * 26, unspecified: 166 + 26 },
    });
    for (const { code, period } of duties) expect(period.every).toBe(entryOf(code)?.period.every);
  });

  test('with owners that exist, a requester, a basis and an end', () => {
    const parties = new Set([
      ...county.units.map(({ code }) => unit(code)),
      ...county.posts.map(({ code }) => post(code)),
    ]);
    const groups = new Set(county.groups.map(({ code }) => code));
    for (const duty of duties) {
      expect(duty.owners.length, duty.code).toBeGreaterThan(0);
      expect(new Set(duty.owners).size, duty.code).toBe(duty.owners.length);
      expect(duty.owners.filter((owner) => !parties.has(owner))).toEqual([]);
      expect(parties).toContain(unit(duty.requester));
      if (duty.group !== null) expect(groups).toContain(duty.group);
      expect(duty.basis).toEqual({
        documentNumber: entryOf(duty.code)?.documentNumber,
        lines: entryOf(duty.code)?.sourceLines,
      });
      expect(duty.until >= duty.from, duty.code).toBe(true);
      expect([duty.shift, duty.policy]).toEqual(['keep', 'default-duty']);
    }
    expect(duties.reduce((streams, { owners }) => streams + owners.length, 0)).toBe(1580);
  });

  test('and says where the document does not say who, from when, till when and how soon', () => {
    const decided = (notes: readonly string[], about: string) =>
      notes.some((note) => note.startsWith('导入说明：') && note.includes(about));
    for (const { code, notes, period, group, requester } of duties) {
      const printed = entryOf(code);
      if (printed === undefined) throw new Error(code);
      if (printed.owners.length === 0) expect(decided(notes, '承担') || decided(notes, '计'), code).toBe(true);
      if (printed.from === null) expect(decided(notes, '起。'), code).toBe(true);
      if (printed.until === null) expect(decided(notes, '止期'), code).toBe(true);
      if (period.every === 'event') expect(decided(notes, '以止期为限'), code).toBe(period.withinDays === null);
      const asked = printed.counterparties.some((party) => party === group || party === requester);
      expect(decided(notes, '由谁索要和催办'), code).toBe(!asked);
      const dated = ['week', 'month', 'quarter', 'half_year', 'year'].includes(period.every);
      expect(decided(notes, '休息日'), code).toBe(dated);
    }
  });

  test('each township by itself where all are named', () => {
    const all = ['各乡镇', '各乡镇人民政府', '各乡镇党委', '11个乡镇'];
    const named = duties.filter(({ code }) => entryOf(code)?.ownersText.some((text) => all.includes(text)));
    expect(named.length).toBeGreaterThan(50);
    for (const { owners, code } of named) expect(owners, code).toEqual(expect.arrayContaining(townships.map(unit)));
  });

  test('until the action ends that no date is printed for, or as long as its document has tasks', () => {
    expect(dutyOf('zhengbanfa-7.zhou-diaodu')).toMatchObject({ from: '2023-05-30', until: '2023-12-31' });
    expect(dutyOf('zhengbanfa-7.zongjie-huitoukan')).toMatchObject({ from: '2023-12-22', until: '2023-12-31' });
    expect(dutyOf('zhengbanhan-33.lingdao-xiaozu-lihui')).toMatchObject({ from: '2023-05-30', until: '2025-12-31' });
    expect(dutyOf('zhengbanhan-29.kuisun-butie-jidu')).toMatchObject({ from: '2023-05-29', until: '2024-12-31' });
    expect(dutyOf('lubantong-18.shishi-banfa')).toMatchObject({ from: '2023-04-24', until: '2023-07-24' });
    expect(dutyOf('lubantong-18.nian-zonghe-baogao')).toMatchObject({ until: '2023-12-31' });
  });

  test.each([
    ['在完成后一周内', 7],
    ['7日内', 7],
    ['十天以内', 10],
    ['两周之内', 14],
    ['在事发后40分钟内', null],
    ['原则上至少需提前2个工作日', null],
    ['立行立改，1个月内、2个月内、3个月内', null],
    ['3日内核实，7日内办结', null],
    ['及时', null],
  ])('%s is due after %s days', (within, days) => {
    expect(daysOf(within)).toBe(days);
  });

  test('within a week where that is printed', () => {
    const soon = duties.filter(({ period }) => period.every === 'event' && period.withinDays !== null);
    expect(soon.map(({ code, period }) => [code, period.every === 'event' && period.withinDays])).toEqual([
      ['lubantong-19.gongzuo-lingdao-pishi-yi-zhou', 7],
      ['lubantong-19.gongzuo-shangji-bushu-yi-zhou', 7],
      ['lubantong-19.gongzuo-zhongyao-shuju-yi-zhou', 7],
    ]);
  });

  test('on site or in writing only where nothing else is offered', () => {
    const other = duties.filter(({ mode, subject }) => mode !== 'any' && subject === null);
    expect(other.map(({ code, mode }) => [code, mode])).toEqual([
      ['lubantong-18.jinji-bubao', 'written'],
      ['lubantong-24.xiangzhen-pinggu-dudao', 'on_site'],
    ]);
    // 电话、口头、书面汇报等形式; 实地督导、第三方评估、情况通报.
    expect(dutyOf('lubantong-19.weifa-weiji-shoubao')?.mode).toBe('any');
    expect(dutyOf('zhengbanhan-33.ducha-kaohe')?.mode).toBe('any');
  });
});

describe('三送三解三优', () => {
  test.each([
    ['zhengbanfa-7.xiangzhen-meizhousan', { every: 'week', weekday: 3 }],
    ['zhengbanfa-7.xiangzhen-meiyue-23', { every: 'month', day: 23 }],
  ])('%s: eleven townships and the park', (code, period) => {
    expect(dutyOf(code)).toMatchObject({
      ...{ period, kind: 'report', group: 'sansong-gongzuo-zhuanban' },
      requester: 'youhua-yingshang-huanjing-zhuanban',
      owners: [...townships, 'gaoxinqu-guanweihui'].map(unit),
    });
  });

  test.each([
    ['zhengbanfa-7.xian-meizhouwu-bao-zhou', { every: 'week', weekday: 5 }],
    ['zhengbanfa-7.xian-meiyue-25-bao-zhou', { every: 'month', day: 25 }],
  ])('%s: the county’s task force', (code, period) => {
    expect(dutyOf(code)).toMatchObject({ period, owners: ['unit:youhua-yingshang-huanjing-zhuanban'] });
  });

  test('twenty visits for each of the county government’s leaders, thirty for each head of a department', () => {
    const government = ['xianzhang', 'changwu-fu-xianzhang', ...[1, 2, 3, 4, 5].map((seat) => `fu-xianzhang-${seat}`)];
    expect(dutyOf('zhengbanfa-7.lingdao-zoufang-20')).toMatchObject({
      ...{ kind: 'visit', period: { every: 'campaign' }, quota: { count: 20, unit: '次' } },
      owners: government.map((seat) => post(`xian-renmin-zhengfu.${seat}`)),
    });
    const departments = ['keji-gongxin-ju', 'zhujian-ju', 'shangwu-ju', 'fazhan-gaige-ju', 'wenlv-guangdian-ju'];
    departments.push('weijian-ju', 'renshe-ju', 'minzheng-ju', 'jiaoti-ju');
    expect(dutyOf('zhengbanfa-7.zhuyao-fuzeren-zoufang-30')).toMatchObject({
      ...{ kind: 'visit', period: { every: 'campaign' }, quota: { count: 30, unit: '次' } },
      owners: [...departments.map((code) => post(`${code}.juzhang`)), post('gaoxinqu-guanweihui.zhuren')],
    });
  });
});

describe('食品安全', () => {
  test('27 subjects, each high-risk for being a school or a kindergarten, each with a leader of its own', () => {
    expect(subjects).toHaveLength(27);
    expect(new Set(subjects.map(({ leader }) => leader)).size).toBe(27);
    for (const { name, highRisk, tier } of subjects) {
      expect([highRisk, tier]).toEqual([true, 'B']);
      expect(name).toMatch(/中学$|学校$|小学$|完小$|第二小$|幼儿园$/);
    }
    expect(subjects[0]).toEqual({
      ...{ code: 'luban-6.di-er-zhongxue', name: '泸溪县第二中学', tier: 'B', highRisk: true },
      ...{ kind: '县包保B级主体', township: null, leader: 'xianwei.shuji', documentNumber: '泸办〔2023〕6号' },
    });
  });

  test('each is supervised on site once a quarter by its leader', () => {
    for (const { code, name, leader } of subjects) {
      expect(dutyOf(code.replace('luban-6.', 'luban-6.meijidu-dudao.'))).toMatchObject({
        ...{ subject: code, owners: [post(leader ?? '')], counterparties: [name], kind: 'supervision' },
        ...{ period: { every: 'quarter' }, quota: { count: 1, unit: '次' }, mode: 'on_site' },
        ...{ group: 'shipin-anquan-lingdao-xiaozu', requester: 'shichang-jianguan-ju' },
      });
    }
  });

  test('the 27 report on their year and on handing over, each for himself', () => {
    const leaders = subjects.map(({ leader }) => post(leader ?? ''));
    expect(dutyOf('luban-6.niandu-lvzhi-baogao')).toMatchObject({ owners: leaders, subject: null });
    expect(dutyOf('luban-6.tiaozheng-beian')).toMatchObject({ owners: leaders, subject: null });
  });
});

describe('who stands for whom', () => {
  test.each([
    // The leading group has no office, its command centre has.
    ['zhengbanfa-5.zongti-yue-diaodu', 'xian-zhengfu-duchashi', 'fazhan-liuzhang-zong-zhihui-zhongxin'],
    ['zhengbanfa-5.zhuanban-keji-zhize', 'keji-gongxin-ju', 'keji-chuangxin-gongjianzhang-zhuanban'],
    // The task force has no office, the leading group above it has.
    ['luban-6.zhuanban-zeren', 'shichang-jianguan-ju', 'shipin-anquan-lingdao-xiaozu'],
    // No office is printed anywhere: who issued the document.
    ['zhengbanhan-29.dudao-jiancha', 'xian-zhengfu-ban', 'chengxiang-keyun-lingdao-xiaozu'],
    // Nobody is named: whoever asks.
    ['zhengbanfa-5.anquan-xuncha-ducha', 'yingji-guanli-ju', 'anquan-shengchan-fanshenzhang-zhuanban'],
    ['lubantong-18.huiyi-dingzu', 'xianwei-ban', null],
    ['zhengbanhan-24.zhidao-jiancha', 'xian-zhengfu-ban', null],
  ])('%s is %s’s', (code, owner, group) => {
    expect(dutyOf(code)).toMatchObject({ owners: [unit(owner)], group });
  });
});

describe('the rules of the duties', () => {
  const { seats, subjectLeaders, sections, ends, indicators } = county.dutyRules;
  const printed = (documentNumber: string, phrase: string) =>
    county.duties.some((duty) => duty.documentNumber === documentNumber && duty.ownersText.includes(phrase));

  test('name phrases that some duty prints', () => {
    const phrases = [
      ...seats.map(({ documentNumber, phrase }) => [documentNumber, phrase] as const),
      ...subjectLeaders.flatMap(({ documentNumber, phrases: all }) => all.map((one) => [documentNumber, one] as const)),
    ];
    expect(phrases.filter(([documentNumber, phrase]) => !printed(documentNumber, phrase))).toEqual([]);
    const texts = county.duties.map(({ documentNumber, untilText }) => `${documentNumber} ${untilText}`);
    expect(ends.filter((end) => !texts.includes(`${end.documentNumber} ${end.untilText}`))).toEqual([]);
  });

  test('give each duty of 泸政办发〔2023〕5号 one section', () => {
    for (const { code, documentNumber, sourceLines } of county.duties) {
      if (documentNumber !== '泸政办发〔2023〕5号') continue;
      const around = sections.filter(({ lines }) => lines[0] <= sourceLines[0] && sourceLines[1] <= lines[1]);
      expect(around, code).toHaveLength(1);
    }
  });

  test('share a figure only among duties of one owner and one period', () => {
    expect(indicators.map(({ name }) => name)).toEqual(['三送三解三优周调度情况', '“发展六仗”月度调度分析会']);
    for (const { name, duties: codes } of indicators) {
      const sharing = duties.filter(({ indicator }) => indicator === name);
      expect(sharing.map(({ code }) => code).sort()).toEqual([...codes].sort());
      expect(new Set(sharing.map(({ owners }) => owners.join(' '))).size).toBe(1);
      expect(new Set(sharing.map(({ period }) => period.every)).size).toBe(1);
    }
    expect(duties.filter(({ indicator }) => indicator !== null)).toHaveLength(4);
  });
});
