import { z } from 'zod';
import { dutyRules } from './duty-rules.ts';
import { contradiction, groupKind, unitKind } from './file-schema.ts';
import { incidentKind } from './incident-kinds.ts';
import { dutyKind, dutyPeriod } from './register-schema.ts';
import { plainDate, slug, sourceLines } from './schema-parts.ts';

const divisionCode = z.string().regex(/^\d{6}(?:\d{3})?$/);

const jurisdiction = z.strictObject({
  code: divisionCode,
  name: z.string(),
  parent: divisionCode.optional(),
  timeZone: z.string(),
  supervisionUnits: z.array(slug),
  administratorPosts: z.array(slug),
  incidentOffices: z.array(slug),
  incidentSupervision: z.array(slug),
  mainLeaders: z.array(slug),
  signalUnits: z.array(slug),
  holidayNotices: z.array(z.never()),
});

const group = z.strictObject({
  code: slug,
  name: z.string(),
  kind: groupKind,
  documentNumber: z.string(),
  parent: slug.nullable(),
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
  targets: z.array(
    z.strictObject({
      indicator: z.string(),
      value: z.number().nullable(),
      unit: z.string().nullable(),
      by: plainDate.nullable(),
      text: z.string(),
      leadUnits: z.array(slug),
      responsibleUnits: z.array(slug),
      sourceLines,
    }),
  ),
  sourceLines,
  notes: z.array(z.string()),
});

const notes = z.array(z.string());

/** A subject of supervision: one of the food-safety register, or a demonstration point. */
const subject = z.strictObject({
  code: slug,
  documentNumber: z.string(),
  seq: z.int(),
  name: z.string(),
  tier: z.enum(['A', 'B', 'C', 'D']).nullable(),
  highRisk: z.boolean(),
  kind: z.string().nullable(),
  township: slug.nullable(),
  /** The post that answers for it, and who held it when the register was printed. */
  leader: slug.nullable(),
  leaderName: z.string().nullable(),
  /** Linked leaders; `post` is null where the gazette prints none. */
  leaders: z.array(z.strictObject({ person: slug, post: slug.nullable() })),
  units: z.array(slug),
  sourceLines,
  notes,
});

const duty = z.strictObject({
  code: slug,
  documentNumber: z.string(),
  kind: dutyKind,
  title: z.string(),
  text: z.string(),
  /** Codes of units, posts or groups; empty where the printed phrase names none, see `ownersText`. */
  owners: z.array(slug),
  ownersText: z.array(z.string()),
  counterparties: z.array(slug),
  counterpartiesText: z.array(z.string()),
  period: dutyPeriod,
  quota: z.strictObject({ count: z.number(), unit: z.string() }).nullable(),
  mode: z.string().nullable(),
  from: plainDate.nullable(),
  until: plainDate.nullable(),
  untilText: z.string().nullable(),
  sourceLines,
  notes,
});

const threshold = z.strictObject({
  code: slug,
  documentNumber: z.string(),
  matter: z.string(),
  category: z.string(),
  /** Yuan. */
  atLeast: z.number().nullable(),
  below: z.number().nullable(),
  body: z.string(),
  text: z.string(),
  sourceLines,
  notes,
});

const rating = z.strictObject({
  code: slug,
  documentNumber: z.string(),
  condition: z.string(),
  accidents: z.int().nullable(),
  deathsEach: z.int().nullable(),
  severity: z.string().nullable(),
  measures: z.array(z.string()),
  ratingCap: z.string().nullable(),
  text: z.string(),
  sourceLines,
  notes,
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
  /** `sourceLines`: one place where the person is printed. */
  people: z.array(z.strictObject({ code: slug, name: z.string(), sourceLines })),
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
      issuedOn: plainDate.nullable(),
      sourceLines,
      notes,
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
      /** The group that answers for it; null where the document prints none. */
      group: slug.nullable(),
      policy: slug.optional(),
      goals: z.array(z.strictObject({ text: z.string(), sourceLines })),
      sourceLines,
      notes,
    }),
  ),
  tasks: z.array(task),
  subjects: z.array(subject),
  demonstrationPoints: z.array(subject),
  duties: z.array(duty),
  /** Not printed: what was decided so that every duty runs. */
  dutyRules,
  incidentKinds: z.array(incidentKind),
  thresholds: z.array(threshold),
  ratings: z.array(rating),
  contradictions: z.array(contradiction),
});

export type Bundle = z.infer<typeof bundle>;
