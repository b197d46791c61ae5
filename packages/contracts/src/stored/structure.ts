import {
  DEFAULT_DIGEST_WINDOW_MINUTES,
  GROUP_KINDS,
  type StructureData,
  type StructureEvent,
  type StructureState,
  UNIT_KINDS,
} from '@duban/domain';
import { z } from 'zod';
import { dutyDefinition } from './duty.ts';
import { incidentKind } from './incident.ts';
import { code, codes, count, instant, policy } from './parts.ts';
import { taskDefinition } from './task-events.ts';

const text = z.string();
const blobNames = z.array(code);

const follows = z.strictObject({ duties: z.boolean(), clocks: z.boolean() });
const NOTHING_FOLLOWS = { duties: false, clocks: false };

const contents = {
  importId: code,
  follows,
  counts: z.record(text, z.strictObject({ added: count, changed: count, removed: count })),
  changes: blobNames,
  snapshot: blobNames,
};

/** The head of a jurisdiction's structure. */
export const structureState = z.strictObject({
  version: count,
  snapshot: blobNames,
  // Heads written before imports were published as a whole have none under way.
  underWay: z
    .strictObject({
      importId: code,
      phase: z.enum(['writing', 'settling']),
      by: code,
      startedAt: instant,
      at: instant,
      changes: blobNames,
      snapshot: blobNames,
      partsDone: count,
      tasks: count,
      tasksDone: count,
      follows: follows.default(NOTHING_FOLLOWS),
    })
    .nullable()
    .default(null),
  followUp: z
    .strictObject({ ...follows.shape, at: instant, isSecondLook: z.boolean() })
    .nullable()
    .default(null),
  publishedYear: z.int().nullable().default(null),
}) satisfies z.ZodType<StructureState>;

/** Every event of a structure in its present shape. */
export const structureEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('StructureImported'), at: instant, by: code, ...contents }),
  z.strictObject({ type: z.literal('ImportStarted'), at: instant, by: code, tasks: count, ...contents }),
  z.strictObject({
    type: z.literal('ImportProgressed'),
    at: instant,
    importId: code,
    partsDone: count,
    tasksDone: count,
  }),
  z.strictObject({ type: z.literal('ImportPublished'), at: instant, importId: code }),
  z.strictObject({ type: z.literal('ImportSettled'), at: instant, importId: code }),
  z.strictObject({ type: z.literal('FollowUpRequested'), at: instant, by: code, follows }),
  z.strictObject({
    type: z.literal('FollowUpDone'),
    at: instant,
    duties: z.strictObject({ opened: count, corrected: count, ended: count }),
    clocks: count,
    publishedYear: z.int(),
    again: instant.nullable(),
  }),
]) satisfies z.ZodType<StructureEvent>;

/** Shape 1 brought nothing but tasks with it. */
export function structureEventFromShape1(stored: unknown): unknown {
  const event = stored as { readonly type?: unknown };
  const brings = event.type === 'StructureImported' || event.type === 'ImportStarted';
  return brings ? { ...event, follows: NOTHING_FOLLOWS } : event;
}

const namedDay = z.strictObject({ date: text, name: text });

const jurisdiction = z.strictObject({
  code,
  name: text,
  parent: code.nullable(),
  timeZone: text,
  workingHours: z.array(z.strictObject({ from: text, to: text })),
  digestMorningAt: text,
  // Before it could be set, notices collected for five minutes.
  digestWindowMinutes: count.default(DEFAULT_DIGEST_WINDOW_MINUTES),
  supervisionUnits: codes,
  administratorPosts: codes,
  localDays: z.array(z.strictObject({ date: text, working: z.boolean(), name: text })),
  // Snapshots from before there were incidents name nobody who is told of them.
  holidayNotices: z
    .array(z.strictObject({ year: z.int(), source: text, daysOff: z.array(namedDay), makeUpDays: z.array(namedDay) }))
    .default([]),
  incidentOffices: codes.default([]),
  mainLeaders: codes.default([]),
  incidentSupervision: codes.default([]),
  signalUnits: codes.default([]),
});

const subject = z.strictObject({
  code,
  name: text,
  tier: z.enum(['A', 'B', 'C', 'D']).nullable(),
  highRisk: z.boolean(),
  kind: text.nullable(),
  township: code.nullable(),
  leader: code.nullable(),
  documentNumber: text,
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
    z.strictObject({
      code,
      name: text,
      aliases: z.array(text),
      kind: z.enum(UNIT_KINDS),
      parent: code.nullable(),
      leaderInCharge: code.nullable().default(null),
    }),
  ),
  posts: z.array(z.strictObject({ code, unit: code, title: text, head: z.boolean() })),
  people: z.array(z.strictObject({ code, name: text })),
  appointments: z.array(z.strictObject({ post: code, person: code, from: instant.nullable(), to: instant.nullable() })),
  documents: z.array(z.strictObject({ number: text, title: text, issuer: text.nullable(), issuedOn: text.nullable() })),
  groups: z.array(group),
  policies: z.array(policy),
  plans: z.array(z.strictObject({ code, documentNumber: text, list: text, title: text, group: code, policy: code })),
  incidentKinds: z.array(incidentKind).default([]),
  subjects: z.array(subject).default([]),
  duties: z.array(dutyDefinition).default([]),
}) satisfies z.ZodType<StructureData>;

/** What an import changed, record by record. */
export const recordChanges = z.array(
  z.strictObject({
    kind: text,
    key: text,
    change: z.enum(['added', 'changed', 'removed']),
    before: z.unknown(),
    after: z.unknown(),
    fields: z.array(text).optional(),
    basis: text.nullable().optional(),
  }),
);

/** The tasks of an import, as they are carried out. */
export const taskChanges = z.array(
  z
    .strictObject({
      kind: z.literal('tasks'),
      key: code,
      change: z.enum(['added', 'changed']),
      before: z.unknown(),
      after: taskDefinition,
      fields: z.array(text).default([]),
      basis: text.nullable().default(null),
    })
    .transform(({ kind: _kind, before: _before, ...change }) => change),
);
