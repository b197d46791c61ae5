import {
  assignTask,
  type Caller,
  commandTask,
  type DueWake,
  dashboard,
  listInbox,
  listTasks,
  project,
  react,
  readTask,
  taskRef,
  wakeBatch,
} from '@duban/application';
import type { Instant } from '@duban/calendar';
import type { TaskCommand, TaskDefinition } from '@duban/domain';
import { type BareCloud, importCounty, startBareCloud } from '../lib/bare-cloud.ts';
import type { Metered } from '../lib/meter.ts';
import { say } from '../lib/progress.ts';
import { round } from '../lib/statistics.ts';
import { JURISDICTION, OFFICE_GROUP, OFFICE_POST, OFFICE_UNIT, plantTasks, realDefinitions } from '../lib/tasks.ts';
import { measureDelivery } from './delivery-units.ts';

export interface CommandUnits {
  readonly command: string;
  /** By the published rule: 2 units for each begun kB of a row in a transaction. Without the index. */
  readonly writeUnits: number;
  /** What DynamoDB Local answers, which overbills transactions. */
  readonly writeUnitsAnswered: number;
  /** Of the wake index, as answered. */
  readonly indexWriteUnits: number;
  /** Table and index, as answered. */
  readonly readUnits: number;
  readonly roundTrips: number;
}

const GROUP = 50;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WRITE = { ifMatch: null, idempotency: null };
const PAGE = { limit: 50, after: null };

/** Capacity units and round trips of what people and the pipeline do, each item of a group counted alone. */
export async function measureUnits(): Promise<readonly CommandUnits[]> {
  const cloud = await startBareCloud();
  try {
    say('units: importing the county');
    await importCounty(cloud.deps, { tasks: true });
    const measured: CommandUnits[] = [];
    const measure = async (command: string, work: () => Promise<unknown>, share = 1): Promise<void> => {
      measured.push(unitsOf(command, await cloud.during(work), share));
    };
    await measureLife(cloud, measure);
    await measureWakes(cloud, measure);
    await measureReads(cloud, measure);
    return measured;
  } finally {
    await cloud.stop();
  }
}

type Measure = (command: string, work: () => Promise<unknown>, share?: number) => Promise<void>;

function unitsOf(command: string, units: Metered, share: number): CommandUnits {
  const each = (value: number): number => round(value / share, 2);
  return {
    command,
    writeUnits: each(units.writeUnitsBySize),
    writeUnitsAnswered: each(units.writeUnits),
    indexWriteUnits: each(units.indexWriteUnits),
    readUnits: each(units.readUnits + units.indexReadUnits),
    roundTrips: each(units.roundTrips),
  };
}

/** One task from its assignment to its closing, in the order it happens. */
async function measureLife(cloud: BareCloud, measure: Measure): Promise<void> {
  const { deps } = cloud;
  const office = await officeDirector(cloud);
  const due = deps.clock.now() + 30 * DAY_MS;
  let id = '';
  await measure('assign', async () => {
    const definition = { ...typicalDefinition(), dueAt: due };
    id = (await assignTask(deps, office, definition, { idempotency: null })).task.id;
  });
  const give = (name: string, command: TaskCommand): Promise<void> =>
    measure(name, () => commandTask(deps, office, id, command, WRITE));
  const unit = OFFICE_UNIT;
  await measure('bring views up, first time', () => projectAll(deps, [id]));
  await give('accept', { type: 'Accept', unit });
  await give('report progress', {
    ...{ type: 'ReportProgress', unit, text: '已完成全部在建项目排查，建立台账，正在督促整改。', percent: 40 },
    ...{ noChange: false, reached: [], answers: [] },
  } as TaskCommand);
  await give('request extension', {
    ...{ type: 'RequestExtension', limitId: 'due', newDueAt: due + 10 * DAY_MS },
    reason: '因汛期施工受阻，需延期完成。',
  });
  await give('decide extension', {
    ...{ type: 'DecideExtension', number: 1, approved: true, newDueAt: null },
    ...{ basis: '泸政办发〔2023〕5号', reason: null },
  });
  await give('submit completion', completion(unit));
  await give('return completion', { type: 'Return', reason: '佐证材料不全，请补充整改前后照片。' });
  await commandTask(deps, office, id, completion(unit), WRITE);
  await give('verify completion', { type: 'Verify', note: null });
}

function completion(unit: string): TaskCommand {
  return { type: 'SubmitCompletion', unit, summary: '整治任务全部完成，隐患清零。', evidence: ['验收报告'] };
}

async function measureWakes(cloud: BareCloud, measure: Measure): Promise<void> {
  const { deps, setClock } = cloud;
  const dueAt = deps.clock.now() + HOUR_MS;
  const wakes = [...(await plantTasks(deps, GROUP + 1, () => dueAt)).keys()].map(
    (id): DueWake => ({ ref: taskRef(JURISDICTION, id), at: dueAt }),
  );
  const alone = wakes.slice(0, 1);
  const together = wakes.slice(1);
  await projectAll(
    deps,
    wakes.map(({ ref }) => ref.id),
  );
  setClock(dueAt);
  await measure('wake and escalate, alone', () => wakeBatch(deps, alone));
  await measure(`wake and escalate, each of ${GROUP}`, () => wakeBatch(deps, together), GROUP);
  await follow(deps, alone, 'alone', measure, 1);
  await follow(deps, together, `each of ${GROUP}`, measure, GROUP);
  const office = await officeDirector(cloud);
  const taskId = alone[0]?.ref.id ?? '';
  const escalationId = (await readTask(deps, office, taskId)).task.escalations[0]?.id ?? '';
  await measure('acknowledge escalation', () =>
    commandTask(deps, office, taskId, { type: 'AcknowledgeEscalation', escalationId, note: null, until: null }, WRITE),
  );
}

async function projectAll(deps: BareCloud['deps'], ids: readonly string[]): Promise<void> {
  const heads = await deps.store.loadMany(ids.map((id) => taskRef(JURISDICTION, id)));
  await project(deps, [...heads.values()]);
}

/** What the streams bring about: views of the heads, notices of the events. */
async function follow(
  deps: BareCloud['deps'],
  wakes: readonly DueWake[],
  name: string,
  measure: Measure,
  share: number,
): Promise<void> {
  const heads = [...(await deps.store.loadMany(wakes.map(({ ref }) => ref))).values()];
  const events = (await Promise.all(wakes.map(({ ref }) => deps.store.read(ref, { from: 2 })))).flat();
  await measure(`bring views up after it, ${name}`, () => project(deps, heads), share);
  await measure(`join the digest after it, ${name}`, () => react(deps, events), share);
}

async function measureReads(cloud: BareCloud, measure: Measure): Promise<void> {
  const { deps, setClock } = cloud;
  const office = await officeDirector(cloud);
  // The digest the escalations joined is released, so that the inbox has something to show.
  const releaseAt = await lastRelease(cloud);
  setClock(releaseAt);
  const digests = (await dueDigests(cloud)).map((wake) => wake.ref);
  await measureDelivery(
    cloud,
    digests.map((ref) => ({ ref, at: releaseAt })),
    measure,
  );
  await project(deps, [...(await deps.store.loadMany(digests)).values()]);
  const filter = { plan: null, unit: null, office: OFFICE_GROUP, status: null, light: null, dueBefore: null };
  const { items } = await listTasks(deps, office, filter, PAGE);
  const taskId = items[0]?.id ?? '';
  await measure('read a task', () => readTask(deps, office, taskId));
  await measure(`list tasks, ${items.length}`, () => listTasks(deps, office, filter, PAGE));
  await measure('dashboard', () => dashboard(deps, office, { plan: null, office: OFFICE_GROUP, unit: null }));
  await measure('inbox', () => listInbox(deps, office, { unit: null, post: null, unreadOnly: false }, PAGE));
}

async function dueDigests({ deps }: BareCloud): Promise<readonly DueWake[]> {
  const wakes: DueWake[] = [];
  for await (const page of deps.wakes.due(deps.clock.now() + 7 * DAY_MS)) wakes.push(...page);
  return wakes.filter(({ ref }) => ref.type === 'digest');
}

async function lastRelease(cloud: BareCloud): Promise<Instant> {
  return Math.max(...(await dueDigests(cloud)).map(({ at }) => at));
}

/** The row whose size lies in the middle of the real list's. */
function typicalDefinition(): TaskDefinition {
  const led = realDefinitions().filter(({ leadUnits }) => leadUnits.includes(OFFICE_UNIT));
  const bySize = [...led].sort((a, b) => JSON.stringify(a).length - JSON.stringify(b).length);
  return bySize[Math.floor(bySize.length / 2)] as TaskDefinition;
}

async function officeDirector({ deps }: BareCloud): Promise<Caller> {
  const structure = await deps.structures.current(JURISDICTION);
  const person = structure.holder(OFFICE_POST, deps.clock.now())?.code ?? null;
  if (person === null) throw new Error(`Nobody holds ${OFFICE_POST}.`);
  return { jurisdiction: JURISDICTION, actor: { person, bootstrapAdmin: false }, correlationId: 'bench' };
}
