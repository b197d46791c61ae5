import { DEFAULT_TASK_POLICY, emptyStructure, Structure, type TaskEvent, taskAggregate } from '@duban/domain';
import { describe, expect, it } from 'vitest';
import type { Dependencies } from '../dependencies.ts';
import { refKey, type StreamRef } from '../ports.ts';
import { gatherReport } from './gather.ts';

const AT = Date.UTC(2023, 4, 15);
const DUE = Date.UTC(2023, 7, 31, 16);
const PLAN = {
  code: 'p',
  documentNumber: '泸政办发〔2023〕5号',
  list: '甲',
  title: '甲清单',
  group: 'g',
  policy: 'default-task',
};

const definition = (title: string, plan: string) => ({
  ...{ title, text: '', plan, group: 'g', documentNumber: PLAN.documentNumber, list: '甲', seq: 1 },
  ...{ leadUnits: ['u'], responsibleUnits: [], leaders: [], dueAt: DUE, dueText: null, ongoing: true },
  ...{ milestones: [], targets: [], source: null, notes: [] },
});
const due = (status: 'running' | 'overdue') => ({
  ...({ id: 'due', kind: 'due', dueAt: DUE, startedAt: AT, status, reminders: [], dueSoon: false } as const),
  ...{ steps: [], next: null, hold: null, counted: null, pauses: [] },
});
const assigned = (id: string, plan: string, importId: string | null): TaskEvent => ({
  ...{ type: 'TaskAssigned', at: AT, by: 'clerk', taskId: id, definition: definition('原题', plan), importId },
  ...{ policy: DEFAULT_TASK_POLICY, limits: [due('overdue')] },
});
const corrected = (plan: string): TaskEvent => ({
  ...{ type: 'TaskCorrected', at: AT, by: 'clerk', definition: definition('新题', plan), changed: ['title', 'plan'] },
  ...{ limits: [], basis: null, importId: 'import_1' },
});
const verified: TaskEvent = {
  ...{
    type: 'CompletionVerified',
    at: DUE + 60_000,
    by: 'clerk',
    number: 1,
    note: null,
    onTime: false,
    lateByMs: 5_000,
  },
  review: { ...due('running'), id: 'review:1', kind: 'review', dueAt: DUE * 2 },
};

/** What the ledger and its lists hold of these streams; every one of them stands in the plan's list. */
function ledgerOf(streams: Readonly<Record<string, readonly TaskEvent[]>>): Pick<Dependencies, 'views' | 'store'> {
  const entries = Object.keys(streams).map((id) => ({ partition: 'tasks/plan/p', sort: `0#${id}` }));
  const headOf = (ref: StreamRef) => {
    const events = streams[ref.id] ?? [];
    const state = events.reduce(taskAggregate.evolve, taskAggregate.initial);
    return { ref, version: events.length, hash: '', state, nextWakeAt: null };
  };
  return {
    views: { list: async () => ({ items: entries, next: null }) },
    store: {
      loadMany: async (refs: readonly StreamRef[]) => new Map(refs.map((ref) => [refKey(ref), headOf(ref)])),
      read: async (ref: StreamRef) => (streams[ref.id] ?? []).map((event) => ({ event })),
    },
  } as unknown as Pick<Dependencies, 'views' | 'store'>;
}

async function gather(streams: Readonly<Record<string, readonly TaskEvent[]>>, unpublished: string | null) {
  const structure = new Structure({ ...emptyStructure('433122').data, plans: [PLAN] }, 1, unpublished);
  const span = { from: AT, to: DUE + 1 };
  const terms = {
    plan: PLAN,
    kind: 'circular',
    duty: null,
    period: { key: '2023-08', ...span },
    span,
    asOf: DUE + 1,
  } as const;
  return gatherReport(ledgerOf(streams), structure, terms);
}

describe('a report', () => {
  const streams = {
    task_new: [assigned('task_new', 'p', 'import_1')],
    task_changed: [assigned('task_changed', 'p', null), corrected('p')],
    task_leaving: [assigned('task_leaving', 'p', null), corrected('other')],
    task_coming: [assigned('task_coming', 'other', null), corrected('p')],
  };
  const titles = ({ overdue }: Awaited<ReturnType<typeof gather>>) =>
    overdue.map(({ id, title }) => `${id} ${title}`).sort();

  it('sees nothing of an import that is not published', async () => {
    expect(titles(await gather(streams, 'import_1'))).toEqual(['task_changed 原题', 'task_leaving 原题']);
  });

  it('sees all of it once it is', async () => {
    expect(titles(await gather(streams, null))).toEqual(['task_changed 新题', 'task_coming 新题', 'task_new 原题']);
  });

  it('finds how late a task that goes on was completed, which its state does not tell', async () => {
    const { totals } = await gather({ task_1: [assigned('task_1', 'p', null), verified] }, null);
    expect(totals.span).toEqual({ due: 1, onTime: 0, late: 1, submitted: 0, overdue: 0 });
  });
});
