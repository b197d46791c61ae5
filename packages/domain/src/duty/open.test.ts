import { specify } from '@duban/testkit/specification';
import { describe, expect, it } from 'vitest';
import { DutyRun, opening, WEEKLY } from '../../test-support/duty-run.ts';
import { as, at, DATA, STRUCTURE, vacant } from '../../test-support/fixtures.ts';
import { refusal } from '../../test-support/refusal.ts';
import { Structure } from '../structure/structure.ts';
import { decideDuty } from './decide.ts';
import { dutyAggregate } from './index.ts';
import { INITIAL_DUTY } from './state.ts';

const NOW = at('2023-05-30T09:00');
const asked = { imported: false };
const open = (differs: Parameters<typeof opening>[0], now = NOW, person = 'jj-director', structure = STRUCTURE) =>
  decideDuty(INITIAL_DUTY, opening(differs), as(person, now, structure));
const refused = (...given: Parameters<typeof open>) => refusal(() => open(...given));

describe('a duty', () => {
  it('opens with the period that falls due next, and its limit', () => {
    specify(dutyAggregate, [])
      .when(opening(), as('jj-director', NOW))
      .yields({
        ...{ type: 'DutyOpened', at: NOW, by: 'p-jj-director', dutyId: 'duty_weekly', definition: WEEKLY },
        ...{
          owner: 'unit:kgx',
          ownerUnit: 'kgx',
          policy: opening().policy,
          imported: true,
          urgent: false,
          override: null,
        },
        period: {
          key: '2023-W22',
          from: at('2023-05-30T00:00'),
          to: at('2023-06-05T00:00'),
          dueAt: at('2023-06-01T00:00'),
          last: false,
        },
        limit: {
          ...{
            id: 'period:2023-W22',
            kind: 'period',
            dueAt: at('2023-06-01T00:00'),
            startedAt: NOW,
            status: 'running',
          },
          reminders: [{ at: at('2023-05-31T00:00'), workingDaysBefore: 1, minutesBefore: null }],
          ...{ dueSoon: false, steps: [], next: null, hold: null, counted: null, pauses: [] },
        },
        endsAt: at('2024-01-01T00:00'),
      });
  });

  it('opens before its first day; it is reminded of though its days have not begun', () => {
    const run = DutyRun.opened('2023-09-20T09:00', { period: { every: 'month', day: 1 }, from: '2023-10-01' });
    expect(run.duty.current).toMatchObject({
      key: '2023-10',
      from: at('2023-10-01T00:00'),
      dueAt: at('2023-10-02T00:00'),
    });
    expect(run.limit('2023-10')).toMatchObject({ startedAt: at('2023-09-20T09:00'), status: 'running' });
    // The 1st is a day off: the last working day before it is the 28th.
    expect(run.until('2023-10-01T23:59')).toMatchObject([{ type: 'UnitReminded', at: at('2023-09-28T00:00') }]);
  });

  it('is owed by a post, of whose unit it is', () => {
    expect(open({ owner: 'post:mayor' })).toMatchObject([{ owner: 'post:mayor', ownerUnit: 'gov' }]);
  });

  it('opens once, and nothing happens to one there is not', () => {
    const run = DutyRun.opened('2023-05-30T09:00');
    expect(refusal(() => run.give('jj-director', '2023-05-30T10:00', opening()))).toBe('already_exists');
    const end = { type: 'EndDuty', cause: 'withdrawn', reason: null } as const;
    expect(refusal(() => decideDuty(INITIAL_DUTY, end, as('jj-director', NOW)))).toBe('not_found');
  });
});

describe('is refused', () => {
  const basis = (documentNumber: string) => ({ basis: { documentNumber, lines: null } });

  it.each<[string, Parameters<typeof opening>[0], string]>([
    ['without a basis', basis(' '), 'missing_basis /basis'],
    ['without an owner', { owner: '' }, 'unknown_reference /owners'],
    ['with an owner nobody knows', { owner: 'unit:nobody' }, 'unknown_reference /owners'],
    ['with a post nobody knows', { owner: 'post:nobody' }, 'unknown_reference /owners'],
    ['without an end', { until: '' }, 'invalid_due /until'],
    ['without a beginning', { from: '' }, 'invalid_due /from'],
    ['with an end on no day', { until: '2023-06-31' }, 'invalid_due /until'],
    ['with its end before its beginning', { from: '2023-07-01', until: '2023-06-30' }, 'invalid_due /until'],
    ['with its end past', { from: '2023-05-01', until: '2023-05-29' }, 'invalid_due /until'],
    ['when none of its days lies ahead', { from: '2023-05-01', until: '2023-05-30' }, 'invalid_due /period'],
    [
      'when all its days fall away',
      { period: { every: 'day' }, from: '2023-06-03', until: '2023-06-04', shift: 'next' },
      'invalid_due /period',
    ],
    ['of a unit nobody knows', { ...asked, requester: 'nobody' }, 'unknown_reference /requester'],
    ['of a group nobody knows', { ...asked, group: 'nobody' }, 'unknown_reference /group'],
    ['about a subject nobody knows', { ...asked, subject: 'nobody' }, 'unknown_reference /subject'],
    [
      'on a township without its authority',
      { ...asked, owner: 'unit:zhen', ...basis('泸政办发〔2023〕99号') },
      'missing_authority /basis/documentNumber',
    ],
    [
      'on a post of a township, too',
      { ...asked, owner: 'post:zhen-head', ...basis('泸政办发〔2023〕99号') },
      'missing_authority /basis/documentNumber',
    ],
  ])('%s', (_, differs, expected) => {
    expect(refused(differs)).toBe(expected);
  });

  it('on its last day no more than before it', () => {
    const today = { period: { every: 'campaign' as const }, from: '2023-05-30', until: '2023-05-30' };
    expect(refused(today, at('2023-05-31T00:00') - 1)).toBeNull();
    expect(refused(today, at('2023-05-31T00:00'))).toBe('invalid_due /until');
  });

  it('not on a township that the document gives it to, nor on a bureau', () => {
    expect(refused({ ...asked, owner: 'unit:zhen', ...basis('泸政办发〔2023〕7号') })).toBeNull();
    expect(refused({ ...asked, ...basis('口头通知') })).toBeNull();
    expect(refused({ imported: true, owner: 'unit:zhen', ...basis('泸政办发〔2023〕99号') })).toBeNull();
  });
});

describe('four working hours of notice', () => {
  const by = (day: string) => ({ ...asked, period: { every: 'campaign' as const }, from: day, until: day });

  it.each([
    ['are left before lunch and after it', '2023-06-01T11:00', '2023-06-01', null],
    ['are not, a minute later', '2023-06-01T11:01', '2023-06-01', '2023-06-02T08:01:00+08:00'],
    ['at lunch only three are left', '2023-06-01T13:00', '2023-06-01', '2023-06-02T09:00:00+08:00'],
    ['over night', '2023-06-01T17:30', '2023-06-02', null],
    ['in the evening not for the same day', '2023-06-01T17:30', '2023-06-01', '2023-06-02T12:00:00+08:00'],
    ['over a weekend', '2023-06-02T17:00', '2023-06-05', null],
    ['not on the weekend itself', '2023-06-02T11:01', '2023-06-04', '2023-06-05T08:01:00+08:00'],
    ['on a make-up Sunday', '2023-06-21T17:00', '2023-06-25', null],
    ['not on the holiday before it', '2023-06-21T17:00', '2023-06-24', '2023-06-25T11:30:00+08:00'],
  ])('%s: at %s for %s', (_, now, day, earliest) => {
    if (earliest === null) return expect(open(by(day), at(now))).toMatchObject([{ override: null }]);
    expect(refused(by(day), at(now))).toBe('notice_too_short /override');
    expect(() => open(by(day), at(now))).toThrow(earliest);
  });

  it('to the millisecond', () => {
    expect(refused(by('2023-06-01'), at('2023-06-01T11:00') + 1)).toBe('notice_too_short /override');
  });

  it('are not due for what is urgent, imported, or asked for on an occasion', () => {
    const late = at('2023-06-01T17:00');
    expect(refused({ ...by('2023-06-01'), urgent: true }, late)).toBeNull();
    expect(refused({ ...by('2023-06-01'), imported: true }, late)).toBeNull();
    expect(refused({ ...by('2023-06-01'), period: { every: 'unspecified' } }, late)).toBeNull();
  });
});

describe('less notice', () => {
  const late = at('2023-06-01T17:00');
  const today = { ...asked, period: { every: 'campaign' as const }, from: '2023-06-01', until: '2023-06-01' };
  const allowedBy = (approver: string) => ({ ...today, override: { approver, reason: '上级临时要求' } });
  const withoutDeputies = new Structure(
    { ...DATA, groups: DATA.groups.map((group) => ({ ...group, deputies: [] })) },
    3,
  );

  it.each([
    ['a group’s leader', 'mayor'],
    ['its first deputy', 'first-deputy'],
    ['another deputy', 'second-deputy'],
    ['a main leader', 'secretary'],
  ])('is allowed by %s, and counts against the requester', (_, approver) => {
    const run = DutyRun.opened('2023-06-01T17:00', allowedBy(approver));
    expect(run.events).toMatchObject([{ override: { approver, reason: '上级临时要求' } }]);
    expect(run.duty).toMatchObject({ overridden: true, terms: { requester: 'jj' } });
  });

  it.each([
    ['no leader', 'kgx-head', 'jj-director', STRUCTURE],
    ['a deputy no more', 'second-deputy', 'jj-director', withoutDeputies],
    ['oneself', 'mayor', 'mayor', STRUCTURE],
    ['a vacant post', 'mayor', 'jj-director', vacant('mayor')],
    ['nobody', '', 'jj-director', STRUCTURE],
  ])('is not allowed by %s', (_, approver, person, structure) => {
    expect(refused(allowedBy(approver), late, person, structure)).toBe('not_allowed /override/approver');
  });

  it('that was not needed counts against nobody', () => {
    const override = { approver: 'mayor', reason: '以防万一' };
    for (const differs of [{ ...asked, override }, { ...allowedBy('mayor'), urgent: true }, { override }]) {
      const run = DutyRun.opened('2023-05-30T09:00', differs);
      expect(run.events).toMatchObject([{ override: null }]);
      expect(run.duty.overridden).toBe(false);
    }
  });
});

describe('a demand about a high-risk subject', () => {
  const school = { code: 'school', name: '二中', tier: 'B', kind: null, township: null, leader: null } as const;
  const withSchool = (highRisk: boolean) =>
    new Structure({ ...DATA, subjects: [{ ...school, highRisk, documentNumber: '泸办〔2023〕6号' }] }, 3);
  const visit = { ...asked, subject: 'school', kind: 'supervision', mode: 'any' } as const;

  it('to supervise it is on site, or refused', () => {
    expect(refused(visit, NOW, 'jj-director', withSchool(true))).toBe('wrong_mode /mode');
    expect(open({ ...visit, mode: 'on_site' }, NOW, 'jj-director', withSchool(true))).toHaveLength(1);
  });

  it('may ask for anything else in any way, and of another subject too', () => {
    expect(open({ ...visit, kind: 'report' }, NOW, 'jj-director', withSchool(true))).toHaveLength(1);
    expect(open(visit, NOW, 'jj-director', withSchool(false))).toHaveLength(1);
  });
});
