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

/** A subject of supervision in a register, with the post that answers for it. */
const subjectEntry = z.strictObject({
  code: slug,
  register: z.enum(['food_safety', 'demonstration_point']),
  seq: z.int().min(1),
  name: printedName,
  /** A to D in the food-safety register. */
  tier: z.enum(['A', 'B', 'C', 'D']).nullable().default(null),
  kind: printedName.nullable().default(null),
  township: printedName.nullable().default(null),
  /** The post that answers for it. */
  leader: seatReference.nullable().default(null),
  /** Linked leaders, in the order of print; of some the gazette prints no post. */
  leaders: z.array(printedName).default([]),
  units: z.array(printedName).default([]),
  sourceLines,
  /** Where a cell of the row stands when a shredded table tore it from the row's name. */
  cellLines: z.array(sourceLines).default([]),
  notes,
});

export const dutyKind = z.enum([
  'report',
  'dispatch',
  'circular',
  'summary',
  'supervision',
  'inspection',
  'visit',
  'call_back',
  'meeting',
  'training',
  'media',
  'lecture',
  'assessment',
  'register',
  'other',
]);

/** Which day of the period it falls due. Weekdays count from Monday, 1, to Sunday, 7; months 1-12. */
export const dutyPeriod = z.discriminatedUnion('every', [
  z.strictObject({ every: z.literal('week'), weekday: z.int().min(1).max(7).nullable() }),
  z.strictObject({ every: z.literal('month'), day: z.int().min(1).max(31).nullable() }),
  z.strictObject({ every: z.literal('quarter') }),
  z.strictObject({ every: z.literal('half_year') }),
  z.strictObject({
    every: z.literal('year'),
    month: z.int().min(1).max(12).nullable(),
    day: z.int().min(1).max(31).nullable(),
  }),
  /** Once, or a quota over the whole of a campaign. */
  z.strictObject({ every: z.literal('campaign') }),
  /** Each time something happens, within a time limit. */
  z.strictObject({ every: z.literal('event'), event: printedName, within: printedName.nullable() }),
  /** Printed as 定期, 及时 or 不定期: no period can be told. */
  z.strictObject({ every: z.literal('unspecified') }),
]);

const dutyEntry = z.strictObject({
  code: slug,
  kind: dutyKind,
  title: printedName,
  text: printedName,
  /** Who: units, posts, groups, or a printed phrase for several (各乡镇). */
  owners: z.array(printedName).min(1),
  /** To whom, or whom it is about; empty when nobody is named. */
  counterparties: z.array(printedName).default([]),
  period: dutyPeriod,
  /** At least so many in each period. */
  quota: z
    .strictObject({ count: z.number().min(0), unit: printedName })
    .nullable()
    .default(null),
  /** As printed: 现场督导, 书面报告. */
  mode: printedName.nullable().default(null),
  from: plainDate.nullable().default(null),
  until: plainDate.nullable().default(null),
  untilText: printedName.nullable().default(null),
  sourceLines,
  textLines: z.array(sourceLines).min(2).optional(),
  notes,
});

/** From which amount on, or for which kind of matter, a body decides. */
const thresholdEntry = z.strictObject({
  code: slug,
  matter: printedName,
  category: printedName,
  /** Yuan. */
  atLeast: z.number().min(0).nullable(),
  below: z.number().min(0).nullable(),
  body: printedName,
  text: printedName,
  sourceLines,
  textLines: z.array(sourceLines).min(2).optional(),
  notes,
});

/** What befalls a unit's yearly rating under which condition. */
const ratingEntry = z.strictObject({
  code: slug,
  condition: printedName,
  accidents: z.int().min(0).nullable().default(null),
  deathsEach: z.int().min(0).nullable().default(null),
  severity: printedName.nullable().default(null),
  measures: z.array(printedName),
  ratingCap: printedName.nullable().default(null),
  text: printedName,
  sourceLines,
  textLines: z.array(sourceLines).min(2).optional(),
  notes,
});

/** A row of a notice of appointments and removals. */
const appointmentNotice = z.strictObject({
  person: printedName,
  /** As printed: 泸溪县XX局局长. */
  post: printedName,
  change: z.enum(['appointed', 'removed']),
  on: plainDate,
  text: printedName,
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
