import { describe, expect, it } from 'vitest';
import { at, STRUCTURE, vacant } from '../../test-support/fixtures.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import type { TaskEvent } from '../task/events.ts';
import { type ItemEvent, needsItem, noticesFor, type Told } from './notices.ts';

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

describe('notices of an incident', () => {
  const incident = { answerable: { group: null, leadUnits: ['kgx'] }, urgent: true };
  const [xwb, zfb] = ['unit:xwb', 'unit:zfb'];
  const toldOf = (event: object, told: Told | null = incident) =>
    noticesFor({ at: now, ...event } as ItemEvent, 'incident_1', 3, told, STRUCTURE).map(
      ({ mailbox, urgent, notice }) => `${mailbox} ${notice.kind}${urgent ? ' urgent' : ''}`,
    );

  it('of a correction go to both offices; one that makes a report late asks the unit why', () => {
    const corrected = { type: 'ReportCorrected', limits: [] };
    expect(toldOf(corrected)).toEqual([`${xwb} incident_corrected urgent`, `${zfb} incident_corrected urgent`]);
    expect(toldOf({ ...corrected, limits: [{ kind: 'explanation' }] })).toEqual([
      `${LEAD} explanation_requested`,
      `${xwb} incident_corrected urgent`,
      `${zfb} incident_corrected urgent`,
    ]);
  });

  it('of a signal go to its unit and both offices; of a report nobody had to wait for, to nobody twice', () => {
    expect(toldOf({ type: 'IncidentOpened', signal: { source: '119', number: '1' } })).toEqual([
      `${LEAD} incident_signal urgent`,
      `${xwb} incident_signal urgent`,
      `${zfb} incident_signal urgent`,
    ]);
    expect(toldOf({ type: 'IncidentOpened', signal: null })).toEqual([]);
    const twice = { mailbox: xwb, post: null, unit: 'xwb', person: null, path: [] };
    expect(toldOf({ type: 'ReportReceived', lateByMs: 0, filedWith: [twice], reportedTo: [twice] })).toEqual([
      `${xwb} incident_filed urgent`,
    ]);
  });
});
