import { digestAnswer, escalationAnswer } from '@duban/contracts/http/escalations';
import { incidentAnswer } from '@duban/contracts/http/incidents';
import { createTestSystem, type TestSystem } from '../system.ts';
import { all, type Client, type County, countyOf } from './county.ts';

/** Who takes part in the stories of incidents, by the posts the gazette prints. */
export const UNIT = 'linye-ju';
export const UNIT_HEAD = 'yang-hongyu';
export const UNIT_DEPUTY = 'gao-yan';
export const STRANGER = 'zhang-linli';
/** 县委办 and 县政府办. The director of the latter administers the county too; its deputy does not. */
export const PARTY_OFFICE = 'xianwei-ban';
export const GOVERNMENT_OFFICE = 'xian-zhengfu-ban';
export const PARTY_OFFICE_HEAD = 'huang-pengcheng';
export const PARTY_OFFICE_DEPUTY = 'tang-baoshan';
export const GOVERNMENT_OFFICE_HEAD = 'yin-youfang';
export const GOVERNMENT_OFFICE_DEPUTY = 'zhang-zuxun';
export const LEADER_POST = 'xian-renmin-zhengfu.fu-xianzhang-3';
export const LEADER = 'yang-junyong';
/** A vice mayor who is in charge of something else. */
export const OTHER_LEADER = 'chen-jireng';
export const SECRETARY = 'peng-wuxue';
export const MAYOR = 'rao-biyu';
export const PARTY_SUPERVISION = 'yang-yuantao-2';
export const SUPERVISION = 'xu-jianhua';
/** 119 is the fire brigade's, 110 the police's. */
export const FIRE_BRIGADE = 'xu-zhankun';
export const POLICE = 'zhang-yuankang';

export const FIRE = 'xiaofang-anquan-shigu';
export const MEETING = 'zhongyao-huiyi';
export const LEAVE = 'zhuyao-fuzeren-lixian';

/** Every seat that may hear of an incident of 县林业局, and who reads its mail. */
export const MAILBOXES: Readonly<Record<string, string>> = {
  [`unit:${UNIT}`]: UNIT_HEAD,
  [`unit:${PARTY_OFFICE}`]: PARTY_OFFICE_HEAD,
  [`unit:${GOVERNMENT_OFFICE}`]: GOVERNMENT_OFFICE_DEPUTY,
  [`post:${LEADER_POST}`]: LEADER,
  'post:xianwei.shuji': SECRETARY,
  'post:xian-renmin-zhengfu.xianzhang': MAYOR,
  'unit:xianwei-duchashi': PARTY_SUPERVISION,
  'unit:xian-zhengfu-duchashi': SUPERVISION,
};
export const OFFICES = [`unit:${PARTY_OFFICE}`, `unit:${GOVERNMENT_OFFICE}`];
export const TOP = [
  'post:xianwei.shuji',
  'post:xian-renmin-zhengfu.xianzhang',
  'unit:xianwei-duchashi',
  'unit:xian-zhengfu-duchashi',
];

export interface Limit {
  readonly id: string;
  readonly due: string;
  readonly status: string;
  readonly next: { readonly step: number; readonly at: string } | null;
}
export interface Raised {
  readonly id: string;
  readonly itemId: string;
  readonly itemTitle: string;
  readonly limitId: string;
  readonly step: number;
  readonly at: string;
  readonly action: string;
  readonly urgent: boolean;
  readonly mailboxes: readonly string[];
  readonly state: string;
}
export interface Report {
  readonly number: number;
  readonly stage: string;
  readonly at: string;
  readonly receivedAt: string;
  readonly due: string | null;
  readonly lateBySeconds: number;
  readonly facts: Readonly<Record<string, string | null>>;
  readonly corrections: readonly object[];
}
export interface Incident {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly light: string;
  readonly title: string;
  readonly level: string | null;
  readonly lateBySeconds: number | null;
  readonly occurredAt: string | null;
  readonly limits: readonly Limit[];
  readonly escalations: readonly Raised[];
  readonly reports: readonly Report[];
  readonly upward: readonly object[];
  readonly roles: readonly string[];
}
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string }[];
}
export interface Mail {
  readonly id: string;
  readonly mailbox: string;
  readonly urgent: boolean;
  readonly releaseAt: string;
  readonly count: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly items: readonly { readonly itemId: string; readonly kind: string; readonly title: string }[];
}

/** What a first report has to say, and what nobody knows yet. */
export const FACTS = {
  ...{ time: '23时50分许', place: '白羊溪乡', source: '村支书来电', cause: null, course: '山林起火' },
  ...{ casualties: null, losses: null, measures: '已组织扑救', trend: null, signer: '杨宏玉', contact: '值班室' },
};
/** The same when all is known. */
export const KNOWN = { ...FACTS, cause: '用火不慎', casualties: '无', losses: '过火两亩', trend: '明火已扑灭' };

/** Ways to report {@link FACTS}. */
export const phone = { mode: 'phone', facts: FACTS };
export const written = { mode: 'written', facts: FACTS };

/** State and due instant of each limit. */
export const limitsOf = ({ limits }: Incident) =>
  Object.fromEntries(limits.map(({ id, status, due }) => [id, [status, due]]));

export const at = (start: string, minutes: number, seconds = 0): string => {
  const local = Date.parse(start) + (minutes * 60 + seconds) * 1_000 + 8 * 3_600_000;
  return `${new Date(local).toISOString().slice(0, 19)}+08:00`;
};

export interface Watch extends County {
  readonly system: TestSystem;
  readonly unit: Client;
  readonly feed: Client;
  readonly partyOffice: Client;
  readonly governmentOffice: Client;
}

/** The county at an instant, in which it is known who is in charge of 县林业局. */
export async function watchFrom(now: string): Promise<Watch> {
  const system = await createTestSystem({ now: Date.parse(now), bundle: 'structure of luxi' });
  const county = countyOf(system);
  const { status } = await county.admin().post('/v1/imports', {
    jurisdiction: '433122',
    units: [{ code: UNIT, name: '县林业局', kind: 'bureau', leaderInCharge: LEADER_POST }],
  });
  if (status !== 201) throw new Error(`The leader in charge could not be imported: ${status}`);
  return {
    ...county,
    system,
    unit: county.as(UNIT_HEAD),
    feed: county.as(FIRE_BRIGADE),
    partyOffice: county.as(PARTY_OFFICE_HEAD),
    governmentOffice: county.as(GOVERNMENT_OFFICE_DEPUTY),
  };
}

/** A call to 119 about a fire in 县林业局's woods. */
export const signal = (number: string, differs: object = {}) => ({
  ...{ source: '119', number, kind: FIRE, unit: '县林业局', title: '白羊溪乡山火' },
  ...differs,
});

/** @throws Error unless it is answered as it is published */
export const readIncident = async (client: Client, id: string): Promise<Incident> => {
  const { status, body } = await client.get<Incident>(`/v1/incidents/${id}`);
  if (status !== 200) throw new Error(`${id} answered ${status}`);
  incidentAnswer.parse(body);
  return body;
};

/** The mail of a unit or a post, as somebody who may read it sees it. */
export function mailOf(county: County, mailbox: string): Promise<readonly Mail[]> {
  const [kind, code] = mailbox.split(':');
  const reader = county.as(MAILBOXES[mailbox] ?? '');
  return all<Mail>(reader, `/v1/inbox?${kind}=${code}&limit=200`).then((found) =>
    found.filter((digest) => digestAnswer.parse(digest).mailbox === mailbox),
  );
}

/** What every seat has been told of an incident so far: `<released at> <kind>`, oldest first, told or not. */
export async function told(county: County, id: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const lines: Record<string, string[]> = {};
  for (const mailbox of Object.keys(MAILBOXES)) {
    const mail = await mailOf(county, mailbox);
    const items = mail.flatMap(({ releaseAt, items: entries }) =>
      entries.filter(({ itemId }) => itemId === id).map(({ kind }) => `${releaseAt} ${kind}`),
    );
    if (items.length > 0) lines[mailbox] = items.sort();
  }
  return lines;
}

/** Escalations of an incident as a list shows them, oldest first. */
export const raisedOf = async (client: Client, id: string): Promise<readonly Raised[]> =>
  (await all<Raised>(client, '/v1/escalations?limit=200'))
    .filter((escalation) => escalationAnswer.parse(escalation).itemId === id)
    .reverse();
