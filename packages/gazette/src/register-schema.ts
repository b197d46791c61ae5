import { DUTY_KINDS } from '@duban/domain';
import { z } from 'zod';
import { notes, plainDate, printedName, seatReference, slug, sourceLines } from './schema-parts.ts';

/** A subject of supervision in a register, with the post that answers for it. */
export const subjectEntry = z.strictObject({
  code: slug,
  register: z.enum(['food_safety', 'demonstration_point']),
  seq: z.int().min(1),
  name: printedName,
  /** A to D in the food-safety register. */
  tier: z.enum(['A', 'B', 'C', 'D']).nullable().default(null),
  /** Must be supervised on site. */
  highRisk: z.boolean().default(false),
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

export const dutyKind = z.enum(DUTY_KINDS);

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

export const dutyEntry = z.strictObject({
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
export const thresholdEntry = z.strictObject({
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
export const ratingEntry = z.strictObject({
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
export const appointmentNotice = z.strictObject({
  person: printedName,
  /** As printed: 泸溪县XX局局长. */
  post: printedName,
  change: z.enum(['appointed', 'removed']),
  on: plainDate,
  text: printedName,
  sourceLines,
  notes,
});
