import { z } from 'zod';
import { wholeNumber } from './text.ts';

/** What every list takes. */
export const pageQuery = {
  limit: wholeNumber(1, 200).optional(),
  cursor: z.string().min(1).max(1_000).optional(),
};

/** What every list answers. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('relative URL of the next page; null at the end'),
  });
}
