import type { Instant } from '@duban/calendar';
import { postRecipient, type Recipient, resolveTargets, unitRecipient } from '../structure/recipients.ts';
import type { Structure } from '../structure/structure.ts';
import type { Plan } from '../structure/types.ts';
import { reportingGroup } from './scope.ts';

/** Whom a report may go to. */
export interface ReportAddress {
  readonly plan: Plan;
  /** The group whose office answers for the duty. */
  readonly group: string;
  /** To whom it goes, as the document prints it. */
  readonly counterparties: readonly string[];
  /** Of the plan's tasks. */
  readonly leadUnits: readonly string[];
}

/**
 * To whom a report goes: whom its document names (县整治办定期向……通报, 泸办通〔2023〕24号 969-971; 对园区……一月一通报,
 * 泸政办发〔2023〕5号 3311-3312), with the office in whose name it goes out. A document that names nobody, as 月通报 and
 * 季总结 (泸政办发〔2023〕5号 1406-1408) and 月通报 (泸政办发〔2023〕7号 8170-8172) do not, or only phrases that are no one
 * body (乡镇、各部门), means those it concerns: the offices, leaders and deputies of the group and of the plan's own group,
 * who dispatch the work (1391-1400, 1408-1410), and the lead units it is about.
 * @param at vacant seats are passed over to whoever answers for them then; the result is never empty
 */
export function reportRecipients(structure: Structure, at: Instant, address: ReportAddress): readonly Recipient[] {
  const { plan, group, leadUnits } = address;
  const office = (code: string) => resolveTargets(structure, at, { group: code, leadUnits: [] }, ['office']);
  const named = address.counterparties.flatMap((text) => namedRecipients(structure, at, text));
  if (named.length > 0) return once([...named, ...office(group)]);
  const leading = [reportingGroup(structure, group), structure.group(plan.group)].filter((each) => each !== null);
  const leaders = leading.flatMap(({ leader, firstDeputy, deputies }) => [
    ...(leader === null ? [] : [postRecipient(structure, at, leader, 'leader')]),
    ...[firstDeputy, ...deputies]
      .filter((post) => post !== null)
      .map((post) => postRecipient(structure, at, post, 'deputy_leader')),
  ]);
  const units = [...new Set(leadUnits)].map((unit) => unitRecipient(structure, at, unit, []));
  return once([...office(group), ...office(plan.group), ...leaders, ...units]);
}

/** The body a printed name means: a unit, a group's office, or a post as 单位职务; none for any other phrase. */
function namedRecipients(structure: Structure, at: Instant, text: string): readonly Recipient[] {
  const unit = structure.unitNamed(text);
  if (unit !== null) return [unitRecipient(structure, at, unit.code, [])];
  const { groups, posts } = structure.data;
  const group = groups.find(({ code, name }) => code === text || name === text);
  if (group !== undefined) return resolveTargets(structure, at, { group: group.code, leadUnits: [] }, ['office']);
  const post = posts.find(
    ({ code, unit: of, title }) => code === text || `${structure.unit(of)?.name}${title}` === text,
  );
  return post === undefined ? [] : [postRecipient(structure, at, post.code, 'owner')];
}

function once(recipients: readonly Recipient[]): readonly Recipient[] {
  return [...new Map(recipients.toReversed().map((recipient) => [recipient.mailbox, recipient])).values()].toReversed();
}
