import { describe, expect, it } from 'vitest';
import { at } from '../../test-support/fixtures.ts';
import { refusal, toPost, toUnit } from '../../test-support/incident-expectations.ts';
import {
  ABSENCE,
  IncidentRun,
  OTHER,
  opening,
  reporting,
  types,
  VISIT,
  WORK,
} from '../../test-support/incident-run.ts';
import { incidentLight } from './state.ts';

const NOTICE = { time: '3月8日', place: '县城', course: '州领导来泸调研', signer: '张三', contact: '李四' };
const notice = (startsAt: number | null, report = {}, kind = VISIT) =>
  opening({ kind, startsAt, title: '州领导调研' }, { facts: NOTICE, ...report });

function noticed(when: string, startsAt: string, kind = VISIT): IncidentRun {
  const run = new IncidentRun();
  run.give('kgx-head', when, notice(at(startsAt), {}, kind));
  return run;
}

describe('an advance notice', () => {
  it.each([
    // Of a Wednesday: Monday is the second working day before it.
    ['2023-03-06T23:59:59', '2023-03-08T09:00', '2023-03-07T00:00'],
    ['2023-03-07T00:00', '2023-03-08T09:00', '2023-03-07T00:00'],
    // Of a Monday: Thursday.
    ['2023-03-02T10:00', '2023-03-06T09:00', '2023-03-03T00:00'],
    // Of a day off itself.
    ['2023-03-02T10:00', '2023-03-05T09:00', '2023-03-03T00:00'],
    // The first working day after Spring Festival 2026; Saturday the 14th makes up for it and counts.
    ['2026-02-13T23:59', '2026-02-24T09:00', '2026-02-14T00:00'],
    // After National Day 2023, the 7th and the 8th make up for it.
    ['2023-10-07T10:00', '2023-10-09T09:00', '2023-10-08T00:00'],
    // Over New Year 2024.
    ['2023-12-28T10:00', '2024-01-02T09:00', '2023-12-29T00:00'],
  ])('made %s of %s is in time until %s', (when, startsAt, dueAt) => {
    const run = noticed(when, startsAt);
    expect(run.events[1]).toMatchObject({ dueAt: at(dueAt), lateByMs: 0 });
    expect(types(run.events)).toEqual(['IncidentOpened', 'ReportReceived']);
    expect(run.incident).toMatchObject({ status: 'closed', limits: [] });
    expect([run.nextWakeAt, incidentLight(run.incident)]).toEqual([null, 'blue']);
  });

  it('is filed with both offices and goes to the leader in charge', () => {
    const run = noticed('2023-03-06T10:00', '2023-03-08T09:00', ABSENCE);
    expect(run.events[1]).toMatchObject({
      filedWith: [toUnit('xwb'), toUnit('zfb')],
      reportedTo: [toPost('second-deputy', 'leader_in_charge')],
    });
  });

  it.each([
    ['a second too late', '2023-03-07T00:00:01', 1],
    ['on the day', '2023-03-08T08:00', 32 * 3_600],
    ['when it has begun', '2023-03-08T10:00', 34 * 3_600],
    ['days after it', '2023-03-10T10:00', 82 * 3_600],
  ])('%s is accepted, marked, explained and told to the offices', (_, when, lateSeconds) => {
    const run = noticed(when, '2023-03-08T09:00');
    expect(run.events[1]).toMatchObject({ lateByMs: lateSeconds * 1_000, limits: [{ id: 'explanation' }] });
    expect(run.events[2]).toMatchObject({
      ...{ type: 'Escalated', action: 'inform', urgent: false, dueAt: at('2023-03-07T00:00'), next: null },
      recipients: [toUnit('xwb'), toUnit('zfb'), toPost('second-deputy', 'leader_in_charge')],
    });
    expect([run.incident.status, incidentLight(run.incident)]).toEqual(['closed', 'yellow']);
  });

  it('says what an activity needs, and when it begins', () => {
    const run = new IncidentRun();
    const give = (startsAt: number | null, facts: object) => () =>
      run.give('kgx-head', '2023-03-06T10:00', notice(startsAt, { facts }));
    expect(give(null, NOTICE)).toThrow(refusal('facts_missing', '/startsAt'));
    const { place: _, ...nowhere } = NOTICE;
    expect(give(at('2023-03-08T09:00'), nowhere)).toThrow(refusal('facts_missing', '/facts/place'));
  });

  it('goes no further: there is nothing to follow up', () => {
    const run = noticed('2023-03-06T10:00', '2023-03-08T09:00');
    expect(() => run.give('kgx-head', '2023-03-06T11:00', reporting('follow_up', { facts: NOTICE }))).toThrow(
      refusal('wrong_status'),
    );
  });
});

describe('important work', () => {
  const DONE = { course: '已传达学习', measures: '制定方案', signer: '张三', contact: '李四' };
  const done = (given: object) => opening({ kind: WORK, ...given }, { facts: DONE });

  it.each([
    ['seven days after it was done', { completedAt: at('2023-03-06T15:00') }, '2023-03-14T00:00'],
    ['its own limit', { completedAt: at('2023-03-06T15:00'), ownDueAt: at('2023-03-08T18:00') }, '2023-03-08T18:00'],
    ['its own limit, done or not', { ownDueAt: at('2023-03-08T18:00') }, '2023-03-08T18:00'],
  ])('is reported by %s', (_, given, dueAt) => {
    for (const late of [0, 1]) {
      const run = new IncidentRun();
      run.giveAt('kgx-head', at(dueAt) + late, done(given));
      expect(run.events[1]).toMatchObject({ dueAt: at(dueAt), lateByMs: late });
      expect(run.incident.status).toBe('closed');
    }
  });

  it('says when it was done; today is done, tomorrow is not', () => {
    const run = new IncidentRun();
    const give = (given: object) => () => run.give('kgx-head', '2023-03-06T10:00', done(given));
    expect(give({})).toThrow(refusal('facts_missing', '/completedAt'));
    expect(give({ completedAt: at('2023-03-07T00:00') })).toThrow(refusal('invalid_due', '/completedAt'));
    expect(give({ completedAt: at('2023-03-06T23:59') })()).toHaveLength(2);
  });
});

it('what is reported at once is never late', () => {
  const run = new IncidentRun();
  const { place: _, ...facts } = NOTICE;
  const occurredAt = at('2023-01-01T00:00');
  run.give('kgx-head', '2023-03-06T10:00', opening({ kind: OTHER, occurredAt }, { facts }));
  expect(run.events[1]).toMatchObject({ dueAt: null, lateByMs: 0 });
});
