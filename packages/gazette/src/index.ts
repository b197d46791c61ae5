import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { assemble } from './assemble.ts';
import type { Bundle } from './bundle.ts';
import { contradictionsFile, documentFile, jurisdictionFile, peopleFile, postsFile, unitsFile } from './file-schema.ts';

export type { Bundle } from './bundle.ts';

/** Counties whose gazette is in the data folder. */
export type CountyName = 'luxi';

/** A document's file starts with its year: 2023-zhengbanfa-5.yaml. */
const documentFileName = /^\d{4}-[a-z0-9-]+\.yaml$/;

/**
 * Reads one county's gazette: files parsed and checked, printed names resolved to codes.
 * @throws Error naming the file and every fault in it, or every name that does not resolve.
 */
export function loadCounty(name: CountyName): Bundle {
  const folder = new URL(`../data/${name}/`, import.meta.url);
  const read = <T extends z.ZodType>(file: string, schema: T): z.infer<T> => {
    const result = schema.safeParse(parse(readFileSync(new URL(file, folder), 'utf8')));
    if (result.success) return result.data;
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`${name}/${file}:\n${faults.join('\n')}`);
  };
  return assemble({
    jurisdiction: read('jurisdiction.yaml', jurisdictionFile),
    units: read('units.yaml', unitsFile),
    people: read('people.yaml', peopleFile),
    posts: read('posts.yaml', postsFile),
    documents: readdirSync(folder)
      .filter((file) => documentFileName.test(file))
      .sort()
      .map((file) => read(file, documentFile)),
    contradictions: read('contradictions.yaml', contradictionsFile).contradictions,
  });
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Kinds<K extends keyof Bundle> = Bundle[K] extends (infer T)[] ? Without<T, 'sourceLines' | 'notes'>[] : never;

/** What an import accepts: lines and notes stay on documents and tasks only. */
export interface ImportBundle
  extends Pick<Bundle, 'jurisdiction' | 'mode' | 'jurisdictions' | 'people' | 'documents' | 'policies'> {
  units: Kinds<'units'>;
  posts: Kinds<'posts'>;
  appointments: Kinds<'appointments'>;
  groups: Kinds<'groups'>;
  plans: Kinds<'plans'>;
  tasks: (Omit<Bundle['tasks'][number], 'milestones'> & {
    milestones: Without<Bundle['tasks'][number]['milestones'][number], 'sourceLines'>[];
  })[];
}

/** Strips what only the gazette's reader needs: contradictions, and lines and notes of the structure's records. */
export function toImportBundle({ contradictions: _readings, ...bundle }: Bundle): ImportBundle {
  return {
    ...bundle,
    units: bundle.units.map(withoutLines),
    posts: bundle.posts.map(withoutLines),
    appointments: bundle.appointments.map(withoutLines),
    groups: bundle.groups.map(({ notes: _notes, ...group }) => withoutLines(group)),
    plans: bundle.plans.map(withoutLines),
    tasks: bundle.tasks.map((task) => ({ ...task, milestones: task.milestones.map(withoutLines) })),
  };
}

function withoutLines<T extends { sourceLines: unknown }>({
  sourceLines: _lines,
  ...record
}: T): Omit<T, 'sourceLines'> {
  return record;
}
