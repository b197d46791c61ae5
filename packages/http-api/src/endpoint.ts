import type { Caller, Dependencies } from '@duban/application';
import { z } from 'zod';
import type { Language } from './problems.ts';

/** A request after everything about it has been checked. */
export interface Exchange {
  readonly deps: Dependencies;
  readonly caller: Caller;
  readonly language: Language;
  readonly method: string;
  readonly url: URL;
  /** The body as it was sent: what an idempotency key stands for. */
  readonly sent: unknown;
  readonly headers: Headers;
}

export interface Answer<T> {
  readonly status?: 200 | 201 | 202;
  readonly body: T;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Parts<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  readonly operationId: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyLimitBytes?: number;
  /** Takes the body as YAML too. */
  readonly yaml?: boolean;
  /** Takes a workbook instead of the body. */
  readonly handleWorkbook?: (
    input: { readonly query: z.output<Q>; readonly bytes: Uint8Array },
    exchange: Exchange,
  ) => Promise<Answer<z.input<A>>>;
  /** What it answers, and with which statuses; {@link workbookFile} for a workbook. */
  readonly answer: A;
  readonly statuses?: readonly (200 | 201 | 202)[];
  /** Takes If-Match. */
  readonly conditional?: boolean;
  /** Takes Idempotency-Key. */
  readonly idempotent?: boolean;
  readonly handle: (
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
    exchange: Exchange,
  ) => Promise<Answer<z.input<A>>>;
}

/** One operation. The schemas that validate it are the schemas that are published. */
export interface Endpoint extends Omit<Parts<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'handle' | 'handleWorkbook'> {
  readonly handleWorkbook?: (
    input: { readonly query: unknown; readonly bytes: Uint8Array },
    exchange: Exchange,
  ) => Promise<Answer<unknown>>;
  readonly handle: (
    input: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
    exchange: Exchange,
  ) => Promise<Answer<unknown>>;
}

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const ICALENDAR = 'text/calendar; charset=utf-8';
export const MARKDOWN = 'text/markdown; charset=utf-8';
export const HTML = 'text/html; charset=utf-8';

/** An answer that is a file and not JSON. */
export interface FileAnswer {
  readonly fileName: string;
  readonly content: Uint8Array | ReadableStream<Uint8Array> | string;
  /** To be shown rather than saved. */
  readonly inline?: boolean;
}
export const workbookFile = z.custom<FileAnswer>().meta({ id: 'Workbook' });
export const calendarFeed = z.custom<FileAnswer>().meta({ id: 'Calendar' });
export const markdownFile = z.custom<FileAnswer>().meta({ id: 'Markdown' });
export const pageFile = z.custom<FileAnswer>().meta({ id: 'Page' });

/** The media types of answers that are files. */
export const FILE_TYPES: ReadonlyMap<z.ZodType, string> = new Map<z.ZodType, string>([
  [workbookFile, XLSX],
  [calendarFeed, ICALENDAR],
  [markdownFile, MARKDOWN],
  [pageFile, HTML],
]);

/** Ties an operation's handler to its schemas. */
export function endpoint<
  A extends z.ZodType,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
>(parts: Parts<P, Q, B, A>): Endpoint {
  return parts as unknown as Endpoint;
}
