import { isPlainDate, parseInstant } from '@duban/calendar';
import { z } from 'zod';

/** Controls but line feed and tab, and marks that turn the direction of writing: they hide what a text says. */
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/;

/** True when every character of the text is one a reader sees as what it is. */
export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !FORBIDDEN.test(text);
}

/** Bounded text. Blank text counts as missing. */
export function text(max: number, min = 1) {
  return z
    .string()
    .max(max)
    .refine((value) => value.trim().length >= min, { params: { code: 'blank' } })
    .refine(isCleanText, { params: { code: 'forbidden_characters' } });
}

export const title = text(200);
export const longText = text(4_000);
export const reason = text(2_000);
export const basis = text(500);
/** A code or any printed name. */
export const name = text(100);

/** Codes are stable for ever and lower-case. */
export const code = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/);

export const plainDate = z
  .string()
  .max(10)
  .refine(isPlainDate, { params: { code: 'no_such_date' } })
  .meta({ format: 'date' });

/** Years in which deadlines may lie: wide enough for the field, narrow enough that a slip of the pen is caught. */
const EARLIEST_YEAR = 2002;
const LATEST_YEAR = 2199;

function isDateOrInstant(value: string): boolean {
  return isPlainDate(value) || parseInstant(value) !== null;
}

function isPlausible(value: string): boolean {
  const year = Number(value.slice(0, 4));
  return !isDateOrInstant(value) || (year >= EARLIEST_YEAR && year <= LATEST_YEAR);
}

/** A date (its 24:00 is meant) or an RFC 3339 instant with offset. */
export const due = z
  .string()
  .max(40)
  .refine(isDateOrInstant, { params: { code: 'no_such_date' } })
  .refine(isPlausible, { params: { code: 'implausible_year' } })
  .describe('YYYY-MM-DD (that day’s 24:00 in the jurisdiction’s zone) or an RFC 3339 instant with offset');

/** The first or last day of holding a post: appointments may be older than any deadline. */
export const dayOrInstant = z
  .string()
  .max(40)
  .refine(isDateOrInstant, { params: { code: 'no_such_date' } })
  .refine((value) => !isDateOrInstant(value) || Number(value.slice(0, 4)) >= 1949, {
    params: { code: 'implausible_year' },
  });

/** An instant alone: when something happened has a time of day. */
export const moment = z
  .string()
  .max(40)
  .refine((value) => parseInstant(value) !== null, { params: { code: 'not_an_instant' } })
  .refine(isPlausible, { params: { code: 'implausible_year' } })
  .describe('an RFC 3339 instant with offset');

export const instant = z.string().meta({ format: 'date-time' });

/** 文号 in the form of GB/T 9704: six-cornered brackets, no 第, no leading zero. */
export function normaliseDocumentNumber(number: string): string {
  return number
    .replace(/\s+/g, '')
    .replace(/[[【（(［﹝]((?:19|20)\d{2})[\]】）)］﹞]/, '〔$1〕')
    .replace(/〔(\d{4})〕第?0*(\d+)号/, '〔$1〕$2号');
}

export const documentNumber = text(60)
  .transform(normaliseDocumentNumber)
  .refine((value) => /〔\d{4}〕\d+号$/.test(value), { params: { code: 'not_a_document_number' } });

/** Whole number written in a query or a path. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .meta({ type: 'integer', minimum: min, maximum: max });
}
