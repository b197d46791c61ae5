import type { ImportBundle } from '@duban/application';
import { importBundle } from '@duban/contracts/http/imports';

/** Two counties on one deployment, with the same codes in both: what tells them apart is the jurisdiction alone. */
export const HERE = '433122';
export const THERE = '433123';

/** Who takes part, each with one seat and no other, so that every right can be told from every other. */
export const PEOPLE = {
  leadHead: 'qian-tou-juzhang',
  leadClerk: 'qian-tou-keyuan',
  responsible: 'ze-ren-keyuan',
  office: 'ban-gong-zhuren',
  supervision: 'du-cha-zhuren',
  leader: 'fu-xianzhang',
  strangerHead: 'wu-guan-juzhang',
  stranger: 'wu-guan-keyuan',
  otherOffice: 'ling-ban-zhuren',
  otherResponsible: 'ling-ze-keyuan',
  admin: 'guan-li-yuan',
  incidentOffice: 'zhi-ban-yi',
  incidentOffice2: 'zhi-ban-er',
  feed: 'xiao-fang-yuan',
  postless: 'wu-zhi-renyuan',
} as const;
export type Who = keyof typeof PEOPLE;

const UNITS = {
  'qiantou-ju': ['县牵头局', 'bureau'],
  'zeren-ju': ['县责任局', 'bureau'],
  'bangong-ju': ['县办公局', 'bureau'],
  'wuguan-ju': ['县无关局', 'bureau'],
  'lingban-ju': ['县另办局', 'bureau'],
  'lingze-ju': ['县另责局', 'bureau'],
  duchashi: ['县督查室', 'office'],
  'renmin-zhengfu': ['县人民政府', 'government'],
  'jigou-ban': ['县机构办', 'office'],
  'xianwei-ban': ['县委办', 'party'],
  'zhengfu-ban': ['县政府办', 'office'],
  'xiaofang-dui': ['县消防队', 'bureau'],
} as const;

/** Post: whose, of which unit, title, whether its head. */
const POSTS: Readonly<Record<string, readonly [Exclude<Who, 'postless'>, keyof typeof UNITS, string, boolean]>> = {
  'qiantou-ju.juzhang': ['leadHead', 'qiantou-ju', '局长', true],
  'qiantou-ju.keyuan': ['leadClerk', 'qiantou-ju', '科员', false],
  'zeren-ju.keyuan': ['responsible', 'zeren-ju', '科员', true],
  'bangong-ju.zhuren': ['office', 'bangong-ju', '主任', true],
  'duchashi.zhuren': ['supervision', 'duchashi', '主任', true],
  'renmin-zhengfu.fu-xianzhang': ['leader', 'renmin-zhengfu', '副县长', false],
  'wuguan-ju.juzhang': ['strangerHead', 'wuguan-ju', '局长', true],
  'wuguan-ju.keyuan': ['stranger', 'wuguan-ju', '科员', false],
  'lingban-ju.zhuren': ['otherOffice', 'lingban-ju', '主任', true],
  'lingze-ju.keyuan': ['otherResponsible', 'lingze-ju', '科员', false],
  'jigou-ban.zhuren': ['admin', 'jigou-ban', '主任', true],
  'xianwei-ban.zhiban': ['incidentOffice', 'xianwei-ban', '值班员', true],
  'zhengfu-ban.zhiban': ['incidentOffice2', 'zhengfu-ban', '值班员', true],
  'xiaofang-dui.duiyuan': ['feed', 'xiaofang-dui', '队员', true],
};

export const DOCUMENT = '试政办发〔2023〕5号';
export const PLANS = { own: 'plan-jia', foreign: 'plan-yi' } as const;
export const GROUPS = { own: 'zu-jia', foreign: 'zu-yi' } as const;
export const KIND = 'tufa-shijian';

const group = (code: string, name: string, host: string, leader: string | null) => ({
  ...{ code, name, kind: 'leading_group', documentNumber: DOCUMENT },
  office: { hostUnit: host, director: `${host}.zhuren`, deputyDirector: null },
  leader,
});

/** @param mark begins every printed name, so that what leaks from one county to the other can be seen */
export function worldBundle(jurisdiction: string, mark: string): ImportBundle {
  const source = { documentNumber: DOCUMENT, lines: [1, 2] };
  return importBundle.parse({
    jurisdiction,
    jurisdictions: [
      {
        ...{ code: jurisdiction, name: `${mark}县`, timeZone: 'Asia/Shanghai' },
        supervisionUnits: ['duchashi'],
        administratorPosts: ['jigou-ban.zhuren'],
        incidentOffices: ['xianwei-ban', 'zhengfu-ban'],
        incidentSupervision: ['duchashi'],
        mainLeaders: [],
        signalUnits: ['xiaofang-dui'],
      },
    ],
    units: Object.entries(UNITS).map(([code, [name, kind]]) => ({
      ...{ code, name: `${mark}${name}`, kind },
      ...(code === 'qiantou-ju' ? { leaderInCharge: 'renmin-zhengfu.fu-xianzhang' } : {}),
    })),
    posts: Object.entries(POSTS).map(([code, [, unit, title, head]]) => ({ code, unit, title, head })),
    people: Object.entries(PEOPLE).map(([who, code]) => ({ code, name: `${mark}${who}` })),
    appointments: Object.entries(POSTS).map(([post, [who]]) => ({ post, person: PEOPLE[who] })),
    documents: [{ number: DOCUMENT, title: `${mark}文件`, issuedOn: '2023-05-08' }],
    groups: [
      group(GROUPS.own, `${mark}甲组`, 'bangong-ju', 'renmin-zhengfu.fu-xianzhang'),
      group(GROUPS.foreign, `${mark}乙组`, 'lingban-ju', null),
    ],
    plans: [
      { code: PLANS.own, documentNumber: DOCUMENT, list: '甲清单', title: `${mark}甲方案`, group: GROUPS.own },
      { code: PLANS.foreign, documentNumber: DOCUMENT, list: '乙清单', title: `${mark}乙方案`, group: GROUPS.foreign },
    ],
    incidentKinds: [
      {
        ...{ code: KIND, category: 'sudden_event', name: '突发事件', followsUp: true, source },
        rule: { when: 'after_event', minutes: 40 },
      },
    ],
  });
}
