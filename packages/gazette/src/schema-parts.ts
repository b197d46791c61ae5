import { z } from 'zod';

/** First and last line in the gazette's text, 1-based, both included. */
export const sourceLines = z
  .tuple([z.int().min(1), z.int().min(1)])
  .refine(([from, to]) => from <= to, 'sourceLines run from the first line to the last');

/** Codes are stable for ever: written in the data, never derived. */
export const slug = z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'a code is a lower-case slug');

export const plainDate = z.iso.date();

export const printedName = z.string().min(1);
export const notes = z.array(z.string().min(1)).default([]);

/** `张金颖 县应急管理局总工程师`, or a post alone; with `as` where one person's several posts are printed together. */
export const seatReference = z.union([printedName, z.strictObject({ printed: printedName, as: printedName })]);
