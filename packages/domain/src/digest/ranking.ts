import type { Instant } from '@duban/calendar';
import type { Notice, NoticeKind } from './events.ts';

const RANK: Partial<Record<NoticeKind, number>> = {
  incident_signal: 0,
  circular: 0,
  escalation: 1,
  supervision: 2,
  instruction: 2,
  reminder: 4,
};

/** Escalations before all else, the longest overdue first. */
export function worstFirst(a: Notice, b: Notice): number {
  const byKind = (RANK[a.kind] ?? 3) - (RANK[b.kind] ?? 3);
  return byKind !== 0 ? byKind : (a.dueAt ?? a.at) - (b.dueAt ?? b.at) || (a.id < b.id ? -1 : 1);
}

/** Told of an item on a channel, the same kind of news about it is not told there again for so long (ms). */
export const COOL_DOWN_MS = 60 * 60_000;

/** What climbs a ladder or comes from a leader is told each time: its own pace is the policy's to set. */
const NEVER_COOLED: ReadonlySet<NoticeKind> = new Set(['escalation', 'circular', 'supervision', 'instruction']);

/**
 * Which notices of a digest only repeat what the same mailbox was told of the same item shortly before. They stand in
 * the inbox; outside channels leave them out.
 * @param before notices of the mailbox's digests released within {@link COOL_DOWN_MS} before `releasedAt`
 * @returns ids of the notices
 */
export function toldRecently(notices: readonly Notice[], before: readonly Notice[]): readonly string[] {
  const topic = ({ itemId, kind }: Notice) => `${itemId}/${kind}`;
  const told = new Set(before.map(topic));
  return notices.filter((notice) => !NEVER_COOLED.has(notice.kind) && told.has(topic(notice))).map(({ id }) => id);
}

/** How late a missed limit is at an instant (ms); null for a notice that is not about one. */
export function lateByMs({ escalationId, dueAt }: Notice, at: Instant): number | null {
  return escalationId === null || dueAt === null ? null : at - dueAt;
}
