import { createCalendar, type Instant, isPlainDate, parseInstant } from '@duban/calendar';
import type { DocumentRecord, Jurisdiction, Structure, StructureData } from '@duban/domain';
import type { RecordChange } from '../ports.ts';
import { type Merged, mergeKind } from './diff.ts';
import { resolveDuties, resolveSubjects } from './duty-bundle.ts';
import { NameIndex } from './names.ts';
import { problem } from './requirements.ts';
import type {
  ImportBundle,
  ImportedAppointment,
  ImportedDocument,
  ImportedGroup,
  ImportedJurisdiction,
  KindDifference,
  ProblemSink,
} from './types.ts';

export interface StructurePlan {
  readonly data: StructureData;
  readonly changes: readonly RecordChange[];
  readonly difference: Readonly<Record<string, KindDifference>>;
  readonly names: NameIndexes;
}

export interface NameIndexes {
  readonly units: NameIndex;
  readonly posts: NameIndex;
}

/** What the structure would be with a bundle laid over it; every fault goes to `problems`. */
export function planStructure(current: Structure, bundle: ImportBundle, problems: ProblemSink): StructurePlan {
  const { data } = current;
  const { mode } = bundle;
  const unitRecords = merged(data.units, bundle.units, mode);
  const units = new NameIndex(
    'unit',
    '单位',
    unitRecords.map(({ code, name, aliases }) => ({ code, names: [name, ...aliases] })),
  );
  const unitNames = new Map(unitRecords.map((unit) => [unit.code, [unit.name, ...unit.aliases]]));
  const resolvedPosts = bundle.posts?.map((post, index) => ({
    ...post,
    unit: units.resolve(post.unit, `/posts/${index}/unit`, problems),
  }));
  const posts = new NameIndex(
    'post',
    '岗位',
    merged(data.posts, resolvedPosts, mode).map(({ code, unit, title }) => ({
      code,
      names: (unitNames.get(unit) ?? []).map((name) => `${name}${title}`),
    })),
  );
  const people = new NameIndex(
    'person',
    '人员',
    merged(data.people, bundle.people, mode).map(({ code, name }) => ({ code, names: [name] })),
  );
  const jurisdiction = jurisdictionOf(data.jurisdiction, bundle, units, posts, problems);
  const parties = { units, posts, townships: unitRecords.filter(({ kind }) => kind === 'township').map(byCode) };
  const kinds = {
    units: mergeKind('units', data.units, resolveUnits(bundle, current, units, posts, problems), byCode, mode),
    posts: mergeKind('posts', data.posts, resolvedPosts ?? null, byCode, mode),
    people: mergeKind('people', data.people, bundle.people ?? null, byCode, mode),
    appointments: mergeKind(
      'appointments',
      data.appointments,
      bundle.appointments?.map((appointment, index) =>
        appointmentOf(appointment, `/appointments/${index}`, jurisdiction, posts, people, problems),
      ) ?? null,
      ({ post, person, from }) => `${post}/${person}/${from ?? ''}`,
      mode,
    ),
    documents: mergeKind(
      'documents',
      data.documents,
      bundle.documents?.map(documentOf) ?? null,
      ({ number }) => number,
      mode,
    ),
    groups: mergeKind(
      'groups',
      data.groups,
      bundle.groups?.map((group, index) => groupOf(group, `/groups/${index}`, units, posts, problems)) ?? null,
      byCode,
      mode,
    ),
    policies: mergeKind('policies', data.policies, bundle.policies ?? null, byCode, mode),
    plans: mergeKind('plans', data.plans, bundle.plans ?? null, byCode, mode),
    incidentKinds: mergeKind('incidentKinds', data.incidentKinds, bundle.incidentKinds ?? null, byCode, mode),
    subjects: mergeKind('subjects', data.subjects, resolveSubjects(bundle, parties, problems), byCode, mode),
    duties: mergeKind('duties', data.duties, resolveDuties(bundle, parties, problems), byCode, mode),
  };
  const next: StructureData = {
    jurisdiction,
    units: kinds.units.records,
    posts: kinds.posts.records,
    people: kinds.people.records,
    appointments: kinds.appointments.records,
    documents: kinds.documents.records,
    groups: kinds.groups.records,
    policies: kinds.policies.records,
    plans: kinds.plans.records,
    incidentKinds: kinds.incidentKinds.records,
    subjects: kinds.subjects.records,
    duties: kinds.duties.records,
  };
  const own = mergeKind(
    'jurisdictions',
    [data.jurisdiction],
    bundle.jurisdictions === undefined ? null : [jurisdiction],
    byCode,
    'merge',
  );
  const all: Readonly<Record<string, Merged<unknown>>> = { jurisdictions: own, ...kinds };
  return {
    data: next,
    changes: Object.values(all).flatMap((kind) => kind.changes),
    difference: Object.fromEntries(Object.entries(all).map(([kind, { difference }]) => [kind, difference])),
    names: { units, posts },
  };
}

const byCode = ({ code }: { readonly code: string }): string => code;

function merged<T extends { readonly code: string }>(
  before: readonly T[],
  imported: readonly T[] | undefined,
  mode: 'merge' | 'replace',
): readonly T[] {
  return mergeKind('', before, imported ?? null, byCode, mode).records;
}

function resolveUnits(
  bundle: ImportBundle,
  current: Structure,
  units: NameIndex,
  posts: NameIndex,
  problems: ProblemSink,
) {
  return (
    bundle.units?.map(({ leaderInCharge, ...unit }, index) => ({
      ...unit,
      parent: units.resolveOptional(unit.parent, `/units/${index}/parent`, problems),
      leaderInCharge:
        leaderInCharge === undefined
          ? (current.unit(unit.code)?.leaderInCharge ?? null)
          : posts.resolveOptional(leaderInCharge, `/units/${index}/leaderInCharge`, problems),
    })) ?? null
  );
}

function jurisdictionOf(
  before: Jurisdiction,
  bundle: ImportBundle,
  units: NameIndex,
  posts: NameIndex,
  problems: ProblemSink,
): Jurisdiction {
  const index = bundle.jurisdictions?.findIndex(({ code }) => code === bundle.jurisdiction) ?? -1;
  const imported = bundle.jurisdictions?.[index];
  if (imported === undefined) return before;
  const at = `/jurisdictions/${index}`;
  const fault = calendarFault(imported);
  if (fault !== null) {
    problems.push(
      problem(`${at}/${fault}`, 'invalid_value', `This ${fault} makes no calendar.`, '无法据此计算工作时间。'),
    );
    return before;
  }
  const named = (
    index: NameIndex,
    field: 'incidentOffices' | 'mainLeaders' | 'incidentSupervision' | 'signalUnits',
  ) => {
    const names = imported[field];
    return names === undefined ? before[field] : index.resolveAll(names, `${at}/${field}`, problems);
  };
  return {
    ...imported,
    supervisionUnits: units.resolveAll(imported.supervisionUnits, `${at}/supervisionUnits`, problems),
    administratorPosts: posts.resolveAll(imported.administratorPosts, `${at}/administratorPosts`, problems),
    holidayNotices: imported.holidayNotices ?? before.holidayNotices,
    incidentOffices: named(units, 'incidentOffices'),
    mainLeaders: named(posts, 'mainLeaders'),
    incidentSupervision: named(units, 'incidentSupervision'),
    signalUnits: named(units, 'signalUnits'),
  };
}

/** The field that makes no sense as working time; a digest hour after work would never come. */
function calendarFault({
  timeZone,
  workingHours,
  localDays,
  digestMorningAt,
  holidayNotices = [],
}: ImportedJurisdiction): string | null {
  try {
    createCalendar({ timeZone });
  } catch {
    return 'timeZone';
  }
  try {
    createCalendar({ timeZone, workingHours, localDays });
  } catch {
    return 'workingHours';
  }
  try {
    createCalendar({ timeZone, notices: holidayNotices });
  } catch {
    return 'holidayNotices';
  }
  return workingHours.some(({ to }) => digestMorningAt < to) ? null : 'digestMorningAt';
}

/** A bundle may say more of a document (its lines in the gazette) than the structure keeps. */
function documentOf({ number, title, issuer, issuedOn }: ImportedDocument): DocumentRecord {
  return { number, title, issuer, issuedOn };
}

function appointmentOf(
  { post, person, from, to }: ImportedAppointment,
  at: string,
  jurisdiction: Jurisdiction,
  posts: NameIndex,
  people: NameIndex,
  problems: ProblemSink,
) {
  const begins = instantOf(from, 'start', jurisdiction, `${at}/from`, problems);
  const ends = instantOf(to, 'end', jurisdiction, `${at}/to`, problems);
  if (begins !== null && ends !== null && ends <= begins) {
    problems.push(problem(`${at}/to`, 'invalid_value', 'The appointment ends before it begins.', '任职结束早于开始。'));
  }
  return {
    post: posts.resolve(post, `${at}/post`, problems),
    person: people.resolve(person, `${at}/person`, problems),
    from: begins,
    to: ends,
  };
}

/** A date means its first instant, or its 24:00 when it names the end of something. */
export function instantOf(
  text: string | null,
  edge: 'start' | 'end',
  jurisdiction: Jurisdiction,
  pointer: string,
  problems: ProblemSink,
): Instant | null {
  if (text === null) return null;
  const calendar = createCalendar({ timeZone: jurisdiction.timeZone });
  if (isPlainDate(text)) return edge === 'start' ? calendar.startOfDay(text) : calendar.endOfDay(text);
  const instant = parseInstant(text);
  if (instant === null) {
    problems.push(
      problem(
        pointer,
        'invalid_date',
        'Neither a date nor an instant with offset.',
        '既不是日期，也不是带时区的时间。',
      ),
    );
  }
  return instant;
}

function groupOf(group: ImportedGroup, at: string, units: NameIndex, posts: NameIndex, problems: ProblemSink) {
  const post = (name: string | null, field: string) => posts.resolveOptional(name, `${at}/${field}`, problems);
  const { office } = group;
  return {
    ...group,
    office:
      office === null
        ? null
        : {
            hostUnit: units.resolve(office.hostUnit, `${at}/office/hostUnit`, problems),
            director: post(office.director, 'office/director'),
            deputyDirector: post(office.deputyDirector, 'office/deputyDirector'),
          },
    leader: post(group.leader, 'leader'),
    firstDeputy: post(group.firstDeputy, 'firstDeputy'),
    deputies: posts.resolveAll(group.deputies, `${at}/deputies`, problems),
    members: posts.resolveAll(group.members, `${at}/members`, problems),
  };
}
