import {
  type Caller,
  type Commit,
  chunksOf,
  createSubscription,
  type Dependencies,
  importBundle,
} from '@duban/application';
import type { Instant } from '@duban/calendar';
import { importBundle as importBundleSchema } from '@duban/contracts/http/imports';
import { DEFAULT_TASK_POLICY, type Policy, type TaskDefinition } from '@duban/domain';
import { assignment, JURISDICTION, realDefinitions } from '../lib/tasks.ts';

const CALLER: Caller = {
  jurisdiction: JURISDICTION,
  actor: { person: 'system:bench', bootstrapAdmin: true },
  correlationId: 'bench',
};

export const unitOf = (index: number) => `bench-${String(index).padStart(4, '0')}`;

/** Units beside those of the county, each with a webhook of its own at `<url>/<unit>`. */
export async function plantRecipients(deps: Dependencies, count: number, url: string): Promise<void> {
  const units = Array.from({ length: count }, (_, index) => ({
    ...{ code: unitOf(index), name: `第${index}号单位`, kind: 'bureau' },
  }));
  const bundle = importBundleSchema.parse({ jurisdiction: JURISDICTION, mode: 'merge', units });
  const { problems } = await importBundle(deps, CALLER, bundle, { dryRun: false, idempotency: null, wait: true });
  if (problems.length > 0) throw new Error(`The units have ${problems.length} problems: ${problems[0]?.message}`);
  const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
  for (const some of chunksOf(units, 50)) {
    await Promise.all(
      some.map(({ code }) => {
        const address = { kind: 'webhook', url: `${url}/${code}`, secrets } as const;
        const given = { mailbox: `unit:${code}`, address, name: code, language: 'zh', ordered: false } as const;
        return createSubscription(deps, CALLER, given, { idempotency: null });
      }),
    );
  }
}

/** Reminded on these working days before the due day, a group of tasks each. */
export const REMINDERS = [
  [10, 5],
  [9, 4],
  [8, 3],
  [7, 2],
  [6, 1],
] as const;

/** Assigns so many tasks to each unit, unit after unit; with two reminders each where there is a due day. */
export async function plantTasksOfUnits(
  deps: Dependencies,
  units: number,
  tasksEach: number,
  dueAt: Instant | null,
): Promise<void> {
  const structure = await deps.structures.current(JURISDICTION);
  const now = deps.clock.now();
  const definitions = realDefinitions();
  let commits: Commit[] = [];
  const write = async () => {
    const outcomes = await deps.store.commit(commits);
    const refused = outcomes.find((outcome) => outcome.status !== 'committed');
    if (refused !== undefined) throw new Error(`A task could not be planted: ${refused.status}`);
    commits = [];
  };
  for (let unit = 0; unit < units; unit += 1) {
    for (let task = 0; task < tasksEach; task += 1) {
      const definition: TaskDefinition = {
        ...(definitions[task % definitions.length] as TaskDefinition),
        ...{ leadUnits: [unitOf(unit)], responsibleUnits: [], leaders: [], dueAt },
      };
      const remindWorkingDaysBefore = dueAt === null ? [] : [...(REMINDERS[task % REMINDERS.length] ?? [])];
      const policy: Policy = { ...DEFAULT_TASK_POLICY, remindWorkingDaysBefore };
      commits.push(assignment(structure, now, deps.ids.next('task'), definition, policy));
      if (commits.length === 500) await write();
    }
  }
  if (commits.length > 0) await write();
}
