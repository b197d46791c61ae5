import { endLimits, evolveClock, withLimits } from '../clock/item.ts';
import type { IncidentEvent, IncidentOpened, ReportReceived, UpwardReviewed } from './events.ts';
import { survives } from './limits.ts';
import type { ExistingIncident, IncidentState, UpwardRecord } from './state.ts';

/** What happened, happened: never rejects. */
export function evolveIncident(state: IncidentState, event: IncidentEvent): IncidentState {
  if (state.status === 'none') return event.type === 'IncidentOpened' ? opened(event) : state;
  return applied({ ...state, version: state.version + 1 }, event);
}

function opened(event: IncidentOpened): ExistingIncident {
  const { signal, kind, unit, title, level, occurredAt, knownAt, receivedAt } = event;
  const { startsAt, completedAt, ownDueAt, pace, limits } = event;
  return {
    status: 'awaiting_report',
    id: event.incidentId,
    version: 1,
    ...{ signal, kind, unit, title, level, occurredAt, knownAt, receivedAt, startsAt, completedAt, ownDueAt },
    openedAt: event.at,
    ...{ pace, limits },
    escalations: [],
    reports: [],
    corrections: 0,
    lateByMs: null,
    explained: false,
    filedWith: [],
    upward: [],
    closedAt: null,
  };
}

function applied(incident: ExistingIncident, event: IncidentEvent): ExistingIncident {
  switch (event.type) {
    case 'IncidentOpened':
      return incident;
    case 'ReportReceived':
      return reported(incident, event);
    case 'ReportCorrected':
      return {
        ...withLimits(incident, event.limits),
        corrections: event.number,
        occurredAt: event.occurredAt,
        lateByMs: incident.lateByMs === null ? null : event.lateByMs,
        reports: incident.reports.map((report) =>
          report.number === event.report
            ? { ...report, corrections: [...report.corrections, incident.version] }
            : report,
        ),
      };
    case 'LevelChanged':
      return { ...withLimits(incident, event.limits), level: event.to };
    case 'LatenessExplained':
      return { ...endLimits(incident, ({ kind }) => kind === 'explanation', 'met'), explained: true };
    case 'UpwardRequested': {
      const { number, to, limit } = event;
      const request: UpwardRecord = { number, to, status: 'pending', reviews: [] };
      return { ...withLimits(incident, [limit]), upward: [...incident.upward, request] };
    }
    case 'UpwardReviewed':
      return reviewed(incident, event);
    case 'UpwardSent':
      return withUpward(incident, event.number, (request) => ({ ...request, status: 'sent' }));
    default:
      return evolveClock(incident, event);
  }
}

function reported(incident: ExistingIncident, event: ReportReceived): ExistingIncident {
  const { number, stage, mode, receivedAt, occurredAt, knownAt, level, lateByMs, limits, filedWith } = event;
  const ending = endLimits(incident, (limit) => !survives(limit, event), 'met');
  // What does not go on is done with once it lies there in writing.
  const closes = stage === 'final' || (!incident.kind.followsUp && mode === 'written');
  return {
    ...withLimits(ending, limits),
    ...{ occurredAt, knownAt },
    status: closes ? 'closed' : 'reported',
    closedAt: closes ? event.at : null,
    level: level ?? incident.level,
    lateByMs: stage === 'first' ? lateByMs : incident.lateByMs,
    reports: [...incident.reports, { number, stage, mode, receivedAt, version: incident.version, corrections: [] }],
    filedWith: [...new Set([...incident.filedWith, ...filedWith.map(({ mailbox }) => mailbox)])],
  };
}

function reviewed(
  incident: ExistingIncident,
  { number, office, approved, complete }: UpwardReviewed,
): ExistingIncident {
  const next = withUpward(incident, number, (request) => {
    const reviews = [...request.reviews, { office, approved }];
    const status = approved ? (complete ? 'approved' : 'pending') : 'refused';
    return { ...request, reviews, status };
  });
  const settled = next.upward.find((request) => request.number === number)?.status !== 'pending';
  return settled ? endLimits(next, ({ id }) => id === `upward_review:${number}`, 'met') : next;
}

function withUpward(
  incident: ExistingIncident,
  number: number,
  change: (request: UpwardRecord) => UpwardRecord,
): ExistingIncident {
  return {
    ...incident,
    upward: incident.upward.map((request) => (request.number === number ? change(request) : request)),
  };
}
