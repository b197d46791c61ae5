import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, told } from '../../test-support/duty-run.ts';
import { refusal } from '../../test-support/refusal.ts';

const opened = (differs: Parameters<typeof DutyRun.opened>[1] = {}) => DutyRun.opened('2023-05-30T09:00', differs);
const report = (run: DutyRun, when: string, differs: Partial<typeof DONE> = {}) =>
  run.give('kgx-head', when, { ...DONE, ...differs });
const refused = (...given: Parameters<typeof report>) => refusal(() => report(...given));

describe('one fact', () => {
  const answer = (period: string, value: number | null = 7) =>
    ({ type: 'AnswerByFact', period, value, answeredBy: 'duty_other' }) as const;
  const asking = (differs: Parameters<typeof opened>[0] = {}) => opened({ indicator: '走访户数', ...differs });
  const give = (run: DutyRun, when: string, command: ReturnType<typeof answer>) => run.give('clerk', when, command);

  it('answers once, and again changes nothing', () => {
    const run = asking();
    expect(give(run, '2023-05-30T10:00', answer('2023-W22'))).toMatchObject([
      {
        type: 'DutyFulfilled',
        period: '2023-W22',
        value: 7,
        answeredBy: 'duty_other',
        noChange: false,
        complete: true,
      },
    ]);
    expect(run.turns).toEqual(['2023-W22 met']);
    expect(give(run, '2023-05-30T10:00', answer('2023-W22'))).toEqual([]);
    expect(refused(run, '2023-05-30T10:01', { value: 8 })).toBe('already_answered');
  });

  it('answers what is left of a quota, and what was missed', () => {
    const run = asking({ quota: { count: 20, unit: '户' } });
    report(run, '2023-05-30T10:00', { count: 4, value: 4 });
    run.until('2023-06-01T00:00');
    expect(give(run, '2023-06-02T10:00', answer('2023-W22'))).toMatchObject([{ count: 16, complete: true }]);
    expect(run.turns).toEqual(['2023-W22 late', '2023-W23 running']);
  });

  it('that nothing has changed answers as that', () => {
    expect(give(asking(), '2023-05-30T10:00', answer('2023-W22', null))).toMatchObject([
      { value: null, noChange: true },
    ]);
  });

  it('answers a period that began a moment ago, though nothing has woken the duty', () => {
    const run = asking({ period: { every: 'week', weekday: null } });
    report(run, '2023-06-02T10:00', { value: 1 });
    expect(told(give(run, '2023-06-05T00:00', answer('2023-W23')))).toEqual([
      ...['PeriodOpened 2023-W23', 'DutyFulfilled 2023-W23'],
    ]);
  });

  it('answers nothing that was not asked: no figure, another period, one not begun, one that fell away', () => {
    expect(give(opened(), '2023-05-30T10:00', answer('2023-W22'))).toEqual([]);
    expect(give(asking(), '2023-05-30T10:00', answer('2023-W23'))).toEqual([]);
    expect(give(asking(), '2023-05-30T10:00', answer('2023-05'))).toEqual([]);
    const gone = asking();
    gone.give('jj-director', '2023-05-30T10:00', { type: 'EndDuty', cause: 'withdrawn', reason: null });
    expect(give(gone, '2023-05-30T10:01', answer('2023-W22'))).toEqual([]);
    expect(give(asking({ mode: 'on_site' }), '2023-05-30T10:00', answer('2023-W22')), 'one must be there').toEqual([]);
  });
});
