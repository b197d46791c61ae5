import type { IssuedReport, ReportSummary } from '@duban/application';
import type { ReportAnswer, ReportSummaryAnswer } from '@duban/contracts/http/reports';
import type { NamedTask, ReportData, Structure } from '@duban/domain';
import { linesOf, seconds, time, timeOrNull } from '../present.ts';
import { RULE } from './wording.ts';

export function presentReportSummary(structure: Structure, summary: ReportSummary): ReportSummaryAnswer {
  const { id, kind, title, plan, documentNumber, dutyId, period, from, to, issuedAt } = summary;
  return {
    ...{ id, kind, title, plan, documentNumber, duty: dutyId, period },
    ...daysOf(structure, { from, to }),
    issuedAt: time(structure, issuedAt),
  };
}

/** A preview has no report behind it. */
export function presentReport(
  data: ReportData,
  structure: Structure,
  report: IssuedReport['report'] | null,
): ReportAnswer {
  const { kind, title, plan, group, duty, period, span, totals, escalations } = data;
  const copied = (units: ReportData['best']) => units.map((unit) => ({ ...unit }));
  const tasks = (named: readonly NamedTask[]) => named.map((task) => presentTask(structure, task));
  return {
    ...{ id: report?.id ?? null, kind, title, plan: { ...plan }, group: { ...group } },
    duty: duty === null ? null : { ...duty, basis: { ...duty.basis, lines: linesOf(duty.basis.lines) } },
    period: { key: period.key, ...daysOf(structure, period) },
    span: { from: time(structure, span.from), to: time(structure, span.to) },
    asOf: time(structure, data.asOf),
    totals: { ...totals },
    escalations: { total: escalations.total, steps: escalations.steps.map((step) => ({ ...step })) },
    rule: RULE,
    units: data.units.map(({ meanLateMs, ...unit }) => ({ ...unit, meanLateSeconds: seconds(meanLateMs) ?? 0 })),
    ...{ best: copied(data.best), worst: copied(data.worst) },
    ...{ overdue: tasks(data.overdue), circular: tasks(data.circular) },
    sentTo: [...(report?.mailboxes ?? [])],
  };
}

function daysOf({ calendar }: Structure, { from, to }: { readonly from: number; readonly to: number }) {
  return { from: calendar.dateOf(from), to: calendar.dateOf(to - 1) };
}

function presentTask(structure: Structure, { dueAt, lateMs, leadUnits, ...task }: NamedTask) {
  return {
    ...task,
    leadUnits: leadUnits.map((unit) => ({ ...unit })),
    due: timeOrNull(structure, dueAt),
    lateBySeconds: seconds(lateMs) ?? 0,
  };
}
