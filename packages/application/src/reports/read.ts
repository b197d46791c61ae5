import type { Instant } from '@duban/calendar';
import {
  type ExistingReport,
  type ReportData,
  type ReportKind,
  reportRoles,
  type Seats,
  type Structure,
} from '@duban/domain';
import { currentStructure, type PageRequest, type PageResult } from '../access.ts';
import type { Dependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import { listItems, ownLists } from '../list-items.ts';
import { partitions } from '../views/names.ts';
import type { ReportSummary } from '../views/report.ts';
import { type Caller, itemRef } from '../write-item.ts';
import { gatherReport } from './gather.ts';

export interface ReportFilter {
  readonly plan: string | null;
  readonly kind: ReportKind | null;
  /** Key of a turn: `2023-09`, `2023-Q3`. */
  readonly period: string | null;
}

/** Reports the caller may see, latest first. */
export function listReports(
  deps: Dependencies,
  caller: Caller,
  filter: ReportFilter,
  page: PageRequest,
): Promise<PageResult<ReportSummary>> {
  return listItems(
    deps,
    caller,
    (seats) => listsOf(filter, seats),
    page,
    (row: ReportSummary) => matches(row, filter),
    { descending: true },
  );
}

function listsOf({ plan }: ReportFilter, seats: Seats): readonly string[] {
  if (plan !== null) return [partitions.reportsOfPlan(plan)];
  return seats.admin || seats.supervision ? [partitions.all('reports')] : ownLists('reports', seats);
}

function matches(row: ReportSummary, { plan, kind, period }: ReportFilter): boolean {
  return (
    (plan === null || row.plan === plan) &&
    (kind === null || row.kind === kind) &&
    (period === null || row.period === period)
  );
}

/** A report as it was issued. */
export interface IssuedReport {
  readonly report: ExistingReport;
  readonly data: ReportData;
  readonly structure: Structure;
}

/**
 * A report as the caller may see it: whoever it was sent to, its groups' offices and leaders, supervision, administrators.
 * @throws ApplicationError `not_found` when it is not there, or not for the caller to see
 */
export async function readReport(deps: Dependencies, caller: Caller, id: string): Promise<IssuedReport> {
  const ref = itemRef(caller.jurisdiction, 'report', id);
  const [head, { structure, seats }] = await Promise.all([deps.store.load(ref), currentStructure(deps, caller)]);
  const report = head === null ? null : (head.state as ExistingReport);
  if (report === null || reportRoles(seats, report).size === 0) throw notFound();
  const chunks = await Promise.all(
    report.data.map(async (name) => {
      const chunk = await deps.store.readBlob(ref, name);
      if (chunk === null) throw new Error(`${id} lacks ${name}.`);
      return chunk;
    }),
  );
  return { report, data: deps.snapshots.decodeReport(chunks), structure };
}

/**
 * What a report of a plan would say now; nothing is stored and nobody is told. For supervision, administrators and the
 * offices and leaders of the plan's group.
 * @param span deadlines after `from` and by `to` are the span's
 * @throws ApplicationError `not_found` for anybody else, and where there is no such plan
 */
export async function previewReport(
  deps: Dependencies,
  caller: Caller,
  code: string,
  kind: ReportKind,
  span: (structure: Structure) => { readonly from: Instant; readonly to: Instant },
): Promise<{ readonly data: ReportData; readonly structure: Structure }> {
  const { structure, seats } = await currentStructure(deps, caller);
  const plan = structure.plan(code);
  if (plan === null || reportRoles(seats, { groups: [plan.group], mailboxes: [] }).size === 0) throw notFound();
  const days = span(structure);
  const period = { key: null, ...days };
  const asOf = deps.clock.now();
  return { data: await gatherReport(deps, structure, { plan, kind, duty: null, period, span: days, asOf }), structure };
}
