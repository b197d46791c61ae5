import type { Bundle } from './bundle.ts';

type Group = Bundle['groups'][number];

/** The unit that issued a document; of two the first. */
export function issuerOf(
  { documents, units }: Pick<Bundle, 'documents' | 'units'>,
  documentNumber: string,
): string | null {
  const printed = documents.find(({ number }) => number === documentNumber)?.issuer ?? '';
  const [first = ''] = printed.split(/[、 ]/u);
  return units.find(({ name, aliases }) => [name, ...aliases].includes(first))?.code ?? null;
}

/**
 * Whose office does a group's daily work: its own, else that of the command centre under it, else that of the nearest
 * group above it. Null where no office is printed.
 */
export function withOffice(groups: readonly Group[], code: string): (Group & { office: object }) | null {
  const group = groups.find((each) => each.code === code);
  if (group === undefined) return null;
  const centre = groups.find(({ parent, kind, office }) => parent === code && kind === 'command_centre' && office);
  for (const each of [group, centre]) {
    if (each?.office) return { ...each, office: each.office };
  }
  return group.parent === null ? null : withOffice(groups, group.parent);
}

/** The group a document's duties belong to: that of its plans, else its only one with an office; null where none can be told. */
export function groupOfDocument({ plans, groups }: Pick<Bundle, 'plans' | 'groups'>, number: string): string | null {
  const ofPlans = plans.filter(({ documentNumber }) => documentNumber === number).map(({ group }) => group);
  const own = groups.filter(({ documentNumber, office }) => documentNumber === number && office !== null);
  const candidates = [...new Set(ofPlans.length > 0 ? ofPlans : own.map(({ code }) => code))];
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}
