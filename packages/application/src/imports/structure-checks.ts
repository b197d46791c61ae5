import { createCalendar } from '@duban/calendar';
import { addDelay, DEFAULT_POLICIES, type StructureData } from '@duban/domain';
import { checkDuties } from './duty-bundle.ts';
import { problem, requireKnown } from './requirements.ts';
import type { ProblemSink } from './types.ts';

const byCode = ({ code }: { readonly code: string }): string => code;

/** Faults that show only in the whole: names taken twice, records that point at nothing, parents that go in circles. */
export function checkWhole(data: StructureData, problems: ProblemSink): void {
  const seen = new Map<string, string>();
  for (const unit of data.units) {
    for (const name of new Set([unit.name, ...unit.aliases])) {
      const other = seen.get(name);
      if (other !== undefined) {
        problems.push(
          problem(
            '/units',
            'duplicate_name',
            `"${name}" names both ${other} and ${unit.code}.`,
            `“${name}”同时是 ${other} 和 ${unit.code} 的名称。`,
          ),
        );
      }
      seen.set(name, unit.code);
    }
  }
  const groups = new Set(data.groups.map(byCode));
  const policies = new Set([...DEFAULT_POLICIES, ...data.policies].map(byCode));
  const documents = new Set(data.documents.map(({ number }) => number));
  for (const plan of data.plans) {
    requireKnown(groups, plan.group, `plan ${plan.code}`, 'group', '/plans', problems);
    requireKnown(policies, plan.policy, `plan ${plan.code}`, 'policy', '/plans', problems);
    requireKnown(documents, plan.documentNumber, `plan ${plan.code}`, 'document', '/plans', problems);
  }
  for (const group of data.groups) {
    if (group.parent !== null)
      requireKnown(groups, group.parent, `group ${group.code}`, 'parent group', '/groups', problems);
  }
  checkDuties(data, policies, problems);
  requireStanding(data, problems);
  for (const policy of data.policies) checkPolicy(policy, problems);
}

/** After a replacing import everything that is left must still stand on something. */
function requireStanding(data: StructureData, problems: ProblemSink): void {
  const units = new Set(data.units.map(byCode));
  const posts = new Set(data.posts.map(byCode));
  const people = new Set(data.people.map(byCode));
  for (const post of data.posts) requireKnown(units, post.unit, `post ${post.code}`, 'unit', '/posts', problems);
  for (const { post, person } of data.appointments) {
    requireKnown(posts, post, 'an appointment', 'post', '/appointments', problems);
    requireKnown(people, person, 'an appointment', 'person', '/appointments', problems);
  }
  for (const { code, office, leader, firstDeputy, deputies, members } of data.groups) {
    const seats = [office?.director, office?.deputyDirector, leader, firstDeputy, ...deputies, ...members];
    for (const post of seats) {
      if (post != null) requireKnown(posts, post, `group ${code}`, 'post', '/groups', problems);
    }
    if (office !== null) requireKnown(units, office.hostUnit, `group ${code}`, 'unit', '/groups', problems);
  }
  const headed = new Set<string>();
  for (const { unit } of data.posts.filter((post) => post.head)) {
    if (headed.has(unit)) {
      problems.push(
        problem(
          '/posts',
          'duplicate_head',
          `Unit ${unit} has two principal posts.`,
          `单位 ${unit} 有两个主要负责岗位。`,
        ),
      );
    }
    headed.add(unit);
  }
  const parents = new Map(data.groups.map(({ code, parent }) => [code, parent]));
  for (const code of parents.keys()) {
    const walked = new Set<string>();
    for (let at: string | null = code; at !== null; at = parents.get(at) ?? null) {
      if (walked.has(at)) {
        problems.push(
          problem(
            '/groups',
            'circular_parents',
            `The parents of group ${code} go in a circle.`,
            `${code} 的上级关系成环。`,
          ),
        );
        break;
      }
      walked.add(at);
    }
  }
}

/** A ladder whose last step comes before its first would never be climbed. */
function checkPolicy(policy: StructureData['policies'][number], problems: ProblemSink): void {
  const calendar = createCalendar({ timeZone: 'Asia/Shanghai' });
  const base = calendar.startOfDay('2023-01-03');
  const instants = policy.steps.map(({ delay }) => addDelay(base, delay, calendar));
  if (instants.some((at, index) => index > 0 && at < (instants[index - 1] ?? at))) {
    problems.push(
      problem(
        '/policies',
        'invalid_value',
        `The steps of policy ${policy.code} are not in order of time.`,
        `策略 ${policy.code} 的步骤未按时间排列。`,
      ),
    );
  }
}
