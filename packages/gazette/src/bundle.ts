import { z } from 'zod';
import { contradiction, groupKind, plainDate, slug, sourceLines, unitKind } from './file-schema.ts';

const divisionCode = z.string().regex(/^\d{6}(?:\d{3})?$/);

const jurisdiction = z.strictObject({
  code: divisionCode,
  name: z.string(),
  parent: divisionCode.optional(),
  timeZone: z.string(),
  supervisionUnits: z.array(slug),
  administratorPosts: z.array(slug),
});

const group = z.strictObject({
  code: slug,
  name: z.string(),
  kind: groupKind,
  documentNumber: z.string(),
  parent: slug.optional(),
  office: z.strictObject({ hostUnit: slug, director: slug.nullable(), deputyDirector: slug.nullable() }).nullable(),
  leader: slug.nullable(),
  firstDeputy: slug.nullable(),
  deputies: z.array(slug),
  members: z.array(slug),
  sourceLines,
  notes: z.array(z.string()),
});

const task = z.strictObject({
  documentNumber: z.string(),
  list: z.string(),
  seq: z.int().min(1),
  title: z.string(),
  text: z.string(),
  leadUnits: z.array(slug),
  responsibleUnits: z.array(slug),
  leaders: z.array(slug),
  due: plainDate.nullable(),
  dueText: z.string().nullable(),
  ongoing: z.boolean(),
  milestones: z.array(
    z.strictObject({ code: z.string(), title: z.string(), text: z.string(), due: plainDate, sourceLines }),
  ),
  targets: z.array(z.string()),
  sourceLines,
  notes: z.array(z.string()),
});

/** A county as the gazette prints it: every name resolved to a code, every record with its lines. */
export const bundle = z.strictObject({
  jurisdiction: divisionCode,
  mode: z.literal('merge'),
  jurisdictions: z.array(jurisdiction),
  units: z.array(
    z.strictObject({
      code: slug,
      name: z.string(),
      aliases: z.array(z.string()),
      kind: unitKind,
      parent: slug.optional(),
      sourceLines,
    }),
  ),
  posts: z.array(
    z.strictObject({
      code: slug,
      unit: slug,
      title: z.string(),
      head: z.boolean().optional(),
      sourceLines,
    }),
  ),
  people: z.array(z.strictObject({ code: slug, name: z.string() })),
  appointments: z.array(
    z.strictObject({
      post: slug,
      person: slug,
      from: plainDate.nullable(),
      to: plainDate.nullable(),
      sourceLines,
    }),
  ),
  documents: z.array(
    z.strictObject({
      number: z.string(),
      title: z.string(),
      issuer: z.string(),
      issuedOn: plainDate,
      sourceLines,
    }),
  ),
  groups: z.array(group),
  policies: z.array(z.never()),
  plans: z.array(
    z.strictObject({
      code: slug,
      documentNumber: z.string(),
      list: z.string(),
      title: z.string(),
      group: slug,
      policy: slug.optional(),
      sourceLines,
    }),
  ),
  tasks: z.array(task),
  contradictions: z.array(contradiction),
});

export type Bundle = z.infer<typeof bundle>;
