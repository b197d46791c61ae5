import { type CellValue, writeXlsx } from 'hucre/xlsx';
import type { TestSystem } from '../system.ts';
import { ANQUAN } from './county.ts';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const NUMBER = '泸政办发〔2023〕5号';
const TASK = { documentNumber: NUMBER, list: '安全生产', text: '排查并整改', leadUnits: ['县住建局'] };
export const tasks = (from: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ ...TASK, seq: from + at, title: `第${from + at}处`, ...more }));

export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly suggestions?: readonly string[];
  readonly sheet?: string;
  readonly row?: number;
  readonly column?: string;
}
export interface Result {
  readonly id: string | null;
  readonly state: string;
  readonly difference: Record<string, { added: string[]; changed: string[]; removed: string[]; unchanged: number }>;
  readonly clocks: { starts: number; moves: number; stops: number; overdueAtOnce: number; items: object[] };
  readonly errors: readonly Fault[];
  readonly code: string;
}
export interface Detail {
  readonly state: string;
  readonly by: string;
  readonly at: string;
  readonly counts: Record<string, { added: number }>;
  readonly changes: readonly {
    kind: string;
    key: string;
    change: string;
    before: object | null;
    after: object | null;
  }[];
  readonly next: string | null;
}

export const workbook = (sheets: Readonly<Record<string, CellValue[][]>>) =>
  writeXlsx({ sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows })) });

/** Where an administrator sits who imports, and sees what came of it. */
export interface ImportDesk {
  request(method: string, path: string, body?: string | Uint8Array, type?: string): Promise<Response>;
  get<T>(path: string): Promise<T>;
  post(path: string, body: object): Promise<Result & { readonly status: number }>;
  postWorkbook(bytes: Uint8Array, query?: string): Promise<Result & { readonly status: number }>;
  totalOf(): Promise<number>;
  titlesOf(unit: string): Promise<string[]>;
}

export function importDesk(system: () => TestSystem): ImportDesk {
  const request = async (method: string, path: string, body?: string | Uint8Array, type = 'application/json') => {
    const headers = { authorization: `Bearer ${await system().adminToken()}`, 'content-type': type };
    return system().app.request(path, { method, headers, ...(body === undefined ? {} : { body: body as string }) });
  };
  const get = async <T>(path: string) => (await (await request('GET', path)).json()) as T;
  const answered = async (answer: Response) => ({ ...((await answer.json()) as Result), status: answer.status });
  return {
    request,
    get,
    post: async (path, body) =>
      answered(await request('POST', path, JSON.stringify({ jurisdiction: '433122', ...body }))),
    postWorkbook: async (bytes, query = '') => answered(await request('POST', `/v1/imports${query}`, bytes, XLSX)),
    totalOf: async () => (await get<{ total: number }>(`/v1/dashboard?plan=${ANQUAN}`)).total,
    titlesOf: async (unit) => {
      const titles: string[] = [];
      for (let path: string | null = `/v1/tasks?unit=${encodeURIComponent(unit)}&limit=200`; path !== null; ) {
        const page: { items: { title: string }[]; next: string | null } = await get(path);
        titles.push(...page.items.map(({ title }) => title));
        path = page.next;
      }
      return titles;
    },
  };
}

/** With every field that a bundle may leave out. */
export function fullTasks(from: number, count: number) {
  return tasks(from, count).map((task) => ({
    ...task,
    ...{ responsibleUnits: ['武溪镇'], leaders: [], due: '2023-11-30', dueText: null, ongoing: false },
    ...{ milestones: [], targets: [], sourceLines: null, notes: [], asOf: null, basis: null },
  }));
}
