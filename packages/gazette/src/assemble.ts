import { type Bundle, bundle } from './bundle.ts';
import type { DocumentFile, JurisdictionFile, PeopleFile, PostsFile, UnitsFile } from './file-schema.ts';
import { NameIndex } from './names.ts';

/** What one county's folder holds, parsed. */
export interface CountyFiles {
  jurisdiction: JurisdictionFile;
  units: UnitsFile;
  people: PeopleFile;
  posts: PostsFile;
  documents: DocumentFile[];
  contradictions: Bundle['contradictions'];
}

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
  const index = new NameIndex(files.units, files.posts.posts);
  const attempt = attempts(problems);
  const result = {
    jurisdiction: files.jurisdiction.code,
    mode: 'merge' as const,
    ...structure(files, index, attempt),
    ...documents(files.documents, index, attempt),
    policies: [],
    contradictions: files.contradictions,
  };
  problems.push(...doubled(result));
  if (problems.length > 0) throw new Error(`the county's data does not hold together:\n${problems.join('\n')}`);
  return bundle.parse(result);
}

type Structure = Pick<Bundle, 'jurisdictions' | 'units' | 'posts' | 'people' | 'appointments'>;
type Documents = Pick<Bundle, 'documents' | 'groups' | 'plans' | 'tasks'>;

function structure(files: CountyFiles, index: NameIndex, attempt: Attempt): Structure {
  const { sourceLines: _lines, ...jurisdiction } = files.jurisdiction;
  return {
    jurisdictions: attempt('jurisdiction', () => ({
      ...jurisdiction,
      supervisionUnits: jurisdiction.supervisionUnits.map((name) => index.unit(name)),
      administratorPosts: jurisdiction.administratorPosts.map((name) => index.post(name)),
    })),
    units: files.units.units.flatMap(({ parent, ...unit }) =>
      attempt(unit.code, () => (parent === undefined ? unit : { ...unit, parent: index.unit(parent) })),
    ),
    posts: files.posts.posts.map((post) => ({
      code: post.code,
      unit: index.unit(post.unit),
      title: seatTitle(post),
      ...(post.head === undefined ? {} : { head: post.head }),
      sourceLines: post.sourceLines,
    })),
    people: files.people.people,
    appointments: appointments(files, attempt),
  };
}

/** Groups are named across documents: a later one may hang its task force below an earlier one's leading group. */
function documents(files: DocumentFile[], index: NameIndex, attempt: Attempt): Documents {
  const groups = new Map(files.flatMap((file) => file.groups.map((each) => [each.name, each.code])));
  const groupCode = (name: string): string => {
    const found = groups.get(name);
    if (found === undefined) throw new Error(`no group is named “${name}”`);
    return found;
  };
  return {
    documents: files.map((file) => file.document),
    groups: files.flatMap((file) =>
      file.groups.flatMap((group) => attempt(group.code, () => groupRecord(group, file, index, groupCode))),
    ),
    plans: files.flatMap((file) =>
      file.plans.flatMap(({ group, ...plan }) =>
        attempt(plan.code, () => ({ ...plan, documentNumber: file.document.number, group: groupCode(group) })),
      ),
    ),
    tasks: files.flatMap((file) =>
      file.tasks.flatMap((task) => attempt(`${task.list} ${task.seq}`, () => taskRecord(task, file, index))),
    ),
  };
}

type Attempt = <T>(record: string, build: () => T) => T[];

/** Collects the fault of each record instead of stopping at the first. */
function attempts(problems: string[]): Attempt {
  return (record, build) => {
    try {
      return [build()];
    } catch (error) {
      problems.push(`${record}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };
}

function appointments(files: CountyFiles, attempt: Attempt): Bundle['appointments'] {
  const people = new Map(files.people.people.map(({ code, name }) => [name, code]));
  return files.posts.posts.flatMap(({ code, holder, sourceLines }) => {
    if (holder === undefined) return [];
    return attempt(code, () => {
      const person = people.get(holder);
      if (person === undefined) throw new Error(`no person is named “${holder}”`);
      return { post: code, person, from: null, to: null, sourceLines };
    });
  });
}

function groupRecord(
  group: DocumentFile['groups'][number],
  file: DocumentFile,
  index: NameIndex,
  groupCode: (name: string) => string,
): Bundle['groups'][number] {
  const post = (reference: Parameters<NameIndex['post']>[0] | null) =>
    reference === null ? null : index.post(reference);
  return {
    code: group.code,
    name: group.name,
    kind: group.kind,
    documentNumber: file.document.number,
    ...(group.parent === undefined ? {} : { parent: groupCode(group.parent) }),
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
  file: DocumentFile,
  index: NameIndex,
): Bundle['tasks'][number] {
  const { dueLines: _due, unitLines: _unit, leaderLines: _leader, ...printed } = task;
  const lead = index.unitsOf(task.leadUnits);
  const responsible = index.unitsOf(task.responsibleUnits);
  return {
    ...printed,
    documentNumber: file.document.number,
    leadUnits: lead.units,
    responsibleUnits: responsible.units,
    leaders: task.leaders.map((each) => index.post(each)),
    notes: [...task.notes, ...lead.notes, ...responsible.notes],
  };
}

/** Codes, printed people and list rows that occur twice. */
function doubled(result: Omit<Bundle, 'jurisdictions'>): string[] {
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
    contradiction: result.contradictions.map((each) => each.code),
  };
  return Object.entries(keys).flatMap(([kind, values]) =>
    values.filter((value, at) => values.indexOf(value) !== at).map((value) => `${kind} “${value}” stands twice`),
  );
}
