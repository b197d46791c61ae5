import { z } from 'zod';

export const fault = z
  .strictObject({
    pointer: z.string().describe('JSON pointer into the body; /query/… and /header/… for the rest of the request'),
    code: z.string(),
    message: z.string(),
    suggestions: z
      .array(z.string())
      .optional()
      .describe('nearest known names, best first; for a record that is in use, what uses it'),
    sheet: z.string().optional().describe('in a workbook'),
    row: z.int().optional().describe('as the workbook counts, from 1'),
    column: z.string().nullable().optional().describe('the column’s header; null: the row as a whole'),
  })
  .meta({ id: 'Fault' });

/** RFC 9457. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('stable; programs decide by it'),
    detail: z.string(),
    instance: z.string().describe('the request’s correlation id'),
    errors: z.array(fault).optional(),
    link: z.string().optional().describe('where to find what was asked for'),
  })
  .meta({ id: 'Problem' });

export type Fault = z.infer<typeof fault>;
export type ProblemAnswer = z.infer<typeof problem>;
