import { type ExistingProblem, problemLight } from '@duban/domain';
import type { Head, Projection } from '../ports.ts';
import { addressedOf, escalationEntries, mailboxLists, openEscalationsOf } from './escalations.ts';
import { partitions, sortKey } from './names.ts';
import { type ItemRow, nextDue } from './rows.ts';

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
  const { registeredAt, solvedAt, basis } = problem;
  return {
    ...{ id, version, title, status, group, foundBy, foundOn, unit, place, term, level, registeredAt, solvedAt },
    documentNumber: basis.documentNumber,
    leadUnits: [unit],
    light: problemLight(problem),
    dueAt: nextDue(problem),
    openEscalations: openEscalationsOf(problem),
    addressed: addressedOf(problem),
  };
}

export function problemProjection(head: Head, problem: ExistingProblem): Projection {
  const summary = problemSummary(problem);
  const sort = sortKey(summary.dueAt, problem.id);
  const units = [...new Set([problem.unit, problem.foundBy])];
  const lists = [
    partitions.all('problems'),
    partitions.ofOffice('problems', problem.group),
    ...units.map((unit) => partitions.ofUnit('problems', unit)),
    ...mailboxLists(summary.addressed, (mailbox) => partitions.ofMailbox('problems', mailbox)),
  ];
  return {
    jurisdiction: head.ref.jurisdiction,
    id: problem.id,
    version: head.version,
    body: summary,
    entries: [
      ...lists.map((partition) => ({ partition, sort })),
      ...escalationEntries(
        problem,
        problem.group,
        units.map((unit) => `unit:${unit}`),
      ),
    ],
    counts: [],
  };
}
