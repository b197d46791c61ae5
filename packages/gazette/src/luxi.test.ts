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
  test.each([
    ['经济增长', 58],
    ['科技创新', 35],
    ['优化环境', 215],
    ['防范风险', 38],
    ['安全生产', 17],
    ['省定民生', 9],
    ['监测民生', 2],
    ['州定民生', 15],
    ['县定民生', 8],
    ['民族团结', 6],
    ['民族团结年度步骤', 10],
    ['交通', 16],
    ['政务公开', 13],
    ['创业', 30],
    ['废弃汽车', 7],
    ['城乡客运', 4],
    ['三送三解三优', 3],
  ])('has every row of %s: %i', (list, count) => {
    expect(tasksOf(list).map((task) => task.seq)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  });

  test('has all twelve documents, each with what it prints', () => {
    expect(county.documents.map(({ number, issuedOn }) => [number, issuedOn])).toEqual([
      ['泸办〔2023〕5号', '2023-05-08'],
      ['泸办〔2023〕6号', '2023-05-22'],
      ['泸办通〔2023〕18号', '2023-04-24'],
      ['泸办通〔2023〕19号', '2023-04-24'],
      ['泸办通〔2023〕24号', '2023-05-12'],
      ['泸政办发〔2023〕5号', '2023-05-15'],
      ['泸政办发〔2023〕7号', '2023-05-30'],
      ['泸政办函〔2023〕24号', '2023-04-25'],
      ['泸政办函〔2023〕29号', '2023-05-29'],
      // No date is printed.
      ['泸政办函〔2023〕33号', null],
      ['泸政办函〔2023〕35号', '2023-06-02'],
      ['泸政人〔2023〕2号', '2023-04-23'],
    ]);
  });

  test('has the indicators of the livelihood projects', () => {
    const indicators = (list: string) => tasksOf(list).reduce((sum, { targets }) => sum + targets.length, 0);
    expect([indicators('省定民生'), indicators('监测民生'), indicators('州定民生')]).toEqual([27, 5, 20]);
  });

  test('has the registers: 27 food-safety subjects with the post that answers, 11 demonstration points', () => {
    expect(county.subjects).toHaveLength(27);
    expect(
      county.subjects.every(({ tier, leader, leaderName }) => tier === 'B' && leader !== null && leaderName !== null),
    ).toBe(true);
    expect(county.demonstrationPoints).toHaveLength(11);
    expect(county.demonstrationPoints.every(({ leaders }) => leaders.length > 0)).toBe(true);
  });

  test('has a code of its own for each township, and the jurisdictions around it', () => {
    const townships = county.units.filter((unit) => unit.kind === 'township').map(({ code, name }) => [code, name]);
    expect(townships.sort()).toEqual([
      ['433122102', '达岚镇'],
      ['433122104', '兴隆场镇'],
      ['433122105', '潭溪镇'],
      ['433122106', '洗溪镇'],
      ['433122107', '武溪镇'],
      ['433122108', '浦市镇'],
      ['433122109', '合水镇'],
      ['433122203', '石榴坪乡'],
      ['433122206', '解放岩乡'],
      ['433122207', '小章乡'],
      ['433122208', '白羊溪乡'],
    ]);
    expect(county.jurisdictions.map(({ code, parent }) => [code, parent]).slice(0, 3)).toEqual([
      ['433122', '433100'],
      ['433100', undefined],
      ['433122107', '433122'],
    ]);
  });

  test.each([
    [['县科工信局', '县科技工信局', '县工信局', '科技工信局']],
    [['人行', '县人行', '县人民银行', '人民银行泸溪支行', '人民银行泸溪县支行']],
    [['县交通局', '县交通运输局']],
    [['县教育局', '县教体局']],
    [['县环保局', '县生态环境局', '州生态环境局泸溪分局']],
    [['县公路建养中心', '县公路建设养护中心']],
    [['县住房保障中心', '县住房保障服务中心']],
  ])('knows %j as one unit', (names) => {
    const codes = names.map((name) => county.units.find((unit) => [unit.name, ...unit.aliases].includes(name))?.code);
    expect(new Set(codes).size).toBe(1);
    expect(codes[0]).toBeDefined();
  });

  test('applies the appointments and removals of 泸政人〔2023〕2号', () => {
    const dated = county.appointments.filter(({ from, to }) => from !== null || to !== null);
    const title = (code: string) => county.posts.find((post) => post.code === code)?.title;
    const named = dated.map((each) => [
      county.people.find((one) => one.code === each.person)?.name,
      title(each.post)?.replace(/（.*/, ''),
      ...[each.from, each.to],
    ]);
    expect(named.sort()).toEqual(
      [
        ['李勇', '主任', '2023-04-23', null],
        ['李勇', '局长', '2023-04-23', null],
        ['李和华', '局长', null, '2023-04-23'],
        ['杨兴爱', '主任', '2023-04-23', null],
        ['田继承', '副主任', null, '2023-04-23'],
        ['符金刚', '副局长', null, '2023-04-23'],
        ['周华', '局长', '2023-04-23', null],
        ['张峰', '局长', null, '2023-04-23'],
        ['张林立', '主任', null, '2023-04-23'],
      ].sort(),
    );
  });

  test('has one unit for each printed name', () => {
    const names = county.units.flatMap((unit) => [unit.name, ...unit.aliases]);
    expect(new Set(names).size).toBe(names.length);
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
    const parties = new Set([...units, ...posts, ...groups]);
    const { subjects, demonstrationPoints, duties } = county;
    expect(
      duties
        .flatMap(({ owners, counterparties }) => [...owners, ...counterparties])
        .filter((code) => !parties.has(code)),
    ).toEqual([]);
    for (const { leader, leaders, township, units: some } of [...subjects, ...demonstrationPoints]) {
      expect([...some, ...(township === null ? [] : [township])].filter((code) => !units.has(code))).toEqual([]);
      expect([leader, ...leaders.map(({ post }) => post)].filter((post) => post !== null && !posts.has(post))).toEqual(
        [],
      );
      expect(leaders.filter(({ person }) => !people.has(person))).toEqual([]);
    }
    expect(usedUnits.filter((code) => !units.has(code))).toEqual([]);
    expect(usedPosts.filter((code) => !posts.has(code))).toEqual([]);
    expect(
      [...plans, ...county.groups]
        .flatMap((each) => ('group' in each ? (each.group ?? []) : (each.parent ?? [])))
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

  test('counts the printed members of 泸政办发〔2023〕5号, and knows the township heads from another document', () => {
    const groups = county.groups.filter(({ documentNumber, parent, code }) => {
      const top = 'fazhan-liuzhang-lingdao-xiaozu';
      return documentNumber === '泸政办发〔2023〕5号' && (parent === top || code === top);
    });
    expect(groups.map((group) => group.deputies.length)).toEqual([5, 0, 1, 1, 1, 1, 1, 1]);
    expect(groups.map((group) => group.members.length)).toEqual([54, 0, 21, 11, 19, 22, 20, 27]);
    const heads = groupNamed('泸溪县打好“发展六仗”工作领导小组')?.members.slice(-11) ?? [];
    expect(heads.map(holderOf)).toEqual([
      '张帆',
      '杨俣涛',
      '郑李川',
      '向标',
      '徐小明',
      '李玉',
      '杨俊锋',
      '田继武',
      '李耀平',
      '杨英',
      '罗华',
    ]);
  });

  test.each([
    ['泸溪县交通问题顽瘴痼疾集中整治工作领导小组', '县交警大队'],
    ['泸溪县全民创业工作领导小组', '县人社局'],
  ])('%s has its office in %s', (name, host) => {
    const group = county.groups.find((each) => each.name.includes(name.slice(3)));
    expect(unitName(group?.office?.hostUnit)).toBe(host);
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
    const milestones = tasksOf('县定民生').flatMap((task) => task.milestones);
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
    expect(sent.tasks).toHaveLength(486);
  });

  test('leaves no task without somebody who answers, and says on the task where the gazette did', () => {
    const { tasks, plans, groups } = toImportBundle(county);
    expect(tasks.every(({ leadUnits }) => leadUnits.length > 0)).toBe(true);
    const printed = new Map(county.tasks.map((task) => [`${task.list} ${task.seq}`, task]));
    for (const task of tasks) {
      const asPrinted = (printed.get(`${task.list} ${task.seq}`)?.leadUnits.length ?? 0) > 0;
      expect(
        task.notes.some((note) => note.startsWith('导入说明')),
        `${task.list} ${task.seq}`,
      ).toBe(!asPrinted);
    }
    const codes = new Set(groups.map(({ code }) => code));
    expect(plans.filter(({ group }) => !codes.has(group))).toEqual([]);
  });
});
