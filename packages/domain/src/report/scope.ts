import type { Structure } from '../structure/structure.ts';
import type { Group, Plan } from '../structure/types.ts';

/**
 * The plans that a group reports on: its own and those of every group below it. A command centre is the desk of the group
 * above it and reports for that: 领导小组下设1个总指挥中心、6个工作专班 (泸政办发〔2023〕5号 四(一), 1394-1397), and 月通报 and
 * 季总结 are the county's, over all six (四(二), 1406-1408).
 * @returns in the order of the structure; empty for a group that is not known
 */
export function plansReported(structure: Structure, group: string): readonly Plan[] {
  const below = reportingGroups(structure, group);
  return structure.data.plans.filter((plan) => below.has(plan.group));
}

/** The group that a group's reports are made for, and all groups below it. */
export function reportingGroups(structure: Structure, group: string): ReadonlySet<string> {
  const top = reportingGroup(structure, group);
  const found = new Set<string>(top === null ? [] : [top.code]);
  // A set grows while it is walked: each group is looked at once, whatever its parents say.
  for (const code of found) {
    for (const each of structure.data.groups) if (each.parent === code) found.add(each.code);
  }
  return found;
}

/** In whose name a group reports: a command centre in that of the group above it. Null for a group that is not known. */
export function reportingGroup(structure: Structure, group: string): Group | null {
  const found = structure.group(group);
  if (found?.kind !== 'command_centre' || found.parent === null) return found;
  return structure.group(found.parent) ?? found;
}
