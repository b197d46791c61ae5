import type { DutyDefinition, IncidentKind, Subject } from '@duban/domain';
import type { Bundle } from './bundle.ts';
import { issuerOf } from './hosts.ts';
import { runningDuties } from './running-duties.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Kinds<K extends keyof Bundle> = Bundle[K] extends (infer T)[]
  ? Without<T, 'sourceLines' | 'notes' | 'goals'>[]
  : never;
type Task = Bundle['tasks'][number];
type Group = Kinds<'groups'>[number];
type Unit = Kinds<'units'>[number] & { leaderInCharge: null };
type Plan = Without<Kinds<'plans'>[number], 'group'> & { group: string };

/** What an import accepts: notes stay on tasks and duties, lines on documents and whatever has a clock. */
export interface ImportBundle extends Pick<Bundle, 'jurisdiction' | 'mode' | 'jurisdictions' | 'policies'> {
  people: Kinds<'people'>;
  documents: Without<Bundle['documents'][number], 'notes'>[];
  units: Unit[];
  posts: Kinds<'posts'>;
  appointments: Kinds<'appointments'>;
  groups: Group[];
  plans: Plan[];
  incidentKinds: IncidentKind[];
  subjects: Subject[];
  duties: DutyDefinition[];
  tasks: (Omit<Task, 'milestones' | 'targets'> & {
    milestones: Without<Task['milestones'][number], 'sourceLines'>[];
    targets: Pick<Task['targets'][number], 'indicator' | 'value' | 'unit' | 'by'>[];
  })[];
}

/**
 * What of a county an import takes: its structure, duties and tasks, without what only a reader needs. Where the gazette
 * leaves open who answers for a task or a duty, somebody must all the same: the note on it says who and why.
 */
export function toImportBundle(county: Bundle): ImportBundle {
  const { jurisdiction, mode, jurisdictions, policies } = county;
  const groups = [...county.groups.map(({ notes: _notes, ...group }) => withoutLines(group)), ...standIns(county)];
  const plans = county.plans.map(({ notes: _notes, goals: _goals, ...plan }) => {
    const { sourceLines: _lines, ...record } = plan;
    return { ...record, group: plan.group ?? standInCode(plan.code) };
  });
  const hosts = hostsByList(county, plans, groups);
  return {
    ...{ jurisdiction, mode, policies, groups, plans },
    people: county.people.map(withoutLines),
    jurisdictions: jurisdictions.filter(({ code }) => code === jurisdiction),
    documents: county.documents.map(({ notes: _notes, ...document }) => document),
    // No document prints who is in charge of which unit (分管); a battle's first convenor is in charge of the battle.
    units: county.units.map((unit) => ({ ...withoutLines(unit), leaderInCharge: null })),
    posts: county.posts.map(withoutLines),
    appointments: county.appointments.map(withoutLines),
    incidentKinds: county.incidentKinds.map(
      ({ item: _item, text: _text, listedLines: _lines, notes: _notes, ...kind }) => kind,
    ),
    subjects: county.subjects.map(({ code, name, tier, highRisk, kind, township, leader, documentNumber }) => ({
      ...{ code, name, tier, highRisk, kind, township, leader, documentNumber },
    })),
    duties: runningDuties(county),
    tasks: county.tasks.map((task) => ({
      ...task,
      ...answering(task, hosts.get(listKey(task)) ?? null),
      milestones: task.milestones.map(withoutLines),
      targets: task.targets.map(({ indicator, value, unit, by }) => ({ indicator, value, unit, by })),
    })),
  };
}

/** A plan whose document prints no group is answered for by the office that issued the document. */
function standIns(county: Bundle): Group[] {
  return county.plans
    .filter(({ group }) => group === null)
    .map(({ code, documentNumber, title }): Group => {
      const host = issuerOf(county, documentNumber);
      return {
        code: standInCode(code),
        name: `${title}（原文未设机构，由制发机关办理）`,
        kind: 'leading_group',
        documentNumber,
        parent: null,
        office: host === null ? null : { hostUnit: host, director: null, deputyDirector: null },
        ...{ leader: null, firstDeputy: null, deputies: [], members: [] },
      };
    });
}

function standInCode(plan: string): string {
  return `${plan}.zhifa-jiguan`;
}

function listKey({ documentNumber, list }: { readonly documentNumber: string; readonly list: string }): string {
  return `${documentNumber} ${list}`;
}

/** The unit that hosts the office of each list's group; where none is printed, the one that issued the document. */
function hostsByList(
  county: Bundle,
  plans: readonly Plan[],
  groups: readonly Group[],
): ReadonlyMap<string, string | null> {
  const offices = new Map(groups.map(({ code, office }) => [code, office?.hostUnit]));
  return new Map(
    plans.map((plan) => [listKey(plan), offices.get(plan.group) ?? issuerOf(county, plan.documentNumber)]),
  );
}

/** More units than this do not lead together: nobody would. */
const JOINT_LEADS = 12;

/** Lead units as printed; else all responsible units together; else whoever runs the plan, until somebody corrects it. */
function answering(task: Task, host: string | null): Pick<Task, 'leadUnits' | 'responsibleUnits' | 'notes'> {
  const { leadUnits, responsibleUnits, notes } = task;
  if (leadUnits.length > 0) return { leadUnits, responsibleUnits, notes };
  if (responsibleUnits.length > 0 && (responsibleUnits.length <= JOINT_LEADS || host === null)) {
    const note = '导入说明：牵头单位原文未列或不能证明，由所列责任单位共同牵头。';
    return { leadUnits: responsibleUnits, responsibleUnits: [], notes: [...notes, note] };
  }
  const note =
    '导入说明：牵头单位原文未列或不能证明，责任单位未列或过多，暂由负责机构办公室所在单位（未设的由制发机关）牵头，请核实后更正。';
  return {
    leadUnits: host === null ? [] : [host],
    responsibleUnits: responsibleUnits.filter((unit) => unit !== host),
    notes: [...notes, note],
  };
}

function withoutLines<T extends { sourceLines: unknown }>({
  sourceLines: _lines,
  ...record
}: T): Omit<T, 'sourceLines'> {
  return record;
}
