import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { as, at, STRUCTURE } from '../../test-support/fixtures.ts';
import { digestAggregate } from './digest.ts';
import type { Notice, NoticesJoined } from './events.ts';
import { lateByMs, toldRecently, worstFirst } from './ranking.ts';
import { digestIdOf, releaseInstant } from './window.ts';

describe('the release of a notice', () => {
  it.each([
    ['before hours', '2023-09-01T00:00', '2023-09-01T08:30'],
    ['within hours, before the digest hour', '2023-09-01T08:10', '2023-09-01T08:30'],
    ['at the digest hour', '2023-09-01T08:30', '2023-09-01T08:35'],
    ['within a window', '2023-09-01T10:02', '2023-09-01T10:05'],
    ['on the edge of a window', '2023-09-01T10:05', '2023-09-01T10:10'],
    ['in the last window before lunch', '2023-09-01T11:59', '2023-09-01T12:00'],
    ['at noon', '2023-09-01T12:00', '2023-09-01T14:30'],
    ['at lunch', '2023-09-01T13:00', '2023-09-01T14:30'],
    ['at the end of the day', '2023-09-01T17:30', '2023-09-04T08:30'],
    ['on an evening', '2023-08-31T20:00', '2023-09-01T08:30'],
    ['in a holiday that ends with a make-up day', '2023-10-01T00:00', '2023-10-07T08:30'],
  ])('%s', (_, raised, released) => {
    const { calendar, jurisdiction } = STRUCTURE;
    expect(releaseInstant(calendar, jurisdiction, at(raised), false)).toBe(at(released));
    expect(releaseInstant(calendar, jurisdiction, at(raised), true), 'urgent').toBe(at(raised));
  });

  it.each([
    ['in the first hour', '2023-09-01T08:31', '2023-09-01T09:30'],
    ['when the window would end at lunch', '2023-09-01T11:45', '2023-09-01T12:00'],
    ['at lunch', '2023-09-01T12:00', '2023-09-01T14:30'],
    ['late in the day', '2023-09-01T17:29:59', '2023-09-01T17:30'],
  ])('waits for a window as long as the jurisdiction has set: %s', (_, raised, released) => {
    const { calendar, jurisdiction } = STRUCTURE;
    const hourly = { ...jurisdiction, digestWindowMinutes: 60 };
    expect(releaseInstant(calendar, hourly, at(raised), false)).toBe(at(released));
  });

  it('gives an urgent digest another name than the window’s', () => {
    const ids = [null, 'incident_1', 'incident_2'].map((item) => digestIdOf('unit:kgx', 1, item));
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a digest', () => {
  const releaseAt = at('2023-09-01T08:30');
  const notice = (version: number, kind: Notice['kind']): Notice => ({
    id: `task_safety-1/${version}`,
    jurisdiction: null,
    itemId: 'task_safety-1',
    kind,
    at: at('2023-09-01T00:00'),
    limitId: null,
    dueAt: null,
    escalationId: null,
    detoured: false,
  });
  const join = (...notices: readonly Notice[]) =>
    ({ type: 'JoinNotices', digestId: 'digest_1', mailbox: 'unit:kgx', releaseAt, urgent: false, notices }) as const;
  const joined = (...notices: readonly Notice[]): NoticesJoined => ({
    ...join(...notices),
    type: 'NoticesJoined',
    at: at('2023-09-01T00:00'),
  });
  const released = { type: 'DigestReleased', at: releaseAt } as const;
  const read = { type: 'DigestRead', at: releaseAt + 5, by: 'p-kgx-head' } as const;
  const night = as('clerk', at('2023-09-01T00:00'));
  const morning = as('kgx-head', releaseAt + 5);

  it('collects until its release', () => {
    const begun = specify(digestAggregate, [joined(notice(1, 'reminder'))]);
    begun
      .when(join(notice(2, 'reminder'), notice(3, 'escalation')), night)
      .yields(joined(notice(2, 'reminder'), notice(3, 'escalation')));
    begun.when(join(), night).yieldsNothing();
    begun.when({ type: 'MarkRead' }, night).isRefused('not_found');
    const more = specify(digestAggregate, [
      joined(notice(1, 'reminder')),
      joined(notice(2, 'reminder'), notice(3, 'circular')),
    ]);
    expect(more.state).toMatchObject({ status: 'collecting', count: 3, kinds: { reminder: 2, circular: 1 } });
  });

  it('is released once, at its instant', () => {
    const begun = specify(digestAggregate, [joined(notice(1, 'reminder'))]);
    expect(digestAggregate.nextWakeAt(begun.state)).toBe(releaseAt);
    begun.whenWoken({ ...night, now: releaseAt - 1 }).yieldsNothing();
    begun.whenWoken({ ...night, now: releaseAt }).yields(released);
    const sent = specify(digestAggregate, [joined(notice(1, 'reminder')), released]);
    expect(digestAggregate.nextWakeAt(sent.state)).toBeNull();
    sent.whenWoken({ ...night, now: releaseAt + 1 }).yieldsNothing();
    sent.when(join(notice(2, 'reminder')), morning).isRefused('wrong_status');
  });

  it('is read once, by the first who opens it', () => {
    const given = [joined(notice(1, 'reminder')), released];
    specify(digestAggregate, given).when({ type: 'MarkRead' }, morning).yields(read);
    specify(digestAggregate, [...given, read])
      .when({ type: 'MarkRead' }, morning)
      .yieldsNothing();
    specify(digestAggregate, []).when({ type: 'MarkRead' }, morning).isRefused('not_found');
  });
});

describe('what was told a short while ago', () => {
  const told = (id: string, itemId: string, kind: Notice['kind']): Notice => ({
    ...{ id, itemId, kind, jurisdiction: null, at: at('2023-09-01T08:30'), limitId: null, dueAt: null },
    ...{ escalationId: null, detoured: false },
  });

  it('is left out of the next message: the same kind of news of the same item, and nothing that climbs a ladder', () => {
    const before = [
      told('a/1', 'a', 'extension_requested'),
      told('b/1', 'b', 'escalation'),
      told('c/1', 'c', 'circular'),
    ];
    const now = [
      told('a/2', 'a', 'extension_requested'),
      told('a/3', 'a', 'completion_submitted'),
      told('b/2', 'b', 'escalation'),
      told('c/2', 'c', 'circular'),
      told('d/1', 'd', 'extension_requested'),
    ];
    expect(toldRecently(now, before)).toEqual(['a/2']);
    expect(toldRecently(now, [])).toEqual([]);
  });

  it('comes worst first: circulars, escalations by how long they are overdue, then the rest, reminders last', () => {
    const due = (notice: Notice, dueAt: string) => ({ ...notice, dueAt: at(dueAt), escalationId: 'escalation_1' });
    const sorted = [
      told('e', 'e', 'reminder'),
      told('d', 'd', 'assigned'),
      due(told('c', 'c', 'escalation'), '2023-08-31T00:00'),
      due(told('b', 'b', 'escalation'), '2023-08-01T00:00'),
      told('a', 'a', 'circular'),
    ].sort(worstFirst);
    expect(sorted.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(lateByMs(sorted[1] as Notice, at('2023-08-02T00:00'))).toBe(86_400_000);
    expect(lateByMs(sorted[3] as Notice, at('2023-08-02T00:00'))).toBeNull();
  });
});
