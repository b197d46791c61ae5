import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DONE, DutyRun, WEEKLY } from '../../test-support/duty-run.ts';
import { at, DATA, STRUCTURE } from '../../test-support/fixtures.ts';
import { isActive, nextChangeOf } from '../clock/limit.ts';
import { DomainError } from '../errors.ts';
import { DEFAULT_DUTY_POLICY as POLICY } from '../escalation/defaults.ts';
import { Structure } from '../structure/structure.ts';
import type { DutyCommand } from './commands.ts';
import type { DutyDefinition, DutyPeriod } from './definition.ts';
import { dutyAggregate } from './index.ts';
import { isScheduled, periodsOf } from './periods.ts';
import { dutyLight, type ExistingDuty, quotaOf, turnsAt } from './state.ts';
import { MOST_TURNS_A_WAKE } from './wake.ts';

/** The calendar with 20 working days of that summer taken away: what a notice or a local day may do. */
const localDays = Array.from({ length: 20 }, (_, day) => ({
  date: STRUCTURE.calendar.addDays('2023-06-12', day),
  working: day % 3 === 2,
  name: '州庆',
}));
const OTHER_DAYS = new Structure({ ...DATA, jurisdiction: { ...DATA.jurisdiction, localDays } }, 2);

const nullable = (max: number) => fc.option(fc.integer({ min: 1, max }));
const period: fc.Arbitrary<DutyPeriod> = fc.oneof(
  ...(['day', 'ten_days', 'quarter', 'campaign', 'unspecified'] as const).map((every) => fc.constant({ every })),
  nullable(7).map((weekday) => ({ every: 'week' as const, weekday })),
  nullable(31).map((day) => ({ every: 'month' as const, day })),
  fc.nat(9).map((withinDays) => ({ every: 'event' as const, event: '调整', withinDays })),
);
const definition: fc.Arbitrary<DutyDefinition> = fc
  .record({
    period,
    shift: fc.constantFrom<DutyDefinition['shift'][]>('keep', 'next', 'previous'),
    quota: fc.option(fc.integer({ min: 1, max: 7 }).map((count) => ({ count, unit: '次' }))),
    indicator: fc.constantFrom(null, null, '户数'),
    from: fc.constantFrom('2023-05-01', '2023-05-30', '2023-06-16'),
    until: fc.nat(120).map((days) => STRUCTURE.calendar.addDays('2023-06-05', days)),
  })
  .map((differs) => ({ ...WEEKLY, ...differs }));

type Step = readonly [
  hours: number,
  what: 'wake' | 'on time' | 'other days' | ((run: DutyRun, now: number) => DutyCommand),
];
const key = (run: DutyRun, number: number) => run.duty.periods.at(-number)?.key ?? null;
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(4)).map(
      ([count, number]) =>
        (run: DutyRun): DutyCommand => ({
          ...{ ...DONE, count, value: 1 },
          period: number === 0 ? null : key(run, number),
        }),
    ),
  },
  fc.constant((): DutyCommand => ({ ...DONE, noChange: true })),
  fc.integer({ min: 1, max: 3 }).map(
    (number) =>
      (run: DutyRun): DutyCommand => ({
        ...{ type: 'AnswerByFact', period: key(run, number) ?? '', value: 1, answeredBy: 'duty_other' },
      }),
  ),
  fc.nat(9).map(
    (days) =>
      (_: DutyRun, now: number): DutyCommand => ({
        ...{ type: 'OpenOccasion', occasion: '调离' },
        on: STRUCTURE.calendar.addDays(STRUCTURE.calendar.dateOf(now), -days),
      }),
  ),
  definition.map((corrected) => (): DutyCommand => ({ type: 'CorrectDuty', definition: corrected })),
  fc.constantFrom('removed', 'withdrawn').map((cause) => (): DutyCommand => ({ type: 'EndDuty', cause, reason: null })),
  ...(['AcknowledgeEscalation', 'ResolveEscalation'] as const).map((type) =>
    fc.integer({ min: 1, max: 9 }).map((number) => (): DutyCommand => {
      const escalationId = `escalation_duty_weekly-${number}`;
      return type === 'ResolveEscalation'
        ? { type, escalationId, outcome: '' }
        : { type, escalationId, note: null, until: null };
    }),
  ),
);
const what = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom<('wake' | 'on time' | 'other days')[]>('wake', 'on time', 'on time', 'other days'),
  },
  { weight: 4, arbitrary: command },
);
const steps: fc.Arbitrary<Step[]> = fc.array(fc.tuple(fc.nat(200), what), { maxLength: 25 });

function live(run: DutyRun, given: readonly Step[]): void {
  let now = at('2023-05-30T09:00');
  for (const [hours, doing] of given) {
    now = doing === 'on time' ? Math.max(now, run.nextWakeAt ?? now) : now + hours * 3_600_000 + 17;
    if (doing === 'other days') run.recompute(STRUCTURE.calendar.format(now).slice(0, 19), OTHER_DAYS);
    else if (typeof doing === 'string') checkWake(run, now);
    else tryCommand(run, now, doing(run, now));
    checkState(run);
  }
  checkWake(run, now);
}

function checkWake(run: DutyRun, now: number): void {
  for (
    let wakes = 0;
    wakes < 9 && run.wakeAt(now).filter(({ type }) => type === 'PeriodOpened').length === MOST_TURNS_A_WAKE;
    wakes += 1
  );
  expect(run.wakeAt(now), 'the same wake again').toEqual([]);
  if (run.nextWakeAt !== null) expect(run.nextWakeAt).toBeGreaterThan(now);
  expect(run.duty.periods.filter(({ status, dueAt }) => status === 'running' && dueAt <= now)).toEqual([]);
}

function tryCommand(run: DutyRun, now: number, given: DutyCommand): void {
  try {
    run.giveAt('kgx-head', now, given);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

function checkState({ duty, nextWakeAt, events }: DutyRun): void {
  expect(duty).toEqual(events.reduce((state, event) => dutyAggregate.evolve(state, event), dutyAggregate.initial));
  expect(duty.version).toBe(events.length);
  const keys = duty.periods.map(({ key: one }) => one);
  expect(new Set(keys).size, 'each key once').toBe(keys.length);
  const ids = duty.escalations.map(({ id }) => id);
  expect(new Set(ids).size, 'each escalation once').toBe(ids.length);
  checkNothingForgotten(duty, nextWakeAt);
  checkLight(duty);
}

function checkNothingForgotten(duty: ExistingDuty, nextWakeAt: number | null): void {
  const due = [
    ...duty.limits.map(nextChangeOf),
    ...(duty.status === 'active' ? [duty.endsAt, turnsAt(duty)] : []),
  ].filter((one) => one !== null);
  for (const one of due) expect(nextWakeAt).toBeLessThanOrEqual(one);
  if (due.length === 0) expect(nextWakeAt).toBeNull();
  const active = duty.limits.filter(isActive).map(({ id }) => id.slice('period:'.length));
  const running = duty.periods.filter(({ status }) => status === 'running').map(({ key: one }) => one);
  expect(active, 'what runs has its limit').toEqual(expect.arrayContaining(running));
  for (const one of duty.periods) {
    if (one.status === 'met' || one.status === 'late') expect(active).not.toContain(one.key);
    if (one.status === 'running') expect(one.done).toBeLessThan(quotaOf(duty));
  }
}

function checkLight(duty: ExistingDuty): void {
  const light = dutyLight(duty);
  const limits = duty.limits.filter(isActive);
  expect(light === 'red').toBe(limits.some(({ status }) => status === 'overdue'));
  if (light === 'blue' || light === 'grey') expect([duty.status, limits, duty.behind]).toEqual(['ended', [], false]);
  if (light === 'green') expect(duty.behind).toBe(false);
  if (duty.behind) expect(duty.periods.find(({ key: one }) => one === duty.current?.key)?.status).toBe('running');
}

describe('any life of a duty', () => {
  it('forgets nothing, wakes for nothing, and remembers each turn once', () => {
    fc.assert(
      fc.property(definition, steps, (given, taken) => {
        const run = new DutyRun();
        tryCommand(run, at('2023-05-30T09:00'), {
          ...{ type: 'OpenDuty', dutyId: 'duty_weekly', definition: given, owner: 'unit:kgx', policy: POLICY },
          ...{ imported: true, urgent: false, override: null },
        });
        if (run.state.status !== 'none') live(run, taken);
      }),
      { numRuns: 600, seed: 433_122 },
    );
  });

  it('left alone has every turn that its definition lists, and none else', () => {
    fc.assert(
      fc.property(
        definition.filter((given) => isScheduled(given.period)),
        fc.nat(3),
        (given, naps) => {
          const run = new DutyRun();
          const opens = { type: 'OpenDuty', dutyId: 'duty_weekly', owner: 'unit:kgx', policy: POLICY } as const;
          tryCommand(run, at('2023-05-30T09:00'), {
            ...opens,
            definition: given,
            imported: true,
            urgent: false,
            override: null,
          });
          if (run.state.status === 'none') return;
          for (let next = run.nextWakeAt; next !== null; next = run.nextWakeAt) run.wakeAt(next + naps * 90_000_000);
          const listed = [...periodsOf(given, STRUCTURE.calendar)].filter(
            ({ dueAt }) => dueAt > at('2023-05-30T09:00'),
          );
          expect(run.turns).toEqual(listed.map(({ key: one }) => `${one} missed`));
          expect(run.duty.status).toBe('ended');
        },
      ),
      { numRuns: 200, seed: 433_122 },
    );
  });
});
