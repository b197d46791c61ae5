import {
  type CommandContext,
  DEFAULT_PREFECTURE_PROBLEM_POLICY,
  DEFAULT_PROBLEM_POLICY,
  type ExistingProblem,
  PROBLEM_CLOCK,
  PROBLEM_RIGHTS,
  type ProblemCommand,
  type ProblemEvent,
  type ProblemState,
  problemAggregate,
  problemRoles,
  type Role,
  type Seats,
  type Structure,
} from '@duban/domain';
import { type PageRequest, type PageResult, requireOneOf, requireRight } from './access.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { type ClockView, explainItem } from './explain.ts';
import { listItems, ownLists } from './list-items.ts';
import { partitions } from './views/names.ts';
import { type ProblemSummary, problemSummary } from './views/problem.ts';
import {
  type Caller,
  contextFor,
  type ItemKind,
  itemRef,
  type WriteOptions,
  type Written,
  writeItem,
} from './write-item.ts';

/** A problem with what has been said of it, as answers show it. */
export interface ProblemView {
  readonly problem: ExistingProblem;
  readonly text: string;
  readonly measure: string | null;
  /** What came of it; null while it is open. */
  readonly outcome: string | null;
  readonly roles: ReadonlySet<Role>;
  readonly structure: Structure;
}

export const PROBLEMS: ItemKind<ProblemState, ProblemCommand, ProblemEvent> = {
  type: 'problem',
  aggregate: problemAggregate,
  authorise,
};

function authorise(context: CommandContext, state: ProblemState | null, command: ProblemCommand): void {
  const { seats } = context;
  const allowed = PROBLEM_RIGHTS[command.type];
  if (command.type === 'Register') {
    const { group, foundBy } = command;
    const roles = problemRoles(seats, { group, unit: foundBy, foundBy, addressed: [] });
    requireOneOf(allowed, roles, 'registering a problem for this unit');
    return;
  }
  const item = state === null || state.status === 'none' ? null : state;
  const found = item && { item, roles: problemRoles(seats, problemSummary(item)), clock: PROBLEM_CLOCK };
  requireRight(allowed, found, command, context);
}

export type Registration = Omit<
  Extract<ProblemCommand, { type: 'Register' }>,
  'type' | 'problemId' | 'policy' | 'prefecturePolicy'
>;

/** Writes a problem into the register. */
export async function registerProblem(
  deps: Dependencies,
  caller: Caller,
  registration: Registration,
  options: Pick<WriteOptions, 'idempotency'>,
): Promise<ProblemView> {
  const problemId = deps.ids.next('problem');
  const written = await writeItem(
    deps,
    caller,
    PROBLEMS,
    problemId,
    { ...options, ifMatch: null },
    {
      commandFor: (_head, { structure }): ProblemCommand => ({
        ...registration,
        type: 'Register',
        problemId,
        policy: structure.policy(DEFAULT_PROBLEM_POLICY.code) ?? DEFAULT_PROBLEM_POLICY,
        prefecturePolicy: structure.policy(DEFAULT_PREFECTURE_PROBLEM_POLICY.code) ?? DEFAULT_PREFECTURE_PROBLEM_POLICY,
      }),
    },
  );
  return viewOfWritten(deps, caller, written);
}

/** Any other command on a problem; answers the problem as it is afterwards. */
export async function commandProblem(
  deps: Dependencies,
  caller: Caller,
  id: string,
  command: ProblemCommand,
  options: WriteOptions,
): Promise<ProblemView> {
  const written = await writeItem(deps, caller, PROBLEMS, id, options, { commandFor: () => command });
  return viewOfWritten(deps, caller, written);
}

/** A problem as the caller may see it. Absent and hidden are the same. */
export async function readProblem(deps: Dependencies, caller: Caller, id: string): Promise<ProblemView> {
  const head = await deps.store.load(itemRef(caller.jurisdiction, 'problem', id));
  const context = contextFor(deps, caller, await deps.structures.current(caller.jurisdiction));
  const problem = head === null ? null : (head.state as ExistingProblem);
  if (problem === null || problemRoles(context.seats, problemSummary(problem)).size === 0) throw notFound();
  return viewOf(deps, caller, context, problem);
}

function viewOfWritten(
  deps: Dependencies,
  caller: Caller,
  { state, context }: Written<ProblemState, ProblemEvent>,
): Promise<ProblemView> {
  return viewOf(deps, caller, context, state as ExistingProblem);
}

async function viewOf(
  deps: Dependencies,
  caller: Caller,
  { seats, structure }: CommandContext,
  problem: ExistingProblem,
): Promise<ProblemView> {
  const ref = itemRef(caller.jurisdiction, 'problem', problem.id);
  const events = (await deps.store.read(ref, { to: problem.version })).map(({ event }) => event as ProblemEvent);
  const registered = events.find((event) => event.type === 'ProblemRegistered');
  if (registered === undefined) throw new Error(`${problem.id} lacks its registration.`);
  const solved = events.findLast((event) => event.type === 'ProblemSolved');
  const { text, measure } = registered;
  const outcome = problem.status === 'open' ? null : (solved?.outcome ?? null);
  return { problem, text, measure, outcome, roles: problemRoles(seats, problemSummary(problem)), structure };
}

export interface ProblemFilter {
  readonly unit: string | null;
  readonly office: string | null;
  readonly status: string | null;
  readonly level: string | null;
  readonly light: string | null;
}

/** Problems the caller may see, by when they must be solved. */
export async function listProblems(
  deps: Dependencies,
  caller: Caller,
  filter: ProblemFilter,
  page: PageRequest,
): Promise<PageResult<ProblemSummary>> {
  return listItems(
    deps,
    caller,
    (seats) => listsOf(filter, seats),
    page,
    (row: ProblemSummary) => matches(row, filter),
  );
}

function listsOf({ unit, office }: ProblemFilter, seats: Seats): readonly string[] {
  if (unit !== null) return [partitions.ofUnit('problems', unit)];
  if (office !== null) return [partitions.ofOffice('problems', office)];
  return seats.admin || seats.supervision ? [partitions.all('problems')] : ownLists('problems', seats);
}

function matches(row: ProblemSummary, filter: ProblemFilter): boolean {
  const fields = ['status', 'level', 'light'] as const;
  return (
    fields.every((field) => filter[field] === null || row[field] === filter[field]) &&
    (filter.unit === null || row.unit === filter.unit || row.foundBy === filter.unit) &&
    (filter.office === null || row.group === filter.office)
  );
}

/** Each limit of a problem and why it says what it says. */
export async function explainProblem(deps: Dependencies, caller: Caller, id: string): Promise<ClockView> {
  const { problem, structure } = await readProblem(deps, caller, id);
  const ref = itemRef(caller.jurisdiction, 'problem', id);
  return explainItem(deps, ref, problem, structure, PROBLEM_CLOCK, () => problem.basis);
}
