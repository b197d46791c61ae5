import type { Instant } from '@duban/calendar';
import type { EscalationRecord } from '../clock/item.ts';
import type { ReportKind } from '../duty/definition.ts';
import type { Structure } from '../structure/structure.ts';
import type { Plan } from '../structure/types.ts';
import { dueLimit, lightOf } from '../task/state.ts';
import type { Called, NamedTask, ReportData, StepCount, UnitResult } from './data.ts';
import { type Decided, decidedBy, outcomesOf, type ReportedTask } from './outcome.ts';
import { periodName, REPORT_NAMES } from './period-name.ts';
import { bestAndWorst, decidedCount, ranked } from './ranking.ts';

/** What a report is of. */
export interface ReportTerms extends Pick<ReportData, 'kind' | 'duty' | 'period' | 'span' | 'asOf'> {
  readonly plan: Plan;
}

/**
 * The report of a plan, from its tasks as they are at {@link ReportTerms.asOf}.
 * @param tasks of the plan, those that readers are not shown yet left out
 */
export function compileReport(
  tasks: readonly ReportedTask[],
  { plan, kind, duty, period, span: wanted, asOf }: ReportTerms,
  structure: Structure,
): ReportData {
  const span = { from: wanted.from, to: Math.min(wanted.to, asOf) };
  const judged = tasks.map((reported) => ({ ...reported, decided: decidedBy(reported, asOf) }));
  const alive = judged.filter(({ task }) => task.status !== 'cancelled');
  const decided = alive.flatMap((each) => each.decided ?? []);
  const raised = alive.flatMap(({ task }) => task.escalations.filter(isAsking));
  const units = unitResults(alive, span, structure);
  const named = alive.map((each) => namedTask(each, structure));
  const circular = new Set(alive.filter(({ task }) => isCircular(task.escalations, span)).map(({ task }) => task.id));
  return {
    ...{ kind, duty, period, span, asOf, title: titleOf(plan, kind, period, structure) },
    plan: { code: plan.code, name: plan.title, documentNumber: plan.documentNumber, list: plan.list },
    group: { code: plan.group, name: structure.group(plan.group)?.name ?? plan.group },
    totals: {
      tasks: alive.length,
      byStatus: counted(judged.map(({ task }) => task.status)),
      byLight: counted(judged.map(({ task }) => lightOf(task))),
      span: outcomesOf(decided.filter(isWithin(span))),
      toDate: outcomesOf(decided),
    },
    escalations: stepsOf(raised.filter(({ at }) => at > span.from && at <= span.to)),
    units,
    ...bestAndWorst(units),
    overdue: named.filter((_, index) => alive[index]?.decided?.outcome === 'overdue').sort(latestFirst),
    circular: named.filter(({ id }) => circular.has(id)).sort(latestFirst),
  };
}

function titleOf(plan: Plan, kind: ReportKind, { key, from, to }: ReportData['period'], structure: Structure): string {
  const days = () => [from, to - 1].map((at) => structure.calendar.dateOf(at)).join('至');
  return `${plan.title}${key === null ? days() : periodName(key)}${REPORT_NAMES[kind]}`;
}

type Judged = ReportedTask & { readonly decided: Decided | null };
type Span = ReportData['span'];

const isWithin =
  ({ from, to }: Span) =>
  ({ dueAt }: { readonly dueAt: Instant }) =>
    dueAt > from && dueAt <= to;

/** Told for information alone, nobody was asked for anything. */
function isAsking({ action }: EscalationRecord): boolean {
  return action !== 'inform';
}

/** Put on the list in the span, or before it and not settled. */
function isCircular(escalations: readonly EscalationRecord[], { from, to }: Span): boolean {
  return escalations.some(
    ({ action, at, status }) => action === 'circular' && at <= to && (at > from || status !== 'resolved'),
  );
}

function unitResults(tasks: readonly Judged[], span: Span, structure: Structure): readonly UnitResult[] {
  const led = new Map<string, Judged[]>();
  for (const each of tasks) {
    for (const unit of new Set(each.task.leadUnits)) led.set(unit, [...(led.get(unit) ?? []), each]);
  }
  const results = [...led].map(([code, own]) => {
    const decided = own.flatMap((each) => each.decided ?? []);
    const raised = own.flatMap(({ task }) => task.escalations.filter(isAsking));
    const toDate = outcomesOf(decided);
    const late = decided.filter(({ outcome }) => outcome !== 'submitted').reduce((sum, { lateMs }) => sum + lateMs, 0);
    return {
      unit: called(structure, code),
      tasks: own.length,
      span: outcomesOf(decided.filter(isWithin(span))),
      toDate,
      escalated: raised.filter(({ at }) => at > span.from && at <= span.to).length,
      escalatedToDate: raised.length,
      meanLateMs: Math.round(late / Math.max(1, decidedCount(toDate))),
    };
  });
  return ranked(results.sort((a, b) => (a.unit.code < b.unit.code ? -1 : 1)));
}

function namedTask({ task, decided }: Judged, structure: Structure): NamedTask {
  const { id, seq, title, leadUnits, percent, escalations } = task;
  return {
    ...{ id, seq, title, percent },
    leadUnits: leadUnits.map((code) => called(structure, code)),
    dueAt: dueLimit(task)?.dueAt ?? null,
    lateMs: decided?.lateMs ?? 0,
    escalations: escalations.filter(isAsking).length,
  };
}

function latestFirst(a: NamedTask, b: NamedTask): number {
  return b.lateMs - a.lateMs || (a.seq ?? Number.MAX_VALUE) - (b.seq ?? Number.MAX_VALUE) || (a.id < b.id ? -1 : 1);
}

function stepsOf(raised: readonly EscalationRecord[]): ReportData['escalations'] {
  const steps = new Map<string, StepCount>();
  for (const { step, action } of raised) {
    const key = `${step}/${action}`;
    steps.set(key, { step: step + 1, action, count: (steps.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...steps.values()].sort((a, b) => a.step - b.step || (a.action < b.action ? -1 : 1));
  return { total: raised.length, steps: sorted };
}

function counted<T extends string>(values: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function called(structure: Structure, code: string): Called {
  return { code, name: structure.unit(code)?.name ?? code };
}
