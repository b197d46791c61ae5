import type { CommandContext } from '../aggregate.ts';
import { DomainError } from '../errors.ts';
import type { IncidentCommandOf } from './commands.ts';
import type { IncidentEvent } from './events.ts';
import { refuseFuture, requireOrder } from './guards.ts';
import { explanationLimit } from './limits.ts';
import { FACT_FIELDS, type FactField, type Facts, requireFacts } from './reports.ts';
import type { ExistingIncident, ReportRecord } from './state.ts';
import { firstReportDue, lateness } from './timeliness.ts';

/** Appends; both versions stay. It can make a report late that seemed in time, never the other way round. */
export function correct(
  incident: ExistingIncident,
  { report: number, before, after, occurredAt: stated, reason }: IncidentCommandOf<'CorrectReport'>,
  context: CommandContext,
): readonly IncidentEvent[] {
  const { now, actor } = context;
  const { stage } = find(incident, number);
  requireFacts({ ...before, ...after }, incident.kind.rule.when, stage);
  const changed = FACT_FIELDS.filter((field) => after[field] !== undefined && after[field] !== before[field]);
  const occurredAt = stated ?? incident.occurredAt;
  if (changed.length === 0 && occurredAt === incident.occurredAt) return [];
  const corrected = { ...incident, occurredAt };
  if (occurredAt !== incident.occurredAt) requirePossible(corrected, context);
  const already = incident.lateByMs ?? 0;
  const lateByMs = Math.max(already, latenessOf(corrected, context));
  return [
    {
      ...{ type: 'ReportCorrected', at: now, by: actor, number: incident.corrections + 1, report: number },
      ...{ before: only(changed, before), after: only(changed, after), occurredAt, reason, lateByMs },
      limits: already === 0 && lateByMs > 0 ? [explanationLimit(incident, context)] : [],
    },
  ];
}

function find({ reports }: ExistingIncident, number: number): ReportRecord {
  const record = reports.find((candidate) => candidate.number === number);
  if (record !== undefined) return record;
  const known = reports.map((report) => report.number);
  throw new DomainError(
    'unknown_reference',
    `There is no report ${number}; there are: ${known.join(', ') || 'none yet'}.`,
    `没有第${number}号报告；现有：${known.join('、') || '无'}。`,
    '/report',
  );
}

function requirePossible(incident: ExistingIncident, { now }: CommandContext): void {
  const received = incident.reports.map(({ receivedAt }) => receivedAt);
  refuseFuture(incident.occurredAt, now, '/occurredAt');
  requireOrder({ ...incident, receivedAt: Math.min(incident.receivedAt, ...received) }, '/occurredAt');
}

function latenessOf(incident: ExistingIncident, { calendar }: CommandContext): number {
  const [first] = incident.reports;
  return first === undefined ? 0 : lateness(first.receivedAt, firstReportDue(incident.kind.rule, incident, calendar));
}

function only(fields: readonly FactField[], facts: Facts): Facts {
  return Object.fromEntries(fields.map((field) => [field, facts[field] ?? null]));
}
