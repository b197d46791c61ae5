import type { Calendar, Instant } from '@duban/calendar';
import type { CommandContext } from '../aggregate.ts';
import type { Escalated } from '../clock/events.ts';
import { escalationIdOf } from '../clock/item.ts';
import { DomainError } from '../errors.ts';
import type { Target } from '../escalation/policy.ts';
import { resolveTargets } from '../structure/recipients.ts';
import type { IncidentCommandOf } from './commands.ts';
import type { IncidentEvent, ReportReceived } from './events.ts';
import { receiptOf, refuseFuture, requireKnown, requireOrder, requireStage } from './guards.ts';
import { limitsAfter, shortened, survives } from './limits.ts';
import { isHigher, requireFacts } from './reports.ts';
import type { ExistingIncident } from './state.ts';
import { firstReportDue, lateness } from './timeliness.ts';
import { answerableForIncident } from './wake.ts';

type Given = Omit<IncidentCommandOf<'Report'>, 'type'>;

/** 首报、续报、终报. A late first report is accepted, says by how much it is late, and asks for an explanation. */
export function report(incident: ExistingIncident, given: Given, context: CommandContext): readonly IncidentEvent[] {
  const { now, structure } = context;
  const { stage, mode, facts, level } = given;
  requireStage(incident, stage);
  requireWriting(given);
  requireFacts(facts, incident.kind.rule.when, stage);
  const first = stage === 'first';
  const receivedAt = receiptOf(given.receivedAt, incident.unit, context);
  const known = first ? stated(incident, given, receivedAt, now) : unchanged(incident, given);
  const dueAt = first ? earliestDue(incident, known, context.calendar) : null;
  const lateByMs = lateness(receivedAt, dueAt);
  const judged = level ?? incident.level;
  const rises = isHigher(incident.level, judged);
  const answerable = answerableForIncident(incident);
  const received: ReportReceived = {
    ...{ type: 'ReportReceived', at: now, by: context.actor, number: incident.reports.length + 1, stage, mode },
    ...{ receivedAt, ...known, facts, level, dueAt, lateByMs },
    limits: [
      ...(rises ? shortened(incident, judged, context, (limit) => survives(limit, given)) : []),
      ...limitsAfter(incident, given, judged, lateByMs, context),
    ],
    filedWith: resolveTargets(structure, now, answerable, ['incident_offices']),
    reportedTo: first ? resolveTargets(structure, now, answerable, reportedTo(incident)) : [],
  };
  const late = lateByMs > 0 ? informedOf(incident, received, context) : null;
  return late === null ? [received] : [received, late];
}

type Known = Pick<ExistingIncident, 'occurredAt' | 'knownAt'>;

/** What a unit says of an event that a signal told of first. */
function stated(incident: ExistingIncident, given: Given, receivedAt: Instant, now: Instant): Known {
  const known = { occurredAt: given.occurredAt ?? incident.occurredAt, knownAt: given.knownAt ?? incident.knownAt };
  refuseFuture(known.occurredAt, now, '/occurredAt');
  refuseFuture(known.knownAt, now, '/knownAt');
  requireOrder({ ...known, receivedAt: Math.min(receivedAt, incident.receivedAt) });
  requireKnown(known.knownAt, receivedAt);
  return known;
}

/** What was said once is changed by a correction alone, which shows both versions. */
function unchanged({ occurredAt, knownAt }: ExistingIncident, given: Given): Known {
  const said = (at: Instant | null, before: Instant | null) => at === null || at === before;
  if (said(given.occurredAt, occurredAt) && said(given.knownAt, knownAt)) return { occurredAt, knownAt };
  throw new DomainError(
    'wrong_status',
    'When it happened is stated by the first report; correct that report instead.',
    '发生时间、知悉时间由首报填写；如需修改，请对首报提交更正。',
    said(given.occurredAt, occurredAt) ? '/knownAt' : '/occurredAt',
  );
}

/** A unit's own word can make its limit end earlier than the signal's, never later. */
function earliestDue(incident: ExistingIncident, known: Known, calendar: Calendar): Instant | null {
  const { rule } = incident.kind;
  const before = firstReportDue(rule, incident, calendar);
  const after = firstReportDue(rule, { ...incident, ...known }, calendar);
  return before === null || after === null ? before : Math.min(before, after);
}

/** What is said last of a matter is said in writing: nothing would be left to follow a call. */
function requireWriting({ stage, mode }: Given): void {
  if (stage !== 'final' || mode === 'written') return;
  throw new DomainError(
    'wrong_mode',
    'A final report is made in writing; send it with mode "written", or report by phone as a follow-up.',
    '终报须以书面形式提交，请以 mode "written" 提交；电话、口头内容请作为续报。',
    '/mode',
  );
}

/** A sudden event goes to the leader in charge and the main leaders at once; the rest is on file with the offices. */
function reportedTo({ kind }: ExistingIncident): readonly Target[] {
  return kind.rule.when === 'after_event' ? ['leader_in_charge', 'main_leaders'] : ['leader_in_charge'];
}

/** A report that came late without a ladder having climbed is escalated for information: the offices must know of it. */
function informedOf(incident: ExistingIncident, received: ReportReceived, context: CommandContext): Escalated | null {
  if (received.dueAt === null || incident.escalations.length > 0) return null;
  const { now, structure } = context;
  return {
    type: 'Escalated',
    at: now,
    escalationId: escalationIdOf(incident.id, 1),
    limitId: 'first_report',
    step: 0,
    stepDueAt: received.dueAt,
    dueAt: received.dueAt,
    action: 'inform',
    urgent: incident.kind.rule.when === 'after_event',
    recipients: resolveTargets(structure, now, answerableForIncident(incident), [
      'incident_offices',
      'leader_in_charge',
    ]),
    next: null,
  };
}
