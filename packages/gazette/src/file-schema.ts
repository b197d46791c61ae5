import { z } from 'zod';
import { appointmentNotice, dutyEntry, ratingEntry, subjectEntry, thresholdEntry } from './register-schema.ts';
import { notes, plainDate, printedName, seatReference, slug, sourceLines } from './schema-parts.ts';

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
  /** `post`: which of a person's posts is meant where a list prints the name alone. */
  people: z.array(z.strictObject({ code: slug, name: printedName, post: printedName.optional() })),
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
  parentName: printedName.optional(),
  timeZone: printedName,
  supervisionUnits: z.array(printedName),
  administratorPosts: z.array(printedName),
  /** Units that major matters are filed with. */
  incidentOffices: z.array(printedName),
  /** Units told beside the main leaders when a major matter stays unreported. */
  incidentSupervision: z.array(printedName),
  mainLeaders: z.array(seatReference),
  /** Units whose feeds (110, 119, 12345) say that something has happened. */
  signalUnits: z.array(printedName),
  /** Holiday notices the system does not know by itself; the gazette prints none. */
  holidayNotices: z.array(z.never()),
  sourceLines,
});

export const contradiction = z.strictObject({
  code: slug,
  about: z.string().min(1),
  readings: z.array(z.strictObject({ text: z.string().min(1), sourceLines })).min(2),
  decision: z.string().min(1),
});

export const contradictionsFile = z.strictObject({ contradictions: z.array(contradiction) });

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
  textLines: z.array(sourceLines).min(2).optional(),
});

/**
 * What a row promises in figures or in parts: a number with its unit where one is printed, else the phrase alone.
 * `text` is as printed.
 */
const targetEntry = z.strictObject({
  indicator: printedName,
  value: z.number().nullable().default(null),
  unit: printedName.nullable().default(null),
  by: plainDate.nullable().default(null),
  text: printedName,
  /** Where one part of a project has a lead unit of its own. */
  leadUnits: z.array(printedName).default([]),
  responsibleUnits: z.array(printedName).default([]),
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
  targets: z.array(targetEntry).default([]),
  sourceLines,
  /** The pieces of a text that a page or a column tore apart, in reading order. */
  textLines: z.array(sourceLines).min(2).optional(),
  /** Where a cell of the row stands when a shredded table tore it from the row's text. */
  titleLines: sourceLines.optional(),
  dueLines: sourceLines.optional(),
  unitLines: sourceLines.optional(),
  leaderLines: sourceLines.optional(),
  notes,
});

const planEntry = z.strictObject({
  code: slug,
  list: printedName,
  title: printedName,
  group: printedName.nullable(),
  policy: slug.optional(),
  /** What the list as a whole is to reach, where no row can be shown to carry it. */
  goals: z.array(z.strictObject({ text: printedName, sourceLines })).default([]),
  sourceLines,
  notes,
});

/** One document of the gazette, or one list of a long one: its groups, its lists, their rows, its registers and rules. */
export const documentFile = z.strictObject({
  document: z
    .strictObject({
      number: printedName,
      title: printedName,
      issuer: printedName,
      /** Null where the gazette prints none. */
      issuedOn: plainDate.nullable(),
      sourceLines,
      notes,
    })
    .optional(),
  /** In the file of one list: the document it belongs to. */
  partOf: printedName.optional(),
  groups: z.array(groupEntry).default([]),
  plans: z.array(planEntry).default([]),
  tasks: z.array(taskEntry).default([]),
  subjects: z.array(subjectEntry).default([]),
  duties: z.array(dutyEntry).default([]),
  thresholds: z.array(thresholdEntry).default([]),
  ratings: z.array(ratingEntry).default([]),
  appointments: z.array(appointmentNotice).default([]),
});

export type UnitsFile = z.infer<typeof unitsFile>;
export type PeopleFile = z.infer<typeof peopleFile>;
export type PostsFile = z.infer<typeof postsFile>;
export type JurisdictionFile = z.infer<typeof jurisdictionFile>;
export type DocumentFile = z.infer<typeof documentFile>;
export type SeatReference = z.infer<typeof seatReference>;
