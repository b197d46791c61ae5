import {
  type DutyEvent,
  type ExistingDuty,
  type IssueReport,
  type Plan,
  plansReported,
  type ReportAsked,
  type ReportData,
  reportAggregate,
  reportIdOf,
  reportingGroups,
  reportKindOf,
  reportRecipients,
  type Structure,
} from '@duban/domain';
import { commitOf } from '../commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { blobsOf } from '../imports/staging.ts';
import type { Commit, RecordedEvent } from '../ports.ts';
import { itemRef, systemContext } from '../write-item.ts';
import { gatherReport } from './gather.ts';

/**
 * Makes the reports that duties have asked for, one of each plan of the group. What has been issued stays as it is, so
 * that a repeated delivery changes nothing.
 * @throws Error when one could not be stored; the batch is delivered again then
 */
export async function issueReports(deps: Dependencies, events: readonly RecordedEvent[]): Promise<void> {
  for (const { ref, event: happened, meta } of events) {
    if (ref.type !== 'duty') continue;
    const event = happened as DutyEvent;
    if (event.type === 'ReportAsked') await issueAll(deps, ref, event, meta.correlationId);
  }
}

interface Asking {
  readonly id: string;
  readonly duty: ExistingDuty;
  readonly asked: ReportAsked;
  readonly counterparties: readonly string[];
  readonly correlationId: string;
}

async function issueAll(
  deps: Dependencies,
  ref: RecordedEvent['ref'],
  asked: ReportAsked,
  correlationId: string,
): Promise<void> {
  const head = await deps.store.load(ref);
  const structure = await deps.structures.current(ref.jurisdiction);
  const duty = head?.state as ExistingDuty | undefined;
  if (duty === undefined || duty.terms.group === null) return;
  const [worded] = await deps.store.read(ref, { from: duty.wordingVersion, to: duty.wordingVersion });
  const wording = worded?.event as DutyEvent | undefined;
  if (wording === undefined || !('definition' in wording)) throw new Error(`${ref.id} lacks its wording.`);
  const { counterparties } = wording.definition;
  for (const plan of plansReported(structure, duty.terms.group)) {
    await issueOne(deps, structure, plan, { id: ref.id, duty, asked, counterparties, correlationId });
  }
}

async function issueOne(deps: Dependencies, structure: Structure, plan: Plan, asking: Asking): Promise<void> {
  const { jurisdiction } = structure;
  const { terms } = asking.duty;
  const ref = itemRef(jurisdiction.code, 'report', reportIdOf(terms.code, asking.asked.period, plan.code));
  if ((await deps.store.load(ref)) !== null) return;
  const context = systemContext(deps, structure, 'system:react');
  const made = await makeReport(deps, structure, plan, asking, context.now);
  if (made === null) return;
  const { command, blobs } = made;
  const events = reportAggregate.decide(reportAggregate.initial, command, context);
  const meta = { at: context.now, actor: context.actor, correlationId: asking.correlationId };
  const commit: Commit = { ...commitOf(null, ref, events, meta), blobs };
  const [outcome] = await deps.store.commit([commit]);
  // Of two deliveries at once the other one was first.
  if (outcome?.status === 'committed' || outcome?.status === 'conflict') return;
  throw new Error(`${ref.id} could not be issued: ${outcome?.status ?? 'no outcome'}; it is tried again.`);
}

async function makeReport(
  deps: Dependencies,
  structure: Structure,
  plan: Plan,
  { id: dutyId, duty, asked, counterparties }: Asking,
  asOf: number,
): Promise<{ readonly command: IssueReport; readonly blobs: NonNullable<Commit['blobs']> } | null> {
  const { code, title, kind: dutyKind, basis, group } = duty.terms;
  const kind = reportKindOf(dutyKind);
  // The duty was corrected to another kind meanwhile.
  if (kind === null || group === null) return null;
  const { period, from, to, since, until } = asked;
  const report = await gatherReport(deps, structure, {
    ...{ plan, kind, asOf },
    duty: { code, name: title, basis },
    period: { key: period, from, to },
    span: { from: since, to: until },
  });
  const blobs = blobsOf('report', deps.snapshots.encode(report));
  const leadUnits = leadUnitsOf(report);
  return {
    blobs,
    command: {
      ...{ type: 'IssueReport', reportId: reportIdOf(code, period, plan.code), kind, title: report.title },
      ...{ plan: plan.code, groups: groupsOf(structure, group, plan), dutyId, dutyCode: code, basis, period, from, to },
      recipients: reportRecipients(structure, asOf, { plan, group, counterparties, leadUnits }),
      data: blobs.map(({ name }) => name),
    },
  };
}

function leadUnitsOf({ units }: ReportData): readonly string[] {
  return units.map(({ unit }) => unit.code);
}

/** Whose offices and leaders may read it: the plan's own group, the one that reports, and the desk it is done at. */
function groupsOf(structure: Structure, group: string, plan: Plan): readonly string[] {
  const [reporting] = reportingGroups(structure, group);
  return [...new Set([plan.group, group, reporting ?? group])];
}
