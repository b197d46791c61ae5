import { LAST_NOTICEABLE_YEAR } from '@duban/calendar';
import {
  DEFAULT_DIGEST_MORNING_AT,
  DEFAULT_DIGEST_WINDOW_MINUTES,
  DEFAULT_WORKING_HOURS,
  GROUP_KINDS,
  TASK_STATUSES,
  UNIT_KINDS,
} from '@duban/domain';
import { z } from 'zod';
import { importedDuty, subject } from './duties.ts';
import { incidentKind } from './incidents.ts';
import { listOf } from './lists.ts';
import { policyShape } from './structure.ts';
import { numericTarget, milestones as taskMilestones } from './tasks.ts';
import {
  code,
  dayOrInstant,
  documentNumber,
  due,
  instant,
  longText,
  name,
  plainDate,
  reason,
  text,
  title,
} from './text.ts';

const divisionCode = z.string().regex(/^\d{6}(?:\d{3}){0,2}$/);
const timeOfDay = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/);
const names = (max: number) => z.array(name).max(max);
const sourceLines = z.tuple([z.int().min(1), z.int().min(1)]).refine(([from, to]) => from <= to, {
  params: { code: 'out_of_order' },
});

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function followEachOther(spans: readonly { readonly from: string; readonly to: string }[]): boolean {
  return spans.every((span, index) => span.from < span.to && (spans[index - 1]?.to ?? '') <= span.from);
}

const namedDays = z.array(z.strictObject({ date: plainDate, name })).max(200);
/** A notice of the State Council on the holidays of a year. */
const holidayNotice = z.strictObject({
  year: z.int().min(2002).max(LAST_NOTICEABLE_YEAR),
  source: text(200),
  daysOff: namedDays,
  makeUpDays: namedDays.default([]),
});

const jurisdiction = z.strictObject({
  code: divisionCode,
  name,
  parent: divisionCode.nullable().default(null),
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, { params: { code: 'no_such_time_zone' } }),
  workingHours: z
    .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
    .min(1)
    .max(6)
    .refine(followEachOther, { params: { code: 'out_of_order' } })
    .default([...DEFAULT_WORKING_HOURS]),
  digestMorningAt: timeOfDay.default(DEFAULT_DIGEST_MORNING_AT),
  digestWindowMinutes: z.int().min(1).max(240).default(DEFAULT_DIGEST_WINDOW_MINUTES),
  supervisionUnits: names(50).default([]),
  administratorPosts: names(50).default([]),
  localDays: z
    .array(z.strictObject({ date: plainDate, working: z.boolean(), name }))
    .max(1_000)
    .default([]),
  // Absent, these stay as they are: bundles made before there were incidents do not take them away.
  holidayNotices: z.array(holidayNotice).max(100).optional(),
  incidentOffices: names(10).optional(),
  mainLeaders: names(10).optional(),
  incidentSupervision: names(10).optional(),
  signalUnits: names(50).optional(),
});
const unit = z.strictObject({
  code,
  name,
  aliases: names(50).default([]),
  kind: z.enum(UNIT_KINDS),
  parent: name.nullable().default(null),
  leaderInCharge: name.nullable().optional().describe('a post; absent: as it is'),
});
const post = z.strictObject({ code, unit: name, title: name, head: z.boolean().default(false) });
const person = z.strictObject({ code, name });
const appointment = z.strictObject({
  post: name,
  person: name,
  from: dayOrInstant.nullable().default(null),
  to: dayOrInstant.nullable().default(null),
});
const document = z.strictObject({
  number: documentNumber,
  title: text(500),
  issuer: name.nullable().default(null),
  issuedOn: plainDate.nullable().default(null),
  sourceLines: sourceLines.nullable().default(null),
});
const seat = name.nullable().default(null);
const group = z.strictObject({
  code,
  name: title,
  kind: z.enum(GROUP_KINDS),
  documentNumber,
  parent: name.nullable().default(null),
  office: z.strictObject({ hostUnit: name, director: seat, deputyDirector: seat }).nullable().default(null),
  leader: seat,
  firstDeputy: seat,
  deputies: names(100).default([]),
  members: names(500).default([]),
});
const plan = z.strictObject({
  code,
  documentNumber,
  list: title,
  title,
  group: name,
  policy: code.default('default-task'),
});
/** A target printed as a phrase is an indicator without a number. */
const target = z
  .union([text(500), numericTarget])
  .transform((value) => (typeof value === 'string' ? { indicator: value, value: null, unit: null, by: null } : value));
const taskKey = {
  documentNumber,
  list: title,
  seq: z.int().min(1).max(100_000),
  basis: reason.nullable().default(null).describe('allows a running limit to move: a document or decision'),
  asOf: z.int().min(1).nullable().default(null).describe('the version a ledger was exported at'),
};
const taskFields = {
  title,
  text: longText,
  leadUnits: names(50),
  responsibleUnits: names(200),
  leaders: names(20),
  due: due.nullable(),
  dueText: text(100).nullable(),
  ongoing: z.boolean(),
  milestones: taskMilestones,
  targets: z.array(target).max(50),
  sourceLines: sourceLines.nullable(),
  notes: z.array(reason).max(50),
};
const task = z.strictObject({
  ...taskKey,
  ...taskFields,
  responsibleUnits: taskFields.responsibleUnits.default([]),
  leaders: taskFields.leaders.default([]),
  due: taskFields.due.default(null),
  dueText: taskFields.dueText.default(null),
  ongoing: taskFields.ongoing.default(false),
  milestones: taskFields.milestones.default([]),
  targets: taskFields.targets.default([]),
  sourceLines: taskFields.sourceLines.default(null),
  notes: taskFields.notes.default([]),
});
/** A row of a workbook: columns that are not there leave their field as it is. */
const taskRow = z.strictObject({
  ...taskKey,
  ...(z.object(taskFields).partial().shape as {
    readonly [K in keyof typeof taskFields]: z.ZodOptional<(typeof taskFields)[K]>;
  }),
  /** What the ledger showed beside: it cannot be changed by an import. */
  shownStatus: z.enum(TASK_STATUSES).optional(),
});

/** The records of a bundle one by one, as a workbook's rows are checked. */
export const importRecords = {
  units: unit,
  posts: post,
  people: person,
  appointments: appointment,
  documents: document,
  groups: group,
  plans: plan,
  tasks: taskRow,
};
export type ImportTaskRow = z.output<typeof taskRow>;

/** A structure or task bundle. Kinds that are absent stay as they are. */
export const importBundle = z
  .strictObject({
    jurisdiction: divisionCode,
    mode: z.enum(['merge', 'replace']).default('merge'),
    jurisdictions: z.array(jurisdiction).max(1).optional(),
    units: z.array(unit).max(5_000).optional(),
    posts: z.array(post).max(10_000).optional(),
    people: z.array(person).max(20_000).optional(),
    appointments: z.array(appointment).max(40_000).optional(),
    documents: z.array(document).max(5_000).optional(),
    groups: z.array(group).max(2_000).optional(),
    policies: z.array(z.strictObject(policyShape)).max(100).optional(),
    plans: z.array(plan).max(2_000).optional(),
    incidentKinds: z.array(incidentKind).max(500).optional(),
    subjects: z.array(subject).max(5_000).optional(),
    duties: z.array(importedDuty).max(5_000).optional(),
    tasks: z.array(task).max(50_000).optional(),
  })
  .meta({ id: 'ImportBundle' });

export const importQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).optional(),
  mode: z.enum(['merge', 'replace']).optional().describe('of a workbook; a JSON or YAML bundle says it itself'),
});
export const importParams = z.strictObject({ id: z.string().regex(/^import_[A-Za-z0-9_-]{1,100}$/) });

export const ledgerParams = z.strictObject({ plan: code });

const counts = z.record(z.string(), z.strictObject({ added: z.int(), changed: z.int(), removed: z.int() }));

const clockEffects = z.strictObject({
  starts: z.int(),
  moves: z.int(),
  stops: z.int(),
  overdueAtOnce: z.int().describe('limits that are escalated as soon as the import is published'),
  items: z
    .array(
      z.strictObject({
        taskId: z.string(),
        limitId: z.string(),
        effect: z.enum(['starts', 'moves', 'stops']),
        before: instant.nullable(),
        after: instant.nullable(),
        overdueAtOnce: z.boolean(),
      }),
    )
    .describe('the first 500'),
});

export const importResult = z
  .strictObject({
    id: z.string().nullable(),
    state: z
      .enum(['compared', 'writing', 'applied'])
      .describe('writing: readers see nothing of it yet; ask GET /v1/imports/{id}'),
    applied: z.boolean(),
    difference: z.record(
      z.string(),
      z.strictObject({
        added: z.array(z.string()),
        changed: z.array(z.string()),
        removed: z.array(z.string()),
        unchanged: z.int(),
      }),
    ),
    clocks: clockEffects,
  })
  .meta({ id: 'ImportResult' });
const importShape = {
  id: z.string(),
  at: instant,
  by: z.string(),
  counts,
  state: z.enum(['writing', 'settling', 'done']).describe('readers see it from settling on'),
  progress: z.strictObject({ done: z.int(), total: z.int() }).nullable().describe('tasks'),
};
export const importList = listOf(z.strictObject(importShape).meta({ id: 'Import' })).meta({ id: 'ImportList' });
export const importDetail = z
  .strictObject({
    ...importShape,
    changes: z.array(
      z.strictObject({
        kind: z.string(),
        key: z.string(),
        change: z.enum(['added', 'changed', 'removed']),
        before: z.unknown(),
        after: z.unknown(),
        fields: z.array(z.string()).optional(),
        basis: z.string().nullable().optional(),
      }),
    ),
    next: z.string().nullable().describe('the next page of changes'),
  })
  .meta({ id: 'ImportDetail' });

export type ImportBundleBody = z.output<typeof importBundle>;
