import type { ImportBundle } from '@duban/application';
import { importBundle } from '@duban/contracts/http/imports';

export const COUNTY = '433122';
export const ADMINISTRATOR = 'admin';
export const GROUP = 'safety';
export const PLAN = 'plan';
export const TIME_ZONE = 'Asia/Shanghai';
const PREFECTURE = '433100';

/** Posts of the small county, and the unit each belongs to. The first post of a unit heads it. */
export const POSTS = {
  'bureau-a': ['a.head', 'a.staff'],
  'bureau-b': ['b.head'],
  'office-unit': ['director', 'deputy-director'],
  government: ['leader', 'deputy-leader'],
  supervision: ['inspector'],
} as const;
export const UNITS = Object.keys(POSTS) as (keyof typeof POSTS)[];
export const BUREAUS = ['bureau-a', 'bureau-b'] as const;
export const SEATS: readonly string[] = Object.values(POSTS).flat();
/** More people than posts: some hold none until they are appointed. */
export const PEOPLE = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9', 'p10', 'p11'] as const;

const workingDays = (amount: number) => ({ unit: 'working_days' as const, amount });

/** How a county may differ from another. */
export interface World {
  /** Working days from the due instant to each step of the ladder, never fewer than for the step before. */
  readonly stepDays: readonly number[];
  readonly remindDaysBefore: readonly number[];
  /** Working days to acknowledge the first step in; null: none are given. */
  readonly acknowledgeDays: number | null;
  readonly monthlyCircular: boolean;
  /** Posts nobody holds at the beginning. */
  readonly vacant: readonly string[];
  readonly digestWindowMinutes: number;
  /** A weekly duty of both bureaus. */
  readonly weeklyDuty: boolean;
  /** Messages leave by a channel, too. */
  readonly channel: boolean;
}

const TARGETS = [
  ['office'],
  ['deputy_leader'],
  ['group_leader', 'supervision_office'],
  ['supervision_office'],
] as const;

/** The county as an administrator's file would bring it. */
export function bundleOf(world: World): ImportBundle {
  const steps = world.stepDays.map((days, index) => ({
    delay: workingDays(days),
    targets: [...(TARGETS[Math.min(index, TARGETS.length - 1)] ?? [])],
    action: world.monthlyCircular && index === world.stepDays.length - 1 ? 'circular' : 'escalate',
    acknowledgeWithin: index === 0 && world.acknowledgeDays !== null ? workingDays(world.acknowledgeDays) : null,
    holdOnAcknowledgement: workingDays(2),
    urgent: false,
    repeat: world.monthlyCircular && index === world.stepDays.length - 1 ? 'monthly' : null,
  }));
  const documentNumber = '泸办〔2023〕1号';
  return importBundle.parse({
    jurisdiction: COUNTY,
    jurisdictions: [jurisdictionOf(world)],
    units: UNITS.map((code) => ({
      ...{ code, name: code, kind: 'bureau' },
      leaderInCharge: BUREAUS.some((bureau) => bureau === code) ? 'deputy-leader' : null,
    })),
    posts: UNITS.flatMap((unit) => POSTS[unit].map((code, at) => ({ code, unit, title: code, head: at === 0 }))),
    people: [...PEOPLE, ADMINISTRATOR].map((code) => ({ code, name: code })),
    appointments: SEATS.flatMap((post, at) => {
      const person = PEOPLE[at];
      return person === undefined || world.vacant.includes(post) ? [] : [{ post, person }];
    }),
    documents: [{ number: documentNumber, title: '安全生产' }],
    groups: [
      {
        ...{ code: GROUP, name: '安全生产专班', kind: 'task_force', documentNumber },
        office: { hostUnit: 'office-unit', director: 'director', deputyDirector: 'deputy-director' },
        ...{ leader: 'leader', deputies: ['deputy-leader'], members: [] },
      },
    ],
    policies: [
      {
        ...{ code: 'ladder', name: 'ladder', steps, remindWorkingDaysBefore: [...world.remindDaysBefore] },
        ...{ minimumGap: { unit: 'working_minutes', amount: 60 }, verifyWithin: workingDays(5), source: '模拟' },
      },
    ],
    plans: [{ code: PLAN, documentNumber, list: '清单', title: '清单', group: GROUP, policy: 'ladder' }],
    incidentKinds: [
      {
        ...{ code: 'fire', category: 'sudden_event', name: '火灾', followsUp: true },
        rule: { when: 'after_event', minutes: 40 },
        source: { documentNumber: '泸办通〔2023〕19号' },
      },
    ],
    duties: world.weeklyDuty ? [weeklyDuty(documentNumber)] : [],
  });
}

function jurisdictionOf(world: World) {
  return {
    ...{ code: COUNTY, name: '模拟县', parent: PREFECTURE, timeZone: TIME_ZONE },
    ...{ digestWindowMinutes: world.digestWindowMinutes, supervisionUnits: ['supervision'] },
    ...{ administratorPosts: ['inspector'], incidentOffices: ['office-unit'], mainLeaders: ['leader'] },
    ...{ incidentSupervision: ['supervision'], signalUnits: ['government'] },
  };
}

function weeklyDuty(documentNumber: string) {
  return {
    ...{ code: 'weekly', kind: 'report', title: '周报', text: '每周报告', basis: { documentNumber } },
    ...{ group: GROUP, requester: 'office-unit', owners: BUREAUS.map((unit) => `unit:${unit}`) },
    ...{ period: { every: 'week', weekday: 5 }, shift: 'keep', from: '2023-05-15', until: '2024-03-31' },
  };
}

/** A change of the calendar: a local day on which nobody works, or everybody does. */
export function calendarEdit(world: World, days: readonly { readonly date: string; readonly working: boolean }[]) {
  const localDays = days.map(({ date, working }) => ({ date, working, name: working ? '调班' : '州庆' }));
  return importBundle.parse({ jurisdiction: COUNTY, jurisdictions: [{ ...jurisdictionOf(world), localDays }] });
}

export interface Held {
  readonly post: string;
  readonly person: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Who holds what, as a file says it. */
export function appointmentsEdit(appointments: readonly Held[]): ImportBundle {
  const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString().replace('.000Z', 'Z'));
  return importBundle.parse({
    jurisdiction: COUNTY,
    appointments: appointments.map(({ from, to, ...held }) => ({ ...held, from: instant(from), to: instant(to) })),
  });
}
