import { z } from 'zod';
import { notes, printedName, slug, sourceLines } from './schema-parts.ts';

const category = z.enum(['important_work', 'sudden_event', 'meeting_activity', 'other']);

const rule = z.discriminatedUnion('when', [
  z.strictObject({ when: z.literal('after_event'), minutes: z.int().min(1) }),
  z.strictObject({ when: z.literal('ahead'), workingDays: z.int().min(1) }),
  z.strictObject({ when: z.literal('after_completion'), days: z.int().min(1) }),
  z.strictObject({ when: z.literal('at_once') }),
]);

const parallel = z.strictObject({
  code: slug,
  name: printedName,
  from: z.enum(['occurredAt', 'knownAt', 'receivedAt']),
  minutes: z.int().min(1),
  verified: z.boolean(),
});

/** The matters a document lists to be reported, and the limits it sets for them elsewhere in its text. */
export const incidentKindsFile = z.strictObject({
  documentNumber: printedName,
  limits: z.array(z.strictObject({ code: slug, rule, text: printedName, sourceLines, notes })),
  /** From outside the gazette: `documentNumber` names the order and its article. */
  parallels: z.array(parallel.extend({ documentNumber: printedName })),
  kinds: z.array(
    z.strictObject({
      code: slug,
      category,
      /** The number it stands under in its category. */
      item: z.int().min(1),
      name: printedName,
      text: printedName,
      listedLines: sourceLines,
      limit: slug,
      parallels: z.array(slug).default([]),
      notes,
    }),
  ),
});

export type IncidentKindsFile = z.infer<typeof incidentKindsFile>;

const source = z.strictObject({ documentNumber: z.string(), lines: sourceLines.nullable() });

/** A kind of major matter. `source` is where its limit is printed, `listedLines` where the kind itself is. */
export const incidentKind = z.strictObject({
  code: slug,
  category,
  item: z.int(),
  name: z.string(),
  text: z.string(),
  listedLines: sourceLines,
  rule,
  followsUp: z.boolean(),
  source,
  parallel: z.array(parallel.extend({ source })),
  notes: z.array(z.string()),
});

/**
 * The kinds with their limits. A matter that has happened goes on after its first report, a plan or a finished work does
 * not (泸办通〔2023〕19号 三(三): 及时跟进相关处置情况续报).
 * @throws Error for a kind whose limit or parallel limit is not in the file
 */
export function incidentKinds(file: IncidentKindsFile): z.infer<typeof incidentKind>[] {
  const { documentNumber } = file;
  return file.kinds.map(({ limit: code, parallels, ...kind }) => {
    const limit = named(file.limits, code);
    return {
      ...kind,
      rule: limit.rule,
      followsUp: limit.rule.when === 'after_event',
      source: { documentNumber, lines: limit.sourceLines },
      parallel: parallels.map((each) => {
        const { documentNumber: order, ...beside } = named(file.parallels, each);
        return { ...beside, source: { documentNumber: order, lines: null } };
      }),
      notes: [...kind.notes, ...limit.notes],
    };
  });
}

function named<T extends { code: string }>(records: readonly T[], code: string): T {
  const found = records.find((record) => record.code === code);
  if (found === undefined) throw new Error(`no limit has the code “${code}”`);
  return found;
}
