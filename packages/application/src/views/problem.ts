import { type ExistingProblem, isActive, problemLight } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { addressedOf, escalationEntries, openEscalationsOf } from './escalations.ts';
import { partitions, sortKey } from './names.ts';
import type { ItemRow } from './rows.ts';

/** What lists show of a problem. */
export interface ProblemSummary
  extends ItemRow,
    Pick<
      ExistingProblem,
      'status' | 'group' | 'foundBy' | 'foundOn' | 'unit' | 'place' | 'term' | 'level' | 'registeredAt' | 'solvedAt'
    > {
  readonly documentNumber: string;
}

export function problemSummary(problem: ExistingProblem): ProblemSummary {
  const { id, version, title, status, group, foundBy, foundOn, unit, place, term, level } = problem;
  const { registeredAt, solvedAt, basis, limits } = problem;
  const due = limits.filter(isActive).map(({ dueAt }) => dueAt);
  return {
    ...{ id, version, title, status, group, foundBy, foundOn, unit, place, term, level, registeredAt, solvedAt },
    documentNumber: basis.documentNumber,
    leadUnits: [unit],
    light: problemLight(problem),
    dueAt: due.length === 0 ? null : Math.min(...due),
    openEscalations: openEscalationsOf(problem),
    addressed: addressedOf(problem),
  };
}

export function problemProjection(head: Head, problem: ExistingProblem): Projection {
  const summary = problemSummary(problem);
  const sort = sortKey(summary.dueAt, problem.id);
  const lists = [
    partitions.all('problems'),
    partitions.ofOffice('problems', problem.group),
    ...[...new Set([problem.unit, problem.foundBy])].map((unit) => partitions.ofUnit('problems', unit)),
    ...summary.addressed
      .filter((mailbox) => !mailbox.startsWith('unit:'))
      .map((mailbox) => partitions.ofMailbox('problems', mailbox)),
  ];
  return {
    jurisdiction: head.ref.jurisdiction,
    id: problem.id,
    version: head.version,
    body: summary,
    entries: [
      ...lists.map((partition) => ({ partition, sort })),
      ...escalationEntries(problem, problem.group, [problem.unit]),
    ],
    counts: [],
  };
}
