import { describe, expect, test } from 'vitest';
import { loadCounty, toImportBundle } from './index.ts';

const county = loadCounty('luxi');
const tasksOf = (list: string) => county.tasks.filter((task) => task.list === list);
const groupNamed = (name: string) => county.groups.find((group) => group.name === name);
const holderOf = (post: string | null | undefined) => {
  const person = county.appointments.find((each) => each.post === post)?.person;
  return county.people.find((each) => each.code === person)?.name;
};
const unitName = (code: string | undefined) => county.units.find((unit) => unit.code === code)?.name;

describe('the first county', () => {
  test('has every row of the two lists', () => {
    expect(tasksOf('安全生产').map((task) => task.seq)).toEqual(Array.from({ length: 17 }, (_, at) => at + 1));
    expect(tasksOf('县定民生').map((task) => task.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(county.tasks).toHaveLength(25);
    expect(county.groups).toHaveLength(8);
  });

  test('has one unit for each printed name', () => {
    const names = county.units.flatMap((unit) => [unit.name, ...unit.aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(county.units.filter((unit) => unit.kind === 'township')).toHaveLength(11);
  });

  test('refers only to codes it holds', () => {
    const units = new Set(county.units.map((unit) => unit.code));
    const posts = new Set(county.posts.map((post) => post.code));
    const groups = new Set(county.groups.map((group) => group.code));
    const { tasks, plans, appointments } = county;
    const people = new Set(county.people.map((person) => person.code));
    const usedUnits = [
      ...tasks.flatMap((task) => [...task.leadUnits, ...task.responsibleUnits]),
      ...county.posts.map((post) => post.unit),
      ...county.units.flatMap((unit) => unit.parent ?? []),
      ...county.groups.flatMap((group) => group.office?.hostUnit ?? []),
      ...county.jurisdictions.flatMap((each) => each.supervisionUnits),
    ];
    const usedPosts = [
      ...tasks.flatMap((task) => task.leaders),
      ...appointments.map((each) => each.post),
      ...county.groups.flatMap(({ leader, firstDeputy, office, deputies, members }) =>
        [leader, firstDeputy, office?.director, office?.deputyDirector, ...deputies, ...members].flatMap(
          (post) => post ?? [],
        ),
      ),
      ...county.jurisdictions.flatMap((each) => each.administratorPosts),
    ];
    expect(usedUnits.filter((code) => !units.has(code))).toEqual([]);
    expect(usedPosts.filter((code) => !posts.has(code))).toEqual([]);
    expect(
      [...plans, ...county.groups]
        .flatMap((each) => ('group' in each ? each.group : (each.parent ?? [])))
        .filter((code) => !groups.has(code)),
    ).toEqual([]);
    expect(appointments.filter((each) => !people.has(each.person))).toEqual([]);
  });

  test.each([
    ['经济增长主动仗工作专班', '县发改局', 'fazhan-gaige-ju.zong-jingjishi', '吴淑昱', '杨冬'],
    ['科技创新攻坚仗工作专班', '县科技工信局', 'keji-gongxin-ju.zong-gongchengshi', '杨剑锋', '郑贤慧'],
    ['优化发展环境持久仗工作专班', '县优化营商环境专班', 'xian-zhengfu-ban.fu-zhuren-1', '张祖勋', '粟菁'],
    ['防范化解风险阻击仗工作专班', '县财政局', 'caizheng-ju.fu-juzhang-2', '张浩', '张玉秀'],
    ['安全生产翻身仗工作专班', '县应急管理局', 'yingji-guanli-ju.zong-gongchengshi', '张金颖', '邓发君'],
    ['重点民生保障仗工作专班', '县人社局', 'renshe-ju.fu-juzhang-1', '包雨民', '谭方舟'],
  ])('%s has its office in %s', (name, host, director, directorName, deputyName) => {
    const group = groupNamed(name);
    expect(group?.parent).toBe('fazhan-liuzhang-lingdao-xiaozu');
    expect(unitName(group?.office?.hostUnit)).toBe(host);
    expect(group?.office?.director).toBe(director);
    expect(holderOf(group?.office?.director)).toBe(directorName);
    expect(holderOf(group?.office?.deputyDirector)).toBe(deputyName);
    expect(holderOf(group?.leader)).toBe(name.startsWith('科技') ? '陈济礽' : '李文林');
  });

  test('has the command centre in 县政府督查室, without named people', () => {
    expect(groupNamed('总指挥中心')).toMatchObject({
      kind: 'command_centre',
      parent: 'fazhan-liuzhang-lingdao-xiaozu',
      office: { hostUnit: 'xian-zhengfu-duchashi', director: null, deputyDirector: null },
      leader: null,
      members: [],
    });
  });

  test('counts the printed members: a township head is a post without holder', () => {
    expect(county.groups.map((group) => group.deputies.length)).toEqual([5, 0, 1, 1, 1, 1, 1, 1]);
    expect(county.groups.map((group) => group.members.length)).toEqual([54, 0, 21, 11, 19, 22, 20, 27]);
    const heads = groupNamed('泸溪县打好“发展六仗”工作领导小组')?.members.slice(-11) ?? [];
    expect(heads.map(holderOf)).toEqual(Array.from({ length: 11 }, () => undefined));
  });
});

describe('安全生产', () => {
  test('has the printed time limits', () => {
    expect(tasksOf('安全生产').map((task) => [task.due, task.dueText])).toEqual(
      [10, 10, 9, 8, 10, 10, 10, 9, 8, 8, 8, 10, 10, 4, 6, 11, 11].map((month) => [
        new Date(Date.UTC(2023, month, 0)).toISOString().slice(0, 10),
        `2023年${month}月底前`,
      ]),
    );
  });

  test('takes the first unit as lead unit, both where both are marked', () => {
    expect(tasksOf('安全生产').map((task) => task.leadUnits.map(unitName).join('、'))).toEqual([
      '县消防救援大队',
      '县住建局',
      '县住建局',
      '县消防救援大队',
      '县应急管理局',
      '县应急管理局',
      '县应急管理局',
      '县交警大队、县交通运输局',
      '县住建局',
      '县市场监督管理局',
      '县文旅广电局',
      '县应急管理局',
      '州生态环境局泸溪分局',
      '县林业局',
      '县水利局',
      '县发改局',
      '县应急管理局',
    ]);
  });

  test('spells out 各乡镇, and guesses neither 相关乡镇 nor a leader', () => {
    const townships = new Set(county.units.flatMap((unit) => (unit.kind === 'township' ? unit.code : [])));
    const rows = tasksOf('安全生产');
    const counts = rows.map((task) => task.responsibleUnits.filter((unit) => townships.has(unit)).length);
    expect(counts).toEqual([11, 11, 11, 11, 0, 0, 11, 11, 11, 0, 11, 11, 0, 11, 11, 0, 0]);
    expect(rows.filter((task) => task.notes.some((note) => note.includes('相关乡镇'))).map((task) => task.seq)).toEqual(
      [5, 6, 10],
    );
    expect(rows.every((task) => task.leaders.length === 0 && task.notes.length > 0)).toBe(true);
  });
});

describe('县定民生', () => {
  test('has 31 quarterly targets: 白羊溪 has none for the last quarter', () => {
    expect(tasksOf('县定民生').map((task) => task.milestones.map((each) => each.code).join(' '))).toEqual(
      [4, 4, 4, 4, 3, 4, 4, 4].map((count) => ['Q1', 'Q2', 'Q3', 'Q4'].slice(0, count).join(' ')),
    );
    const ends: Record<string, string> = { Q1: '2023-03-31', Q2: '2023-06-30', Q3: '2023-09-30', Q4: '2023-12-31' };
    const milestones = county.tasks.flatMap((task) => task.milestones);
    expect(milestones).toHaveLength(31);
    expect(milestones.every((each) => each.due === ends[each.code])).toBe(true);
    expect(tasksOf('县定民生').every((task) => task.due === '2023-12-31' && task.dueText === '2023年度')).toBe(true);
  });

  test('pairs nine leaders with nine lead units', () => {
    expect(tasksOf('县定民生').map((task) => [task.leadUnits.map(unitName), task.leaders.map(holderOf)])).toEqual([
      [['县教体局'], ['李文林']],
      [['县交通运输局'], ['杨俊勇']],
      [['县民政局'], ['熊艺']],
      [['县残联'], ['熊艺']],
      [['县华瑞公司'], ['饶碧宇']],
      [
        ['县林业局', '县消防救援大队'],
        ['饶碧宇', '向湖南'],
      ],
      [['县教体局'], ['李文林']],
      [['县交通运输局'], ['杨俊勇']],
    ]);
  });
});

describe('what is sent to an import', () => {
  test('keeps lines and notes on documents and tasks only', () => {
    const sent = toImportBundle(county);
    expect(sent).not.toHaveProperty('contradictions');
    for (const record of [...sent.units, ...sent.posts, ...sent.appointments, ...sent.groups, ...sent.plans]) {
      expect(record).not.toHaveProperty('sourceLines');
      expect(record).not.toHaveProperty('notes');
    }
    expect(sent.tasks.every((task) => task.sourceLines.length === 2)).toBe(true);
    expect(sent.tasks).toHaveLength(25);
  });
});
