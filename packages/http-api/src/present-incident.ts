import { type IncidentSummary, type IncidentView, incidentSummary, type ReportView } from '@duban/application';
import type * as contract from '@duban/contracts/http/incidents';
import type { Facts, IncidentKind, Structure } from '@duban/domain';
import type { z } from 'zod';
import {
  linesOf,
  presentEscalationsOf,
  presentLimit,
  presentRecipient,
  seconds,
  time,
  timeOrNull,
  unitNamed,
} from './present.ts';

export function presentKind(kind: IncidentKind): z.input<typeof contract.incidentKind> {
  const sourceOf = ({ documentNumber, lines }: IncidentKind['source']) => ({
    documentNumber,
    lines: linesOf(lines),
  });
  return {
    ...kind,
    source: sourceOf(kind.source),
    parallel: kind.parallel.map((limit) => ({ ...limit, source: sourceOf(limit.source) })),
  };
}

export function presentIncidentSummary(structure: Structure, summary: IncidentSummary): contract.IncidentSummaryAnswer {
  const { id, version, status, light, category, title, level, openEscalations, lateByMs } = summary;
  return {
    ...{ id, version, status, light, category, title, level, openEscalations },
    kind: { code: summary.kind, name: summary.kindName },
    unit: unitNamed(structure, summary.unit),
    openedAt: time(structure, summary.openedAt),
    due: timeOrNull(structure, summary.dueAt),
    lateBySeconds: seconds(lateByMs),
  };
}

export function presentIncident(view: IncidentView): contract.IncidentAnswer {
  const { incident, structure, text, explanations, roles } = view;
  const { signal, occurredAt, knownAt, receivedAt, startsAt, completedAt, closedAt, explained } = incident;
  const texts = new Map(view.upward.map((request) => [request.number, request.text]));
  return {
    ...presentIncidentSummary(structure, incidentSummary(incident)),
    ...{ signal, text, explained, explanations: [...explanations], roles: [...roles] },
    rule: presentRule(incident.kind),
    occurredAt: timeOrNull(structure, occurredAt),
    knownAt: timeOrNull(structure, knownAt),
    receivedAt: time(structure, receivedAt),
    startsAt: timeOrNull(structure, startsAt),
    completedAt: timeOrNull(structure, completedAt),
    closedAt: timeOrNull(structure, closedAt),
    filedWith: [...incident.filedWith],
    reports: view.reports.map((report) => presentReport(structure, report)),
    upward: incident.upward.map(({ number, to, status, reviews }) => ({
      ...{ number, to, status },
      text: texts.get(number) ?? '',
      reviews: reviews.map(({ office, approved }) => ({ office: unitNamed(structure, office), approved })),
    })),
    limits: incident.limits.map((limit) => presentLimit(structure, limit)),
    escalations: presentEscalationsOf(structure, incident),
  };
}

function presentRule({ rule, source }: IncidentKind) {
  const amount =
    rule.when === 'after_event'
      ? rule.minutes
      : rule.when === 'ahead'
        ? rule.workingDays
        : rule.when === 'after_completion'
          ? rule.days
          : null;
  return { when: rule.when, amount, source: { ...source, lines: linesOf(source.lines) } };
}

function presentReport(structure: Structure, { received, facts, former }: ReportView) {
  const { number, stage, mode, at, receivedAt, by, dueAt, lateByMs, filedWith } = received;
  return {
    ...{ number, stage, mode, by },
    at: time(structure, at),
    receivedAt: time(structure, receivedAt),
    facts: stated(facts),
    due: timeOrNull(structure, dueAt),
    lateBySeconds: Math.ceil(lateByMs / 1_000),
    filedWith: filedWith.map((recipient) => presentRecipient(structure, recipient)),
    corrections: former.map(({ facts: before, occurredAt, corrected }) => ({
      ...{ number: corrected.number, by: corrected.by, reason: corrected.reason },
      at: time(structure, corrected.at),
      occurredAt: timeOrNull(structure, occurredAt),
      before: stated(before),
    })),
  };
}

function stated(facts: Facts): Record<string, string | null> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Record<
    string,
    string | null
  >;
}
