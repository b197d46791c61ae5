import { parseInstant } from '@duban/calendar';
import { describe, expect, it } from 'vitest';
import { DATA } from '../../test-support/fixtures.ts';
import { IncidentRun, opening, reporting, signal, VISIT } from '../../test-support/incident-run.ts';
import { Structure } from '../structure/structure.ts';

const MINUTE = 60_000;
const OFFSETS = [
  ['a second before', -1_000],
  ['at', 0],
  ['a millisecond after', 1],
  ['a second after', 1_000],
] as const;

function instant(text: string): number {
  const parsed = parseInstant(text);
  if (parsed === null) throw new Error(`not an instant: ${text}`);
  return parsed;
}

const zoned = (timeZone: string) => new Structure({ ...DATA, jurisdiction: { ...DATA.jurisdiction, timeZone } }, 1);
const LUXI = zoned('Asia/Shanghai');
const NEW_YORK = zoned('America/New_York');

/** Events so that their forty minutes end, or lie, where clocks and calendars turn. */
const EVENTS: readonly (readonly [name: string, occurredAt: string, structure: Structure])[] = [
  ['an ordinary day', '2023-03-10T10:00:00+08:00', LUXI],
  ['midnight within', '2023-03-10T23:40:00+08:00', LUXI],
  ['midnight at its end', '2023-03-10T23:20:00+08:00', LUXI],
  ['New Year’s Eve', '2023-12-31T23:30:00+08:00', LUXI],
  ['Spring Festival', '2026-02-17T00:10:00+08:00', LUXI],
  ['a make-up day', '2023-10-07T08:00:00+08:00', LUXI],
  ['the eve of a make-up day', '2023-10-06T23:50:00+08:00', LUXI],
  ['a month’s end', '2023-04-30T23:45:00+08:00', LUXI],
  ['the eve of a leap day', '2024-02-28T23:45:00+08:00', LUXI],
  ['a leap day', '2024-02-29T23:45:00+08:00', LUXI],
  ['clocks put forward', '2024-03-10T01:50:00-05:00', NEW_YORK],
  ['clocks put back', '2024-11-03T01:40:00-04:00', NEW_YORK],
];

describe.each(EVENTS)('forty minutes over %s', (_name, occurred, structure) => {
  const occurredAt = instant(occurred);
  const dueAt = occurredAt + 40 * MINUTE;

  it.each(OFFSETS)('%s: reported', (_offset, offset) => {
    const lateByMs = Math.max(0, offset);
    const signalled = new IncidentRun(structure);
    signalled.giveAt('officer', occurredAt, signal({ occurredAt }));
    for (let next = signalled.nextWakeAt; next !== null && next <= dueAt + offset; next = signalled.nextWakeAt) {
      signalled.wakeAt(next);
    }
    signalled.giveAt('kgx-head', dueAt + offset, reporting('first'));
    const alone = new IncidentRun(structure);
    alone.giveAt('kgx-head', dueAt + offset, opening({ occurredAt }));
    const called = new IncidentRun(structure);
    const phone = { mode: 'phone', receivedAt: dueAt + offset } as const;
    called.giveAt('xwb-head', dueAt + 3 * 60 * MINUTE, opening({ occurredAt }, phone));
    for (const run of [signalled, alone, called]) {
      const received = run.events.find((event) => event.type === 'ReportReceived');
      expect(received).toMatchObject({ dueAt, lateByMs });
      expect(run.incident.limits.some(({ kind }) => kind === 'explanation')).toBe(lateByMs > 0);
    }
  });

  it('climbs at its minutes', () => {
    const run = new IncidentRun(structure);
    run.giveAt('officer', occurredAt, signal({ occurredAt }));
    for (let next = run.nextWakeAt; next !== null; next = run.nextWakeAt) run.wakeAt(next);
    const since = run.events.slice(1).map(({ at }) => (at - occurredAt) / MINUTE);
    expect(since).toEqual([20, 40, 40, 60, 90]);
  });
});

/** Activities, and 24:00 of the second working day before them. */
const ACTIVITIES: readonly (readonly [name: string, startsAt: string, dueAt: string, structure: Structure])[] = [
  ['an ordinary week', '2023-03-08T09:00:00+08:00', '2023-03-07T00:00:00+08:00', LUXI],
  ['midnight: the day that begins counts', '2023-03-08T00:00:00+08:00', '2023-03-07T00:00:00+08:00', LUXI],
  ['New Year', '2024-01-02T09:00:00+08:00', '2023-12-29T00:00:00+08:00', LUXI],
  ['Spring Festival with its make-up day', '2026-02-24T09:00:00+08:00', '2026-02-14T00:00:00+08:00', LUXI],
  ['a make-up day itself', '2023-10-07T09:00:00+08:00', '2023-09-28T00:00:00+08:00', LUXI],
  ['two make-up days', '2023-10-09T09:00:00+08:00', '2023-10-08T00:00:00+08:00', LUXI],
  ['Labour Day and a month’s end', '2023-05-04T09:00:00+08:00', '2023-04-28T00:00:00+08:00', LUXI],
  ['a leap day', '2024-03-04T09:00:00+08:00', '2024-03-01T00:00:00+08:00', LUXI],
  ['clocks put forward', '2024-03-12T09:00:00-04:00', '2024-03-09T00:00:00-05:00', NEW_YORK],
  ['clocks put back', '2024-11-05T09:00:00-05:00', '2024-11-02T00:00:00-04:00', NEW_YORK],
];

describe.each(ACTIVITIES)('two working days before: %s', (_name, starts, due, structure) => {
  it.each(OFFSETS)('%s', (_offset, offset) => {
    const run = new IncidentRun(structure);
    const dueAt = instant(due);
    run.giveAt('kgx-head', dueAt + offset, opening({ kind: VISIT, startsAt: instant(starts) }));
    expect(run.events[1]).toMatchObject({ dueAt, lateByMs: Math.max(0, offset) });
  });
});
