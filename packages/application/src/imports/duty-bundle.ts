import { type DutyDefinition, readOwner, type StructureData, type Subject } from '@duban/domain';
import type { NameIndex } from './names.ts';
import { requireKnown } from './requirements.ts';
import type { ImportBundle, ProblemSink } from './types.ts';

/** Whom a duty may name. */
export interface Parties {
  readonly units: NameIndex;
  readonly posts: NameIndex;
  /** Codes of all townships. */
  readonly townships: readonly string[];
}

/** What stands for every township where a document says so. */
export const EACH_TOWNSHIP: readonly string[] = ['各乡镇', '每个乡镇', 'each_township'];

/** Duties with their parties resolved: “each township” becomes eleven owners, each with a clock of its own. */
export function resolveDuties(
  bundle: ImportBundle,
  parties: Parties,
  problems: ProblemSink,
): readonly DutyDefinition[] | null {
  return (
    bundle.duties?.map((duty, index) => ({
      ...duty,
      requester: parties.units.resolve(duty.requester, `/duties/${index}/requester`, problems),
      owners: resolveOwners(duty.owners, parties, `/duties/${index}/owners`, problems),
    })) ?? null
  );
}

/** Owners as `unit:<code>` or `post:<code>`, each once. */
export function resolveOwners(
  names: readonly string[],
  { units, posts, townships }: Parties,
  pointer: string,
  problems: ProblemSink,
): readonly string[] {
  const owners = names.flatMap((name, index): readonly string[] => {
    const at = `${pointer}/${index}`;
    if (EACH_TOWNSHIP.includes(name)) return townships.map((code) => `unit:${code}`);
    if (name.startsWith('unit:')) return [`unit:${units.resolve(name.slice('unit:'.length), at, problems)}`];
    if (name.startsWith('post:')) return [`post:${posts.resolve(name.slice('post:'.length), at, problems)}`];
    const post = units.has(name) ? null : posts.find(name);
    return [post === null ? `unit:${units.resolve(name, at, problems)}` : `post:${post}`];
  });
  return [...new Set(owners)];
}

export function resolveSubjects(
  bundle: ImportBundle,
  { units, posts }: Parties,
  problems: ProblemSink,
): readonly Subject[] | null {
  return (
    bundle.subjects?.map((subject, index) => ({
      ...subject,
      township: units.resolveOptional(subject.township, `/subjects/${index}/township`, problems),
      leader: posts.resolveOptional(subject.leader, `/subjects/${index}/leader`, problems),
    })) ?? null
  );
}

/** Faults that show only in the whole: duties without an owner or an end, and what they stand on. */
export function checkDuties(data: StructureData, policies: ReadonlySet<string>, problems: ProblemSink): void {
  const codes = (records: readonly { readonly code: string }[]) => new Set(records.map(({ code }) => code));
  const groups = codes(data.groups);
  const subjects = codes(data.subjects);
  const units = codes(data.units);
  const posts = codes(data.posts);
  for (const duty of data.duties) {
    const who = `duty ${duty.code}`;
    if (duty.group !== null) requireKnown(groups, duty.group, who, 'group', '/duties', problems);
    if (duty.subject !== null) requireKnown(subjects, duty.subject, who, 'subject', '/duties', problems);
    requireKnown(policies, duty.policy, who, 'policy', '/duties', problems);
    requireKnown(units, duty.requester, who, 'unit', '/duties', problems);
    for (const owner of duty.owners) {
      const { isPost, code } = readOwner(owner);
      requireKnown(isPost ? posts : units, code, who, 'owner', '/duties', problems);
    }
    requireComplete(duty, problems);
  }
}

function requireComplete({ code, owners, from, until, basis }: DutyDefinition, problems: ProblemSink): void {
  const complain = (fault: string, message: string, messageZh: string) =>
    problems.push({ pointer: '/duties', code: fault, message, messageZh, suggestions: [] });
  if (owners.length === 0) {
    complain('required', `Duty ${code} has no owner.`, `定期事项 ${code} 没有责任单位或岗位。`);
  }
  if (basis.documentNumber.trim() === '') {
    complain('missing_basis', `Duty ${code} has no basis.`, `定期事项 ${code} 没有依据文件。`);
  }
  if (until < from) {
    complain('out_of_order', `Duty ${code} ends before it begins.`, `定期事项 ${code} 的截止日期早于开始日期。`);
  }
}
