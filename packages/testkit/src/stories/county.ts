import { createTestSystem, type TestSystem } from '../system.ts';

/** 泸溪县 on the morning its list was issued, reached through HTTP alone. */
export const ISSUED = '2023-05-15T08:30:00+08:00';
export const ANQUAN = 'luxi-2023-anquan';
export const MINSHENG = 'luxi-2023-xianding-minsheng';
export const ANQUAN_OFFICE = 'anquan-shengchan-fanshenzhang-zhuanban';
export const DIRECTOR = { person: 'zhang-jinying', post: 'yingji-guanli-ju.zong-gongchengshi' };
export const DEPUTY_LEADER_POST = 'xian-zhengfu-ban.fu-zhuren-2';
export const GROUP_LEADER_POST = 'xian-renmin-zhengfu.changwu-fu-xianzhang';
export const SUPERVISION = 'xu-jianhua';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Client {
  get<T>(path: string): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
}

export interface Escalation {
  readonly id: string;
  readonly itemId: string;
  readonly itemTitle: string;
  readonly limitId: string;
  readonly step: number;
  readonly at: string;
  readonly state: string;
  readonly mailboxes: readonly string[];
}
export interface Task {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly light: string;
  readonly title: string;
  readonly due: string | null;
  readonly seq: number;
  readonly escalations: readonly Escalation[];
}
export interface Digest {
  readonly id: string;
  readonly releaseAt: string;
  readonly count: number;
  readonly items: readonly { readonly itemId: string; readonly kind: string; readonly escalationId: string | null }[];
}
export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface County {
  as(person: string): Client;
  admin(): Client;
  advance(to: string): Promise<void>;
  close(): Promise<void>;
}

/** A system of its own: stories move its clock. */
export async function luxi(create = createTestSystem): Promise<County> {
  return countyOf(await create({ now: Date.parse(ISSUED), bundle: 'luxi' }));
}

/** A county as whoever uses it over HTTP sees it. */
export function countyOf(system: TestSystem): County {
  const clientOf = (token: Promise<string>): Client => {
    const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await system.app.request(path, {
        method,
        headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as T };
    };
    return {
      get: (path) => call('GET', path),
      post: (path, body, headers) => call('POST', path, body, headers),
    };
  };
  return {
    as: (person) => clientOf(system.token(person)),
    admin: () => clientOf(system.adminToken()),
    advance: async (to) => {
      await system.advance(Date.parse(to));
    },
    close: () => system.close(),
  };
}

/** Walks a list to its end. */
export async function all<T>(client: Client, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  for (let at: string | null = path; at !== null; ) {
    const { status, body }: Answer<List<T>> = await client.get<List<T>>(at);
    if (status !== 200) throw new Error(`${at} answered ${status}: ${JSON.stringify(body)}`);
    items.push(...body.items);
    at = body.next;
  }
  return items;
}

export const escalationsOf = (client: Client, taskId: string) =>
  client.get<Task>(`/v1/tasks/${taskId}`).then(({ body }) => body.escalations);

export const digestsOf = (client: Client, post: string) => all<Digest>(client, `/v1/inbox?post=${post}`);
