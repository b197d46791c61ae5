import { z } from 'zod';
import type { NameIndex } from './names.ts';
import { plainDate, printedName, seatReference, slug, sourceLines } from './schema-parts.ts';

/** Whom a phrase names, in one document. */
const phrases = { documentNumber: printedName, phrases: z.array(printedName).min(1), note: printedName };

const subjectLeaders = z.strictObject({
  ...phrases,
  /** Phrases for the subjects such people answer for. */
  subjects: z.array(printedName),
  /** The same, for those of high risk alone. */
  highRiskSubjects: z.array(printedName),
  /** Where it is printed that those of high risk are supervised on site. */
  onSite: z.strictObject({ text: printedName, sourceLines }),
});

const end = z.strictObject({
  documentNumber: printedName,
  untilText: printedName,
  until: plainDate,
  note: printedName,
});

const defaults = z.strictObject({ from: plainDate, fromNote: printedName, until: plainDate, untilNote: printedName });

const indicator = z.strictObject({ name: printedName, duties: z.array(slug).min(2), note: printedName });

/** See data/luxi/duty-rules.yaml. */
export const dutyRulesFile = z.strictObject({
  seats: z.array(
    z.strictObject({
      ...phrases,
      units: z.array(printedName).default([]),
      posts: z.array(seatReference).default([]),
    }),
  ),
  subjectLeaders: z.array(subjectLeaders),
  sections: z.array(z.strictObject({ documentNumber: printedName, lines: sourceLines, group: printedName })),
  ends: z.array(end),
  /** For a document without a date or an end of its own. */
  defaults,
  indicators: z.array(indicator),
});

export type DutyRulesFile = z.infer<typeof dutyRulesFile>;

/** The same with every name resolved; a phrase of `seats` stands alone. */
export const dutyRules = z.strictObject({
  seats: z.array(
    z.strictObject({
      documentNumber: z.string(),
      phrase: z.string(),
      units: z.array(slug),
      posts: z.array(slug),
      /** What the phrase stands for elsewhere. */
      instead: z.array(slug),
      note: z.string(),
    }),
  ),
  subjectLeaders: z.array(subjectLeaders),
  sections: z.array(z.strictObject({ documentNumber: z.string(), lines: sourceLines, group: slug })),
  ends: z.array(end),
  /** For a document without a date or an end of its own. */
  defaults,
  indicators: z.array(indicator),
});

export type DutyRules = z.infer<typeof dutyRules>;

/** @throws Error for a name that does not resolve */
export function resolveDutyRules(file: DutyRulesFile, index: NameIndex): DutyRules {
  return {
    ...file,
    seats: file.seats.flatMap(({ phrases: names, units, posts, ...seat }) =>
      names.map((phrase) => ({
        ...seat,
        phrase,
        units: index.unitsOf(units).units,
        posts: posts.map((post) => index.post(post)),
        instead: index.partiesOf([phrase]).codes,
      })),
    ),
    sections: file.sections.map((section) => ({ ...section, group: index.group(section.group) })),
  };
}
