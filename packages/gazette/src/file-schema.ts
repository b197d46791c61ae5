import { z } from 'zod';

/** First and last line in the gazette's text, 1-based, both included. */
export const sourceLines = z
  .tuple([z.int().min(1), z.int().min(1)])
  .refine(([from, to]) => from <= to, 'sourceLines run from the first line to the last');

/** Codes are stable for ever: written in the data, never derived. */
export const slug = z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'a code is a lower-case slug');

export const plainDate = z.iso.date();

export const unitKind = z.enum([
  'bureau',
  'office',
  'party',
  'government',
  'township',
  'court',
  'procuratorate',
  'company',
  'association',
  'institution',
  'park',
]);

export const groupKind = z.enum(['leading_group', 'task_force', 'command_centre']);

const printedName = z.string().min(1);
const notes = z.array(z.string().min(1)).default([]);

export const unitsFile = z.strictObject({
  units: z.array(
    z.strictObject({
      code: slug,
      name: printedName,
      aliases: z.array(printedName).default([]),
      kind: unitKind,
      parent: printedName.optional(),
      sourceLines,
    }),
  ),
  /** Printed phrases that stand for several units (各乡镇); no units means that the gazette does not say which. */
  collectives: z
    .array(
      z.strictObject({
        name: printedName,
        units: z.array(printedName),
        note: z.string().min(1).optional(),
        sourceLines,
      }),
    )
    .default([]),
});

export const peopleFile = z.strictObject({
  people: z.array(z.strictObject({ code: slug, name: printedName })),
});

export const postsFile = z.strictObject({
  posts: z.array(
    z.strictObject({
      code: slug,
      unit: printedName,
      title: printedName,
      seat: z.int().min(1).max(10).optional(),
      head: z.boolean().optional(),
      holder: printedName.optional(),
      sourceLines,
    }),
  ),
});

export const jurisdictionFile = z.strictObject({
  code: z.string().regex(/^\d{6}(?:\d{3})?$/),
  name: printedName,
  parent: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  timeZone: printedName,
  supervisionUnits: z.array(printedName),
  administratorPosts: z.array(printedName),
  sourceLines,
});

export const contradiction = z.strictObject({
  code: slug,
  about: z.string().min(1),
  readings: z.array(z.strictObject({ text: z.string().min(1), sourceLines })).min(2),
  decision: z.string().min(1),
});

export const contradictionsFile = z.strictObject({ contradictions: z.array(contradiction) });

/** `张金颖 县应急管理局总工程师`, or a post alone; with `as` where one person's several posts are printed together. */
export const seatReference = z.union([printedName, z.strictObject({ printed: printedName, as: printedName })]);

const groupEntry = z.strictObject({
  code: slug,
  name: printedName,
  kind: groupKind,
  parent: printedName.optional(),
  office: z
    .strictObject({
      host: printedName,
      director: seatReference.nullable(),
      deputyDirector: seatReference.nullable(),
      sourceLines: sourceLines.optional(),
    })
    .nullable()
    .default(null),
  leader: seatReference.nullable(),
  firstDeputy: seatReference.nullable(),
  deputies: z.array(seatReference),
  members: z.array(seatReference),
  sourceLines,
  notes,
});

const milestoneEntry = z.strictObject({
  code: z.string().min(1),
  title: printedName,
  text: printedName,
  due: plainDate,
  sourceLines,
});

const taskEntry = z.strictObject({
  list: printedName,
  seq: z.int().min(1),
  title: printedName,
  text: printedName,
  leadUnits: z.array(printedName),
  responsibleUnits: z.array(printedName),
  leaders: z.array(seatReference),
  due: plainDate.nullable(),
  dueText: printedName.nullable(),
  ongoing: z.boolean(),
  milestones: z.array(milestoneEntry).default([]),
  targets: z.array(printedName).default([]),
  sourceLines,
  /** Where a cell of the row stands when a shredded table tore it from the row's text. */
  dueLines: sourceLines.optional(),
  unitLines: sourceLines.optional(),
  leaderLines: sourceLines.optional(),
  notes,
});

const planEntry = z.strictObject({
  code: slug,
  list: printedName,
  title: printedName,
  group: printedName,
  policy: slug.optional(),
  sourceLines,
});

/** One document of the gazette: its groups, its lists and their tasks. */
export const documentFile = z.strictObject({
  document: z.strictObject({
    number: printedName,
    title: printedName,
    issuer: printedName,
    issuedOn: plainDate,
    sourceLines,
  }),
  groups: z.array(groupEntry).default([]),
  plans: z.array(planEntry).default([]),
  tasks: z.array(taskEntry).default([]),
});

export type UnitsFile = z.infer<typeof unitsFile>;
export type PeopleFile = z.infer<typeof peopleFile>;
export type PostsFile = z.infer<typeof postsFile>;
export type JurisdictionFile = z.infer<typeof jurisdictionFile>;
export type DocumentFile = z.infer<typeof documentFile>;
export type SeatReference = z.infer<typeof seatReference>;
