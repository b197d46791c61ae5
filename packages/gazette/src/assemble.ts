import { appointments } from './appointments.ts';
import { type Bundle, bundle } from './bundle.ts';
import { type DutyRulesFile, resolveDutyRules } from './duty-rules.ts';
import type { DocumentFile, JurisdictionFile, PeopleFile, PostsFile, SeatReference, UnitsFile } from './file-schema.ts';
import { type IncidentKindsFile, incidentKinds } from './incident-kinds.ts';
import { NameIndex } from './names.ts';
import { type Attempt, attempts } from './problems.ts';
import { registers } from './registers.ts';

/** What one county's folder holds, parsed. */
export interface CountyFiles {
  jurisdiction: JurisdictionFile;
  units: UnitsFile;
  people: PeopleFile;
  posts: PostsFile;
  documents: DocumentFile[];
  incidentKinds: IncidentKindsFile;
  dutyRules: DutyRulesFile;
  contradictions: Bundle['contradictions'];
}

/** A file of a document with the number it belongs to. */
export type NumberedFile = DocumentFile & { readonly number: string };

const seatNumerals = '一二三四五六七八九十';

/** Titles must differ within a unit, so that a post can be named in words: 副县长（三）. */
function seatTitle({ title, seat }: PostsFile['posts'][number]): string {
  return seat === undefined ? title : `${title}（${seatNumerals[seat - 1]}）`;
}

/**
 * Resolves every printed name of a county's files to codes.
 * @throws Error with every unknown, ambiguous or doubled name, each with the record it stands in.
 */
export function assemble(files: CountyFiles): Bundle {
  const problems: string[] = [];
  const groups = files.documents.flatMap((file) => file.groups);
  const index = new NameIndex(files.units, files.posts.posts, files.people.people, groups);
  const attempt = attempts(problems);
  const documents = numbered(files.documents, problems);
  const result = {
    jurisdiction: files.jurisdiction.code,
    mode: 'merge' as const,
    ...structure(files, index, attempt),
    ...contents(documents, index, attempt),
    ...registers(documents, index, attempt),
    incidentKinds: attempt('incident kinds', () => incidentKinds(files.incidentKinds)).flat(),
    policies: [],
    contradictions: files.contradictions,
  };
  const [dutyRules] = attempt('duty rules', () => resolveDutyRules(files.dutyRules, index));
  problems.push(...doubled(result));
  if (problems.length > 0) throw new Error(`the county's data does not hold together:\n${problems.join('\n')}`);
  return bundle.parse({ ...result, dutyRules });
}

/** The lists of a long document stand in files of their own, which name it. */
function numbered(files: readonly DocumentFile[], problems: string[]): NumberedFile[] {
  const known = new Set(files.map(({ document }) => document?.number));
  return files.flatMap((file) => {
    const number = file.document?.number ?? file.partOf;
    if (number !== undefined && known.has(number)) return [{ ...file, number }];
    problems.push(`a file is part of “${number}”, which no file prints`);
    return [];
  });
}

type Structure = Pick<Bundle, 'jurisdictions' | 'units' | 'posts' | 'people' | 'appointments'>;
type Contents = Pick<Bundle, 'documents' | 'groups' | 'plans' | 'tasks'>;

function structure(files: CountyFiles, index: NameIndex, attempt: Attempt): Structure {
  return {
    jurisdictions: attempt('jurisdiction', () => jurisdictions(files, index)).flat(),
    units: files.units.units.flatMap(({ parent, ...unit }) =>
      attempt(unit.code, () => (parent === undefined ? unit : { ...unit, parent: index.unit(parent) })),
    ),
    posts: files.posts.posts.flatMap((post) =>
      attempt(post.code, () => ({
        code: post.code,
        unit: index.unit(post.unit),
        title: seatTitle(post),
        ...(post.head === undefined ? {} : { head: post.head }),
        sourceLines: post.sourceLines,
      })),
    ),
    people: files.people.people.flatMap(({ code, name }) =>
      attempt(code, () => ({ code, name, sourceLines: linesOfPerson(files, name) })),
    ),
    appointments: appointments(files, index, attempt),
  };
}

/** Where a person is printed: with a post, in a notice, or among the leaders of a register. */
function linesOfPerson({ posts, documents }: CountyFiles, name: string): [number, number] {
  const places = [
    ...posts.posts.filter(({ holder }) => holder === name),
    ...documents.flatMap(({ appointments: notices }) => notices.filter(({ person }) => person === name)),
    ...documents.flatMap(({ subjects }) => subjects.filter(({ leaders }) => leaders.includes(name))),
  ];
  const [place] = places;
  if (place === undefined) throw new Error(`${name} is printed nowhere`);
  return place.sourceLines;
}

/** The county, the prefecture above it and the townships below: a township's unit bears its division code. */
function jurisdictions(files: CountyFiles, index: NameIndex): Bundle['jurisdictions'] {
  const { sourceLines: _lines, parentName, ...county } = files.jurisdiction;
  const { code, parent, timeZone } = county;
  const below = files.units.units.filter((unit) => unit.kind === 'township' && unit.code.startsWith(code));
  const without = {
    ...{ timeZone, supervisionUnits: [], administratorPosts: [], holidayNotices: [] },
    ...{ incidentOffices: [], incidentSupervision: [], mainLeaders: [], signalUnits: [] },
  };
  const units = (names: readonly string[]) => names.map((name) => index.unit(name));
  return [
    {
      ...county,
      supervisionUnits: units(county.supervisionUnits),
      administratorPosts: county.administratorPosts.map((name) => index.post(name)),
      incidentOffices: units(county.incidentOffices),
      incidentSupervision: units(county.incidentSupervision),
      mainLeaders: county.mainLeaders.map((post) => index.post(post)),
      signalUnits: units(county.signalUnits),
    },
    ...(parent === undefined || parentName === undefined ? [] : [{ ...without, code: parent, name: parentName }]),
    ...below.map((unit) => ({ ...without, code: unit.code, name: unit.name, parent: code })),
  ];
}

function contents(files: readonly NumberedFile[], index: NameIndex, attempt: Attempt): Contents {
  return {
    documents: files.flatMap(({ document }) => document ?? []),
    groups: files.flatMap((file) =>
      file.groups.flatMap((group) => attempt(group.code, () => groupRecord(group, file, index))),
    ),
    plans: files.flatMap((file) =>
      file.plans.flatMap(({ group, ...plan }) =>
        attempt(plan.code, () => {
          const answering = group === null ? null : index.group(group);
          return { ...plan, documentNumber: file.number, group: answering };
        }),
      ),
    ),
    tasks: files.flatMap((file) =>
      file.tasks.flatMap((task) => attempt(`${task.list} ${task.seq}`, () => taskRecord(task, file, index))),
    ),
  };
}

function groupRecord(
  group: DocumentFile['groups'][number],
  file: NumberedFile,
  index: NameIndex,
): Bundle['groups'][number] {
  const post = (reference: SeatReference | null) => (reference === null ? null : index.post(reference));
  return {
    code: group.code,
    name: group.name,
    kind: group.kind,
    documentNumber: file.number,
    parent: group.parent === undefined ? null : index.group(group.parent),
    office: group.office && {
      hostUnit: index.unit(group.office.host),
      director: post(group.office.director),
      deputyDirector: post(group.office.deputyDirector),
    },
    leader: post(group.leader),
    firstDeputy: post(group.firstDeputy),
    deputies: group.deputies.map((each) => index.post(each)),
    members: group.members.map((each) => index.post(each)),
    sourceLines: group.sourceLines,
    notes: group.notes,
  };
}

function taskRecord(
  task: DocumentFile['tasks'][number],
  file: NumberedFile,
  index: NameIndex,
): Bundle['tasks'][number] {
  const {
    dueLines: _due,
    unitLines: _unit,
    leaderLines: _leader,
    textLines: _text,
    titleLines: _title,
    ...printed
  } = task;
  const lead = index.unitsOf(task.leadUnits);
  const responsible = index.unitsOf(task.responsibleUnits);
  return {
    ...printed,
    documentNumber: file.number,
    leadUnits: lead.units,
    responsibleUnits: responsible.units.filter((unit) => !lead.units.includes(unit)),
    leaders: task.leaders.map((each) => index.post(each)),
    milestones: task.milestones.map(({ textLines: _torn, ...milestone }) => milestone),
    targets: task.targets.map((target) => ({
      ...target,
      leadUnits: index.unitsOf(target.leadUnits).units,
      responsibleUnits: index.unitsOf(target.responsibleUnits).units,
    })),
    notes: [...new Set([...task.notes, ...lead.notes, ...responsible.notes])],
  };
}

/** Codes, printed people and list rows that occur twice. */
function doubled(result: Omit<Bundle, 'jurisdictions' | 'dutyRules'>): string[] {
  const keys: Record<string, string[]> = {
    unit: result.units.map((each) => each.code),
    post: result.posts.map((each) => each.code),
    title: result.posts.map((each) => `${each.unit} ${each.title}`),
    person: result.people.map((each) => each.code),
    name: result.people.map((each) => each.name),
    document: result.documents.map((each) => each.number),
    group: result.groups.map((each) => each.code),
    groupName: result.groups.map((each) => each.name),
    plan: result.plans.map((each) => each.code),
    task: result.tasks.map((each) => `${each.documentNumber} ${each.list} ${each.seq}`),
    subject: [...result.subjects, ...result.demonstrationPoints].map((each) => each.code),
    duty: result.duties.map((each) => each.code),
    incidentKind: result.incidentKinds.map((each) => each.code),
    threshold: result.thresholds.map((each) => each.code),
    rating: result.ratings.map((each) => each.code),
    contradiction: result.contradictions.map((each) => each.code),
  };
  return Object.entries(keys).flatMap(([kind, values]) =>
    values.filter((value, at) => values.indexOf(value) !== at).map((value) => `${kind} “${value}” stands twice`),
  );
}
