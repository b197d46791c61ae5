import { GROUP_KINDS, type StructureData, type StructureEvent, type StructureState, UNIT_KINDS } from '@duban/domain';
import { z } from 'zod';
import { code, codes, count, instant, policy } from './parts.ts';

const text = z.string();
const blobNames = z.array(code);

/** The head of a jurisdiction's structure. */
export const structureState = z.strictObject({
  version: count,
  snapshot: blobNames,
}) satisfies z.ZodType<StructureState>;

/** Every event of a structure in its present shape. */
export const structureEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('StructureImported'),
    at: instant,
    by: code,
    importId: code,
    counts: z.record(text, z.strictObject({ added: count, changed: count, removed: count })),
    changes: blobNames,
    snapshot: blobNames,
  }),
]) satisfies z.ZodType<StructureEvent>;

const jurisdiction = z.strictObject({
  code,
  name: text,
  parent: code.nullable(),
  timeZone: text,
  workingHours: z.array(z.strictObject({ from: text, to: text })),
  digestMorningAt: text,
  supervisionUnits: codes,
  administratorPosts: codes,
  localDays: z.array(z.strictObject({ date: text, working: z.boolean(), name: text })),
});

const group = z.strictObject({
  code,
  name: text,
  kind: z.enum(GROUP_KINDS),
  documentNumber: text,
  parent: code.nullable(),
  office: z.strictObject({ hostUnit: code, director: code.nullable(), deputyDirector: code.nullable() }).nullable(),
  leader: code.nullable(),
  firstDeputy: code.nullable(),
  deputies: codes,
  members: codes,
});

/** The whole of a structure, as its snapshot holds it. */
export const structureData = z.strictObject({
  jurisdiction,
  units: z.array(
    z.strictObject({ code, name: text, aliases: z.array(text), kind: z.enum(UNIT_KINDS), parent: code.nullable() }),
  ),
  posts: z.array(z.strictObject({ code, unit: code, title: text, head: z.boolean() })),
  people: z.array(z.strictObject({ code, name: text })),
  appointments: z.array(z.strictObject({ post: code, person: code, from: instant.nullable(), to: instant.nullable() })),
  documents: z.array(z.strictObject({ number: text, title: text, issuer: text.nullable(), issuedOn: text.nullable() })),
  groups: z.array(group),
  policies: z.array(policy),
  plans: z.array(z.strictObject({ code, documentNumber: text, list: text, title: text, group: code, policy: code })),
}) satisfies z.ZodType<StructureData>;

/** What an import changed, record by record. */
export const recordChanges = z.array(
  z.strictObject({
    kind: text,
    key: text,
    change: z.enum(['added', 'changed', 'removed']),
    before: z.unknown(),
    after: z.unknown(),
  }),
);
