import { describe, expect, it } from 'vitest';
import { at, STRUCTURE } from '../../test-support/fixtures.ts';
import { minutes, TEN, toPost, toUnit } from '../../test-support/incident-expectations.ts';
import { besides, IncidentRun, opening, reporting, signal } from '../../test-support/incident-run.ts';
import { explainTask, local, noticed, recomputeTask } from '../../test-support/notice-2031.ts';
import { TaskRun } from '../../test-support/task-run.ts';
import type { LimitExplanation } from './explain.ts';

const due = (date: string) => ({ dueAt: at(`${date}T00:00`) });
const acknowledge = (escalationId: string) =>
  ({ type: 'AcknowledgeEscalation', escalationId, note: null, until: null }) as const;
/** What is to come, one line each. */
const plan = (explained: LimitExplanation | undefined) =>
  explained?.planned.map(({ what, at: instant, step, recipients }) =>
    [...local(instant), what, step ?? '-', ...recipients.map(({ mailbox }) => mailbox)].join(' '),
  );

describe('an incident explains', () => {
  it('its forty minutes: the rule, its source, what began it, what was counted, who will be told', () => {
    const run = new IncidentRun();
    run.giveAt('officer', minutes(3), signal({ occurredAt: TEN }));
    const explained = run.explain('2023-03-10T10:05').get('first_report');
    expect(explained).toMatchObject({
      rule: 'The first report is made within so many elapsed minutes of the event; nights and holidays do not stop it.',
      ruleZh: '事发后按规定分钟数内完成首报，夜间和节假日不停表。',
      source: { documentNumber: '泸办通〔2023〕19号', lines: [824, 826] },
      running: true,
      startedBy: { version: 1, type: 'IncidentOpened', at: minutes(3) },
      pauses: [],
      provisional: false,
    });
    expect(explained?.counting).toStrictEqual({
      ...{ mode: 'elapsed', from: TEN, until: minutes(40), minutes: 40, workingDays: [], skipped: [] },
      spans: [{ from: TEN, to: minutes(40) }],
    });
    expect(plan(explained)).toEqual([
      '2023-03-10 10:20 reminder - unit:kgx',
      '2023-03-10 10:40 due -',
      '2023-03-10 10:40 step 0 unit:xwb unit:zfb',
      '2023-03-10 11:00 step 1 post:second-deputy',
      '2023-03-10 11:30 step 2 post:secretary post:mayor unit:dcs unit:xwdcs',
    ]);
    expect(explained?.planned[2]?.recipients).toEqual([toUnit('xwb'), toUnit('zfb')]);
    expect(explained?.planned[3]?.recipients).toEqual([toPost('second-deputy', 'leader_in_charge')]);
  });

  it('a hold, and that the ladder goes on by itself', () => {
    const run = IncidentRun.signalled();
    run.until('2023-03-10T10:40');
    run.give('xwb-head', '2023-03-10T10:42', acknowledge('escalation_incident_1-1'));
    const held = run.explain('2023-03-10T10:45').get('first_report');
    const pause = { from: minutes(42), until: minutes(57), reason: 'acknowledged' };
    expect(held?.pauses).toStrictEqual([pause]);
    expect(plan(held)).toEqual(['2023-03-10 10:57 ladder_resumes -']);
    run.until('2023-03-10T10:57');
    const resumed = run.explain('2023-03-10T10:58').get('first_report');
    expect(resumed?.pauses).toStrictEqual([pause]);
    expect(plan(resumed)?.map((line) => line.slice(0, 23))).toEqual([
      '2023-03-10 11:15 step 1',
      '2023-03-10 11:45 step 2',
    ]);
  });

  it('national limits: their own source, and no ladder where another speaks for them', () => {
    const run = IncidentRun.signalled({ kind: besides({ minutes: 60 }) });
    const parallel = run.explain('2023-03-10T10:05').get('parallel:guowuyuan-493');
    expect(parallel?.source).toEqual({ documentNumber: '国务院令第493号', lines: null });
    expect(plan(parallel)).toEqual(['2023-03-10 11:00 due -']);
    run.until('2023-03-10T11:30');
    expect(plan(run.explain('2023-03-10T11:31').get('parallel:guowuyuan-493'))).toEqual([]);
  });

  it('what is owed after the first report, from what began it, and by the default rules', () => {
    const run = IncidentRun.reported({}, { mode: 'phone', level: 'general' });
    run.giveAt('xwb-head', minutes(40), { type: 'ChangeLevel', level: 'major', reason: '' });
    const explained = run.explain('2023-03-10T10:45');
    expect(explained.get('written_report:1')).toMatchObject({
      source: { documentNumber: '督办默认规则', lines: null },
      startedBy: { version: 3, type: 'LevelChanged' },
      counting: { mode: 'elapsed', from: minutes(40), until: minutes(100), minutes: 60 },
    });
    run.giveAt('kgx-head', minutes(50), reporting('follow_up'));
    const met = run.explain('2023-03-10T10:55').get('written_report:1');
    expect(met).toMatchObject({ running: false, planned: [], counting: { minutes: 60 } });
    expect(run.explain('2023-03-10T10:55').get('follow_up:2')?.startedBy).toMatchObject({ version: 4 });
  });

  it('working days, skipped days with their reasons, and that a year is unknown', () => {
    const run = new IncidentRun();
    run.give('kgx-head', '2031-01-20T10:00', opening({ occurredAt: at('2031-01-20T08:00') }));
    expect(run.explain('2031-01-20T10:05').get('explanation')).toMatchObject({
      provisional: true,
      counting: { mode: 'working', minutes: 840, workingDays: ['2031-01-20', '2031-01-21', '2031-01-22'], skipped: [] },
    });
    run.structure = noticed();
    run.recompute('2031-01-20T11:00');
    const explained = run.explain('2031-01-20T11:05').get('explanation');
    expect(explained).toMatchObject({ provisional: false, startedBy: { version: 2, type: 'ReportReceived' } });
    expect(explained?.counting).toMatchObject({
      ...{ mode: 'working', from: at('2031-01-20T10:00'), until: at('2031-01-29T10:00'), minutes: 840 },
      workingDays: ['2031-01-20', '2031-01-21', '2031-01-29'],
      skipped: [
        ...['22', '23', '24'].map((day) => ({ date: `2031-01-${day}`, reason: '春节' })),
        ...['25', '26'].map((day) => ({ date: `2031-01-${day}`, reason: '周末' })),
        ...['27', '28'].map((day) => ({ date: `2031-01-${day}`, reason: '春节' })),
      ],
    });
    expect(explained?.counting.spans.map(({ from, to }) => local(from, to).join(' – '))).toEqual([
      '2031-01-20 10:00 – 2031-01-20 12:00',
      '2031-01-20 14:30 – 2031-01-20 17:30',
      '2031-01-21 08:00 – 2031-01-21 12:00',
      '2031-01-21 14:30 – 2031-01-21 17:30',
      '2031-01-29 08:00 – 2031-01-29 10:00',
    ]);
  });
});

describe('a task explains', () => {
  it('a given date: the days to it, the days off on the way, and its ladder over them', () => {
    const run = TaskRun.assigned('2023-09-25T10:00', due('2023-10-01'));
    const explained = explainTask(run, '2023-09-27T10:00').get('due');
    expect(explained).toMatchObject({
      source: { documentNumber: '泸政办发〔2023〕5号', lines: [1_700, 1_702] },
      startedBy: { version: 1, type: 'TaskAssigned' },
      ...{ running: true, provisional: false, pauses: [] },
    });
    expect(explained?.counting).toStrictEqual({
      ...{ mode: 'date', from: at('2023-09-27T10:00'), until: at('2023-10-01T00:00'), minutes: 5_160, spans: [] },
      workingDays: ['2023-09-27', '2023-09-28'],
      skipped: [
        { date: '2023-09-29', reason: '中秋节' },
        { date: '2023-09-30', reason: '国庆节' },
      ],
    });
    // As nobody acknowledges the first step, the second comes on the first working day.
    expect(plan(explained)?.slice(-5)).toEqual([
      '2023-10-01 00:00 due -',
      '2023-10-01 00:00 step 0 post:jj-director',
      '2023-10-08 00:00 step 1 post:first-deputy',
      '2023-10-12 00:00 step 2 post:mayor unit:dcs',
      '2023-10-19 00:00 step 3 unit:dcs',
    ]);
  });

  it('plans what then happens', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-10-01'));
    const planned = explainTask(run, '2023-06-01T10:00').get('due')?.planned ?? [];
    const expected = planned.filter(({ what }) => what !== 'due').map(({ at: instant }) => instant);
    const told = run
      .until('2023-10-31T00:00')
      .filter(({ type }) => type === 'UnitReminded' || type === 'Escalated')
      .map((event) => event.at);
    expect(expected).toEqual(told);
  });

  it('that what was late before anybody was told climbs from when they were told', () => {
    const run = TaskRun.assigned('2023-09-04T10:00', due('2023-09-01'));
    expect(plan(explainTask(run, '2023-09-04T10:00').get('due'))?.slice(-4, -2)).toEqual([
      '2023-09-04 10:00 step 0 post:jj-director',
      '2023-09-05 10:00 step 1 post:first-deputy',
    ]);
  });

  it('a missed date: the days since, and where its ladder stands', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-09-01'));
    run.until('2023-09-01T00:00');
    const explained = explainTask(run, '2023-09-04T10:00').get('due');
    expect(explained?.counting).toMatchObject({
      ...{ from: at('2023-09-01T00:00'), until: at('2023-09-04T10:00') },
      workingDays: ['2023-09-01', '2023-09-04'],
      skipped: [
        { date: '2023-09-02', reason: '周末' },
        { date: '2023-09-03', reason: '周末' },
      ],
    });
    expect(plan(explained)?.[0]).toBe('2023-09-04 00:00 step 1 post:first-deputy');
  });

  it('what has ended by its own days, however long ago', () => {
    const run = TaskRun.assigned('2023-08-28T10:00', due('2023-09-01'));
    run.give('kgx-head', '2023-08-29T10:00', { type: 'SubmitCompletion', unit: null, summary: '', evidence: [] });
    run.give('jj-director', '2023-08-30T10:00', { type: 'Verify', note: null });
    const explained = explainTask(run, '2033-08-30T10:00');
    expect(explained.get('due')).toMatchObject({
      ...{ running: false, provisional: false, planned: [] },
      counting: { workingDays: ['2023-08-28', '2023-08-29', '2023-08-30', '2023-08-31'] },
    });
    expect(explained.get('verification:1')).toMatchObject({
      startedBy: { version: 2, type: 'CompletionSubmitted' },
      counting: { mode: 'working', minutes: 5 * 420 },
    });
  });

  it('a suspension, in which nothing runs', () => {
    const run = TaskRun.assigned('2023-06-01T10:00', due('2023-09-01'));
    run.until('2023-09-01T00:00');
    const suspend = { type: 'Suspend', until: at('2023-09-12T10:00'), reason: '诉讼', basis: '法院裁定' } as const;
    run.give('jj-director', '2023-09-05T10:00', suspend);
    expect(explainTask(run, '2023-09-06T10:00').get('due')).toMatchObject({ running: false, planned: [] });
    run.until('2023-09-12T10:00');
    expect(explainTask(run, '2023-09-12T11:00').get('due')).toMatchObject({
      running: true,
      pauses: [{ from: at('2023-09-05T10:00'), until: suspend.until, reason: 'suspended' }],
    });
  });

  it('that an unknown year may move it, until its notice is known', () => {
    const run = TaskRun.assigned('2030-12-02T10:00', due('2031-02-01'));
    expect(explainTask(run, '2031-01-20T10:00').get('due')?.provisional).toBe(true);
    recomputeTask(run, '2031-01-20T10:00');
    expect(explainTask(run, '2031-01-20T10:00').get('due')).toMatchObject({
      provisional: false,
      startedBy: { version: 1, type: 'TaskAssigned' },
    });
    expect(STRUCTURE.calendar.isPublished('2031-01-20')).toBe(false);
  });

  it('that the last days of a known year may still move, and a day before them not', () => {
    const provisional = (date: string) => {
      const run = TaskRun.assigned('2031-12-01T10:00', due(date));
      run.structure = noticed();
      return explainTask(run, '2031-12-22T10:00').get('due')?.provisional;
    };
    expect([provisional('2032-01-01'), provisional('2031-12-30'), provisional('2031-12-29')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
