import { parseInstant } from '@duban/calendar';
import {
  type Actor,
  type CommandContext,
  DEFAULT_DIGEST_MORNING_AT,
  DEFAULT_DIGEST_WINDOW_MINUTES,
  DEFAULT_TASK_POLICY,
  DEFAULT_WORKING_HOURS,
  type Group,
  type Plan,
  Structure,
  type StructureData,
  seatsOf,
  type TaskCommand,
  type TaskDefinition,
} from '../src/index.ts';

/** `2023-09-01T00:00` on a Luxi wall clock, as an instant. */
export function at(local: string): number {
  const instant = parseInstant(`${local}${local.length === 16 ? ':00' : ''}+08:00`);
  if (instant === null) throw new Error(`not an instant: ${local}`);
  return instant;
}

const POSTS: readonly (readonly [post: string, unit: string, head?: 'head'])[] = [
  ['kgx-head', 'kgx', 'head'],
  ['fgj-head', 'fgj', 'head'],
  ['jj-director', 'jj'],
  ['jj-deputy', 'jj'],
  ['jj-head', 'jj', 'head'],
  ['mayor', 'gov'],
  ['first-deputy', 'gov'],
  ['second-deputy', 'gov'],
  ['top-director', 'gov'],
  ['inspector', 'dcs', 'head'],
  ['clerk', 'gov'],
  ['secretary', 'gov'],
  ['xwb-head', 'xwb', 'head'],
  ['zfb-head', 'zfb', 'head'],
  ['officer', 'police', 'head'],
  ['zhen-head', 'zhen', 'head'],
];

const group: Omit<Group, 'code' | 'name'> = {
  kind: 'task_force',
  documentNumber: '泸政办发〔2023〕5号',
  parent: null,
  office: null,
  leader: null,
  firstDeputy: null,
  deputies: [],
  members: [],
};

export const DATA: StructureData = {
  jurisdiction: {
    code: '433122',
    name: '泸溪县',
    parent: '433100',
    timeZone: 'Asia/Shanghai',
    workingHours: DEFAULT_WORKING_HOURS,
    digestMorningAt: DEFAULT_DIGEST_MORNING_AT,
    digestWindowMinutes: DEFAULT_DIGEST_WINDOW_MINUTES,
    supervisionUnits: ['dcs'],
    administratorPosts: ['clerk'],
    localDays: [],
    holidayNotices: [],
    incidentOffices: ['xwb', 'zfb'],
    mainLeaders: ['secretary', 'mayor'],
    incidentSupervision: ['dcs', 'xwdcs'],
    signalUnits: ['police'],
  },
  units: ['kgx', 'fgj', 'jj', 'gov', 'dcs', 'xwdcs', 'xwb', 'zfb', 'police', 'zhen'].map((code) => ({
    code,
    name: `县${code}`,
    aliases: [],
    kind: code === 'zhen' ? 'township' : 'bureau',
    parent: null,
    leaderInCharge: code === 'kgx' ? 'second-deputy' : null,
  })),
  posts: POSTS.map(([code, unit, head]) => ({ code, unit, title: code, head: head === 'head' })),
  people: POSTS.map(([code]) => ({ code: `p-${code}`, name: code })),
  appointments: POSTS.map(([post]) => ({ post, person: `p-${post}`, from: null, to: null })),
  documents: [{ number: '泸政办发〔2023〕7号', title: '三送三解三优', issuer: null, issuedOn: '2023-05-30' }],
  groups: [
    {
      ...group,
      code: 'top',
      name: '总指挥中心',
      office: { hostUnit: 'gov', director: 'top-director', deputyDirector: null },
    },
    {
      ...group,
      code: 'force',
      name: '专班',
      parent: 'top',
      office: { hostUnit: 'jj', director: 'jj-director', deputyDirector: 'jj-deputy' },
      leader: 'mayor',
      firstDeputy: 'first-deputy',
      deputies: ['second-deputy'],
    },
  ],
  policies: [],
  plans: [],
  incidentKinds: [],
  subjects: [],
  duties: [],
};

export const STRUCTURE = new Structure(DATA, 1);

/** The structure with the given posts left vacant. */
export function vacant(...posts: readonly string[]): Structure {
  const appointments = DATA.appointments.filter(({ post }) => !posts.includes(post));
  return new Structure({ ...DATA, appointments }, 2);
}

export function actor(person: string, bootstrapAdmin = false): Actor {
  return { person: `p-${person}`, bootstrapAdmin };
}

/** @param person holder of the post of that code */
export function as(person: string, now: number, structure: Structure = STRUCTURE): CommandContext {
  const { calendar } = structure;
  return { now, calendar, structure, actor: `p-${person}`, seats: seatsOf(structure, actor(person), now) };
}

export const DEFINITION: TaskDefinition = {
  title: '安全生产标准化',
  text: '完成达标。',
  plan: 'safety',
  group: 'force',
  documentNumber: '泸政办发〔2023〕5号',
  list: '安全生产',
  seq: 1,
  leadUnits: ['kgx'],
  responsibleUnits: ['fgj'],
  leaders: [],
  dueAt: at('2023-09-01T00:00'),
  dueText: '2023年8月底前',
  ongoing: false,
  milestones: [],
  targets: [],
  source: null,
  notes: [],
};

export function assignment(definition: Partial<TaskDefinition> = {}): Extract<TaskCommand, { type: 'Assign' }> {
  return {
    type: 'Assign',
    taskId: 'task_safety-1',
    definition: { ...DEFINITION, ...definition },
    policy: DEFAULT_TASK_POLICY,
    importId: null,
  };
}

export const REPORT: Extract<TaskCommand, { type: 'ReportProgress' }> = {
  type: 'ReportProgress',
  unit: null,
  text: null,
  percent: null,
  noChange: true,
  reached: [],
  answers: [],
};

/** 安全生产 of the task force, and the structure with it. */
export const PLAN: Plan = {
  code: 'safety',
  documentNumber: '泸政办发〔2023〕5号',
  list: '安全生产',
  title: '安全生产翻身仗任务清单',
  group: 'force',
  policy: 'default-task',
};
export const WITH_PLAN = new Structure({ ...DATA, plans: [PLAN] }, 2);
