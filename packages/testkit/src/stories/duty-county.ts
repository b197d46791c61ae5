import { createTestSystem, type TestSystem } from '../system.ts';
import { ANQUAN_OFFICE, type Answer, all, type Client, type County, countyOf, DIRECTOR } from './county.ts';

/** Who takes part in the stories of duties and problems, by the posts the gazette prints. */
export const OFFICE = DIRECTOR.person;
export const OWNER = 'li-hehua';
export const OWNER_UNIT = 'zhujian-ju';
/** 县财政局, which asks too. */
export const TREASURY = 'zhang-mingyong';
export const STRANGER = 'yang-hongyu';
/** 武溪镇. */
export const TOWN = 'zhang-fan';
export const TOWN_UNIT = '433122107';
/** All townships, as the gazette prints them. */
export const TOWNSHIPS = [
  ...['433122102', '433122104', '433122105', '433122106', '433122107', '433122108'],
  ...['433122109', '433122203', '433122206', '433122207', '433122208'],
];

export interface Limit {
  readonly id: string;
  readonly kind: string;
  readonly due: string;
  readonly status: string;
}
export interface Raised {
  readonly id: string;
  readonly limitId: string;
  readonly step: number;
  readonly at: string;
  readonly mailboxes: readonly string[];
  readonly state: string;
}
export interface Period {
  readonly key: string;
  readonly due: string;
  readonly done: number;
  readonly status: string;
  readonly metAt: string | null;
  readonly occasion: string | null;
}
export interface Duty {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly light: string;
  readonly code: string;
  readonly owner: { readonly post: string | null; readonly unit: { readonly code: string } };
  readonly current: {
    readonly key: string;
    readonly due: string;
    readonly done: number;
    readonly quota: number;
  } | null;
  readonly behind: boolean;
  readonly mode: string;
  readonly overridden: boolean;
  readonly urgent: boolean;
  readonly imported: boolean;
  readonly endedAt: string | null;
  readonly periods: readonly Period[];
  readonly limits: readonly Limit[];
  readonly escalations: readonly Raised[];
  readonly roles: readonly string[];
}
export interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly link?: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly suggestions?: readonly string[];
  }[];
}
export interface Event {
  readonly type: string;
  readonly at: string;
  readonly by: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export interface Mail {
  readonly mailbox: string;
  readonly releaseAt: string;
  readonly items: readonly {
    readonly itemId: string;
    readonly kind: string;
    readonly title: string;
    readonly jurisdiction: string | null;
  }[];
}

/** What 县应急管理局 asks of 县住建局 each Wednesday. */
export const DEMAND = {
  ...{ title: '建筑工地隐患周报', text: '每周三报送建筑工地隐患排查整改情况。' },
  basis: { documentNumber: '泸政办发〔2023〕5号', lines: [6617, 6640] },
  ...{ group: ANQUAN_OFFICE, requester: '县应急管理局', owners: ['县住建局'] },
  period: { every: 'week', weekday: 3 },
  until: '2023-06-14',
};

/** What a walk through 武溪镇 finds. */
export const FOUND_IN_TOWN = {
  group: ANQUAN_OFFICE,
  basis: { documentNumber: '泸政办发〔2023〕7号', lines: [8149, 8166] },
  ...{ title: '村道路灯不亮', text: '走访群众反映三组路灯半年不亮。', place: '武溪镇上堡社区', foundBy: '武溪镇' },
};

export interface DutyCounty extends County {
  readonly system: TestSystem;
  /** 县应急管理局 asks. */
  ask(
    differs?: object,
    headers?: Record<string, string>,
  ): Promise<Answer<{ readonly items: readonly Duty[] } & Refusal>>;
  /** Asks a single owner; answers the duty. */
  asked(differs?: object): Promise<Duty>;
  /** A duty as 县应急管理局 sees it. */
  duty(id: string): Promise<Duty>;
  /** Its owner reports. */
  report(id: string, body: object): Promise<Answer<Duty & Refusal>>;
}

export async function dutiesFrom(now: string): Promise<DutyCounty> {
  const system = await createTestSystem({ now: Date.parse(now), bundle: 'structure of luxi' });
  const county = countyOf(system);
  const ask: DutyCounty['ask'] = (differs = {}, headers = {}) =>
    county.as(OFFICE).post('/v1/duties', { ...DEMAND, ...differs }, headers);
  return {
    ...county,
    system,
    ask,
    asked: async (differs) => {
      const { status, body } = await ask(differs);
      const [duty] = body.items ?? [];
      if (status !== 201 || duty === undefined) throw new Error(`It was not asked: ${JSON.stringify(body)}`);
      return duty;
    },
    duty: (id) => read<Duty>(county.as(OFFICE), `/v1/duties/${id}`),
    report: (id, body) => county.as(OWNER).post(`/v1/duties/${id}/fulfilments`, body),
  };
}

export async function read<T>(client: Client, path: string): Promise<T> {
  const { status, body } = await client.get<T>(path);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Pointers and codes of a refusal's faults. */
export const faultsOf = ({ errors = [] }: Refusal) => errors.map(({ pointer, code }) => [pointer, code]);

/** `<key> <status>` of each period. */
export const periodsOf = ({ periods }: Duty) => periods.map(({ key, status }) => `${key} ${status}`);

/** `<step> <at> <mailboxes>` of each escalation, oldest first. */
export const raisedOf = ({ escalations }: { readonly escalations: readonly Raised[] }) =>
  escalations.map(({ step, at, mailboxes }) => [step, at, ...mailboxes].join(' '));

/** What a mailbox has been told of an item: `<released at> <kind>`, oldest first. */
export async function toldOf(client: Client, mailbox: string, itemId: string): Promise<readonly string[]> {
  const [kind, code] = mailbox.split(':');
  const mail = await all<Mail>(client, `/v1/inbox?${kind}=${code}&limit=50`);
  return mail
    .filter((digest) => digest.mailbox === mailbox)
    .flatMap(({ releaseAt, items }) =>
      items.filter((item) => item.itemId === itemId).map((item) => `${releaseAt} ${item.kind}`),
    )
    .sort();
}

export const eventsOf = (client: Client, id: string) =>
  all<Event>(client, `/v1/${id.startsWith('duty_') ? 'duties' : 'problems'}/${id}/events?limit=200`);
