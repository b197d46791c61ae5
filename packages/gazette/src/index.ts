import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { assemble, type CountyFiles } from './assemble.ts';
import type { Bundle } from './bundle.ts';
import { contradictionsFile, documentFile, jurisdictionFile, peopleFile, postsFile, unitsFile } from './file-schema.ts';

export type { Bundle } from './bundle.ts';

/** Counties whose gazette is in the data folder. */
export type CountyName = 'luxi';

/** A document's file starts with its year: 2023-zhengbanfa-5.yaml; the lists of a long one have files of their own. */
const documentFileName = /^\d{4}-[a-z0-9-]+(?:\.[a-z0-9-]+)*\.yaml$/;

/**
 * Reads one county's files, each parsed and checked by itself.
 * @throws Error naming the file and every fault in it
 */
export function readCountyFiles(name: CountyName): CountyFiles {
  const folder = new URL(`../data/${name}/`, import.meta.url);
  const read = <T extends z.ZodType>(file: string, schema: T): z.infer<T> => {
    const result = schema.safeParse(parse(readFileSync(new URL(file, folder), 'utf8')));
    if (result.success) return result.data;
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`${name}/${file}:\n${faults.join('\n')}`);
  };
  return {
    jurisdiction: read('jurisdiction.yaml', jurisdictionFile),
    units: read('units.yaml', unitsFile),
    people: read('people.yaml', peopleFile),
    posts: read('posts.yaml', postsFile),
    documents: readdirSync(folder)
      .filter((file) => documentFileName.test(file))
      .sort()
      .map((file) => read(file, documentFile)),
    contradictions: read('contradictions.yaml', contradictionsFile).contradictions,
  };
}

/**
 * One county's gazette, printed names resolved to codes.
 * @throws Error with every name that does not resolve, each with the record it stands in
 */
export function loadCounty(name: CountyName): Bundle {
  return assemble(readCountyFiles(name));
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Kinds<K extends keyof Bundle> = Bundle[K] extends (infer T)[]
  ? Without<T, 'sourceLines' | 'notes' | 'goals'>[]
  : never;
type Task = Bundle['tasks'][number];

/** What an import accepts: lines and notes stay on documents and tasks only. */
export interface ImportBundle
  extends Pick<Bundle, 'jurisdiction' | 'mode' | 'jurisdictions' | 'people' | 'documents' | 'policies'> {
  units: Kinds<'units'>;
  posts: Kinds<'posts'>;
  appointments: Kinds<'appointments'>;
  groups: Kinds<'groups'>;
  plans: Kinds<'plans'>;
  tasks: (Omit<Task, 'milestones' | 'targets'> & {
    milestones: Without<Task['milestones'][number], 'sourceLines'>[];
    targets: Pick<Task['targets'][number], 'indicator' | 'value' | 'unit' | 'by'>[];
  })[];
}

/** What of a county an import takes: structure, and the tasks with a lead unit, without what only a reader needs. */
export function toImportBundle(county: Bundle): ImportBundle {
  const { jurisdiction, mode, jurisdictions, people, documents, policies } = county;
  return {
    ...{ jurisdiction, mode, jurisdictions, people, documents, policies },
    units: county.units.map(withoutLines),
    posts: county.posts.map(withoutLines),
    appointments: county.appointments.map(withoutLines),
    groups: county.groups.map(({ notes: _notes, ...group }) => withoutLines(group)),
    plans: county.plans.map(({ notes: _notes, goals: _goals, ...plan }) => withoutLines(plan)),
    tasks: county.tasks
      .filter(({ leadUnits }) => leadUnits.length > 0)
      .map((task) => ({
        ...task,
        milestones: task.milestones.map(withoutLines),
        targets: task.targets.map(({ indicator, value, unit, by }) => ({ indicator, value, unit, by })),
      })),
  };
}

function withoutLines<T extends { sourceLines: unknown }>({
  sourceLines: _lines,
  ...record
}: T): Omit<T, 'sourceLines'> {
  return record;
}
