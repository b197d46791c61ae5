import { describe, expect, it } from 'vitest';
import { at, STRUCTURE, vacant } from '../../test-support/fixtures.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import type { TaskEvent } from '../task/events.ts';
import { needsItem, noticesFor } from './notices.ts';

const run = TaskRun.assigned('2023-06-01T10:00');
const now = at('2023-09-01T00:00');
/** Of most events nothing but the type decides who is told. */
const plain = (type: TaskEvent['type']) => ({ type, at: now }) as unknown as TaskEvent;

const LEAD = 'unit:kgx';
const OFFICE = 'post:jj-director';
const TOLD: Readonly<
  Record<Exclude<TaskEvent['type'], 'UnitReminded' | 'Escalated'>, readonly [string | null, ...string[]]>
> = {
  TaskAssigned: ['assigned', LEAD],
  TaskCorrected: ['corrected', LEAD],
  TaskAccepted: [null],
  DisputeRaised: ['dispute_raised', OFFICE],
  DisputeDecided: ['dispute_decided', LEAD],
  ProgressReported: [null],
  ExtensionRequested: ['extension_requested', OFFICE],
  ExtensionDecided: ['extension_decided', LEAD],
  CompletionSubmitted: ['completion_submitted', OFFICE],
  CompletionVerified: ['completion_verified', LEAD],
  CompletionReturned: ['completion_returned', LEAD],
  TaskSuspended: ['suspended', LEAD],
  TaskResumed: ['resumed', LEAD],
  TaskCancelled: ['cancelled', LEAD],
  ListedForSupervision: ['supervision', LEAD, OFFICE],
  LeaderInstructed: ['instruction', LEAD, OFFICE],
  LimitMissed: [null],
  EscalationAcknowledged: [null],
  EscalationResolved: [null],
  LadderResumed: [null],
  ClockRecomputed: [null],
  ReviewStarted: [null],
};

describe('notices', () => {
  it.each(Object.entries(TOLD))('of %s: %j', (type, [kind, ...mailboxes]) => {
    const event = plain(type as TaskEvent['type']);
    const told = noticesFor(event, 'task_safety-1', 7, { answerable: run.task, urgent: false }, STRUCTURE);
    expect(told.map(({ mailbox }) => mailbox)).toEqual(mailboxes);
    for (const { notice, urgent } of told) {
      expect(notice).toMatchObject({ id: 'task_safety-1/7', kind, at: now, detoured: false });
      expect(urgent).toBe(false);
    }
    expect(needsItem(event)).toBe(kind !== null);
  });

  it('of a reminder, an escalation and a circular go to the recipients the event names', () => {
    const late = TaskRun.assigned('2023-06-01T10:00');
    late.structure = vacant('jj-director');
    const told = late
      .until('2023-09-15T00:00')
      .flatMap((event) =>
        noticesFor(event, 'task_safety-1', 2, null, STRUCTURE).map(({ mailbox, notice }) => [
          mailbox,
          notice.kind,
          notice.detoured,
        ]),
      );
    expect(told).toEqual([
      [LEAD, 'reminder', false],
      [LEAD, 'reminder', false],
      ['post:jj-deputy', 'escalation', true],
      ['post:first-deputy', 'escalation', false],
      ['post:mayor', 'escalation', false],
      ['unit:dcs', 'escalation', false],
      ['unit:dcs', 'circular', false],
    ]);
  });
});
