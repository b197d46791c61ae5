import { type DutySummary, type DutyView, dutySummary } from '@duban/application';
import type * as contract from '@duban/contracts/http/duties';
import { readOwner, type Structure } from '@duban/domain';
import { linesOf, presentEscalationsOf, presentLimit, time, timeOrNull, unitNamed } from './present.ts';

export function presentDutySummary(structure: Structure, summary: DutySummary): contract.DutySummaryAnswer {
  const { id, version, status, light, code, kind, title, documentNumber, group, subject, indicator } = summary;
  const { mode, from, until, behind, missed, openEscalations, ownerUnit, current, period } = summary;
  const owner = readOwner(summary.owner);
  return {
    ...{ id, version, status, light, code, kind, title, documentNumber, group, subject, indicator },
    ...{ mode, from, until, behind, missed, openEscalations, period },
    requester: unitNamed(structure, summary.requester),
    owner: { post: owner.isPost ? owner.code : null, unit: unitNamed(structure, ownerUnit) },
    current: current && {
      ...{ key: current.key, done: current.done, quota: current.quota },
      due: time(structure, current.dueAt),
    },
  };
}

export function presentDuty({ duty, definition, roles, structure }: DutyView): contract.DutyAnswer {
  const { imported, urgent, overridden, periods, terms } = duty;
  return {
    ...presentDutySummary(structure, dutySummary(duty)),
    ...{ imported, urgent, overridden, quota: terms.quota, shift: terms.shift },
    text: definition.text,
    basis: { ...terms.basis, lines: linesOf(terms.basis.lines) },
    counterparties: [...definition.counterparties],
    openedAt: time(structure, duty.openedAt),
    endsAt: time(structure, duty.endsAt),
    endedAt: timeOrNull(structure, duty.endedAt),
    periods: periods.map(({ key, dueAt, done, status, metAt, occasion }) => ({
      ...{ key, done, status, occasion },
      due: time(structure, dueAt),
      metAt: timeOrNull(structure, metAt),
    })),
    limits: duty.limits.map((limit) => presentLimit(structure, limit)),
    escalations: presentEscalationsOf(structure, duty),
    notes: [...definition.notes],
    roles: [...roles],
  };
}
