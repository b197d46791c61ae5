import type { Instant } from '@duban/calendar';
import type { Aggregate, CommandContext, WakeContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { DigestEvent, Notice, NoticeKind, NoticesJoined } from './events.ts';

export interface ExistingDigest {
  readonly status: 'collecting' | 'released';
  readonly id: string;
  readonly mailbox: string;
  readonly releaseAt: Instant;
  readonly urgent: boolean;
  readonly count: number;
  readonly kinds: Readonly<Partial<Record<NoticeKind, number>>>;
  readonly readAt: Instant | null;
  readonly readBy: string | null;
}
export type DigestState = { readonly status: 'none' } | ExistingDigest;

export type DigestCommand =
  | {
      readonly type: 'JoinNotices';
      readonly digestId: string;
      readonly mailbox: string;
      readonly releaseAt: Instant;
      readonly urgent: boolean;
      readonly notices: readonly Notice[];
    }
  | { readonly type: 'MarkRead' };

/**
 * 摘要: all that one recipient is told in one window. Which notices have joined already is the ledger's to know (a
 * claim for each, in the same transaction): a state that listed ten thousand of them would not fit its row.
 */
export const digestAggregate: Aggregate<DigestState, DigestCommand, DigestEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
  wake,
  nextWakeAt: (state) => (state.status === 'collecting' ? state.releaseAt : null),
};

function decide(state: DigestState, command: DigestCommand, { now, actor }: CommandContext): readonly DigestEvent[] {
  switch (command.type) {
    case 'JoinNotices': {
      if (state.status === 'released') {
        throw new DomainError('wrong_status', 'This digest has been released; join the next one.', '该摘要已发出。');
      }
      const { digestId, mailbox, releaseAt, urgent, notices } = command;
      if (notices.length === 0) return [];
      return [{ type: 'NoticesJoined', at: now, digestId, mailbox, releaseAt, urgent, notices }];
    }
    case 'MarkRead': {
      if (state.status !== 'released') {
        throw new DomainError('not_found', 'There is no such inbox entry.', '没有这条收件。');
      }
      return state.readAt === null ? [{ type: 'DigestRead', at: now, by: actor }] : [];
    }
  }
}

function evolve(state: DigestState, event: DigestEvent): DigestState {
  switch (event.type) {
    case 'NoticesJoined':
      return joined(state.status === 'none' ? begun(event) : state, event.notices);
    case 'DigestReleased':
      return state.status === 'none' ? state : { ...state, status: 'released' };
    case 'DigestRead':
      return state.status === 'none' ? state : { ...state, readAt: event.at, readBy: event.by };
  }
}

function begun({ digestId, mailbox, releaseAt, urgent }: NoticesJoined): ExistingDigest {
  return {
    status: 'collecting',
    id: digestId,
    mailbox,
    releaseAt,
    urgent,
    count: 0,
    kinds: {},
    readAt: null,
    readBy: null,
  };
}

function joined(digest: ExistingDigest, notices: readonly Notice[]): ExistingDigest {
  const kinds = { ...digest.kinds };
  for (const { kind } of notices) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return { ...digest, count: digest.count + notices.length, kinds };
}

function wake(state: DigestState, { now }: WakeContext): readonly DigestEvent[] {
  if (state.status !== 'collecting' || now < state.releaseAt) return [];
  return [{ type: 'DigestReleased', at: now }];
}
