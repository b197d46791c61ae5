import { type DigestEvent, type ExistingDigest, NOTICE_KINDS } from '@duban/domain';
import { z } from 'zod';
import { code, count, instant } from './parts.ts';

const noticeKind = z.enum(NOTICE_KINDS);

/** The head of a digest's stream. */
export const digestState = z.strictObject({
  status: z.enum(['collecting', 'released']),
  id: code,
  mailbox: code,
  releaseAt: instant,
  urgent: z.boolean(),
  count,
  kinds: z.partialRecord(noticeKind, count),
  readAt: instant.nullable(),
  readBy: code.nullable(),
}) satisfies z.ZodType<Omit<ExistingDigest, 'kinds'>>;

const notice = z.strictObject({
  id: code,
  itemId: code,
  // Before counties reported upward every item was the mailbox's own.
  jurisdiction: code.nullable().default(null),
  kind: noticeKind,
  at: instant,
  limitId: code.nullable(),
  dueAt: instant.nullable(),
  escalationId: code.nullable(),
  detoured: z.boolean(),
});

/** Every event of a digest in its present shape. */
export const digestEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('NoticesJoined'),
    at: instant,
    digestId: code,
    mailbox: code,
    releaseAt: instant,
    urgent: z.boolean(),
    notices: z.array(notice),
  }),
  z.strictObject({ type: z.literal('DigestReleased'), at: instant }),
  z.strictObject({ type: z.literal('DigestRead'), at: instant, by: code }),
]) satisfies z.ZodType<DigestEvent>;
