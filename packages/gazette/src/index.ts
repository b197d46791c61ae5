import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { z } from 'zod';
import { assemble, type CountyFiles } from './assemble.ts';
import type { Bundle } from './bundle.ts';
import { dutyRulesFile } from './duty-rules.ts';
import { contradictionsFile, documentFile, jurisdictionFile, peopleFile, postsFile, unitsFile } from './file-schema.ts';
import { incidentKindsFile } from './incident-kinds.ts';

export type { Bundle } from './bundle.ts';
export { type ImportBundle, toImportBundle } from './import-bundle.ts';

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
    incidentKinds: read('incident-kinds.yaml', incidentKindsFile),
    dutyRules: read('duty-rules.yaml', dutyRulesFile),
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
