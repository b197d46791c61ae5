import { readXlsx } from 'hucre/xlsx';
import type { Items } from './seed.ts';
import type { World } from './world.ts';
import { GROUPS, HERE, PLANS, type Who } from './world-bundle.ts';

/** What may be found of a mark's items by somebody who looks everywhere: `事件` for incidents, the bare mark for others. */
export type Findings = readonly string[];

const MARKS = /(OWNMARK|FOREIGNMARK|ELSEWHEREMARK)(事件)?/g;

/** Who finds what, by docs/api-guide.md and decision 0007. Incidents are of the two offices; feeds find nothing. */
export const MAY_FIND: Readonly<Record<Who, Findings>> = {
  leadHead: ['OWNMARK', 'OWNMARK事件'],
  leadClerk: ['OWNMARK', 'OWNMARK事件'],
  responsible: ['OWNMARK'],
  office: ['OWNMARK'],
  leader: ['OWNMARK', 'OWNMARK事件'],
  strangerHead: ['FOREIGNMARK', 'FOREIGNMARK事件'],
  stranger: ['FOREIGNMARK', 'FOREIGNMARK事件'],
  otherOffice: ['FOREIGNMARK'],
  otherResponsible: ['FOREIGNMARK'],
  supervision: ['FOREIGNMARK', 'FOREIGNMARK事件', 'OWNMARK', 'OWNMARK事件'],
  admin: ['FOREIGNMARK', 'FOREIGNMARK事件', 'OWNMARK', 'OWNMARK事件'],
  incidentOffice: ['FOREIGNMARK事件', 'OWNMARK事件'],
  incidentOffice2: ['FOREIGNMARK事件', 'OWNMARK事件'],
  feed: [],
  postless: [],
};

const UNITS = ['qiantou-ju', 'zeren-ju', 'bangong-ju', 'wuguan-ju', 'duchashi'];
const POSTS = ['qiantou-ju.juzhang', 'bangong-ju.zhuren', 'wuguan-ju.juzhang', 'lingban-ju.zhuren', 'duchashi.zhuren'];
const plans = Object.values(PLANS);
const groups = Object.values(GROUPS);
const each = (values: readonly string[], path: (value: string) => string) => values.map(path);

/** Every address that shows more than one item, with every narrowing that names somebody else's. */
const PLACES: readonly string[] = [
  ...['tasks', 'incidents', 'duties', 'problems', 'escalations', 'reports', 'inbox', 'subjects', 'deliveries'].map(
    (list) => `/v1/${list}?limit=4`,
  ),
  ...['webhooks', 'subscriptions', 'imports', 'units', 'posts', 'groups', 'plans', 'documents'].map(
    (list) => `/v1/${list}`,
  ),
  ...each(
    ['tasks', 'incidents', 'duties', 'problems', 'escalations', 'webhooks', 'subscriptions'],
    (list) => list,
  ).flatMap((list) => each(UNITS, (unit) => `/v1/${list}?unit=${unit}`)),
  ...['tasks', 'duties', 'problems', 'escalations'].flatMap((list) =>
    each(groups, (code) => `/v1/${list}?office=${code}`),
  ),
  ...each(plans, (plan) => `/v1/tasks?plan=${plan}`),
  ...each(plans, (plan) => `/v1/reports?plan=${plan}`),
  ...each(plans, (plan) => `/v1/dashboard?plan=${plan}`),
  ...each(plans, (plan) => `/v1/plans/${plan}/report?from=2023-05-01&to=2023-05-31`),
  ...each(plans, (plan) => `/v1/ledgers/${plan}.xlsx`),
  ...each(groups, (group) => `/v1/dashboard?office=${group}`),
  ...each(groups, (group) => `/v1/groups/${group}`),
  ...each(UNITS, (unit) => `/v1/duties?requester=${unit}`),
  ...each(UNITS, (unit) => `/v1/dashboard?unit=${unit}`),
  ...each(UNITS, (unit) => `/v1/inbox?unit=${unit}`),
  ...each(UNITS, (unit) => `/v1/calendars/${unit}.ics`),
  ...each(UNITS, (unit) => `/v1/burden?week=2023-W20&unit=${unit}`),
  ...each(POSTS, (post) => `/v1/inbox?post=${post}`),
  ...each(plans, (plan) => `report_${plan}:tongbao.${plan}:2023-05`).flatMap((report) =>
    each(['', '.md', '.xlsx', '.html'], (form) => `/v1/reports/${report}${form}`),
  ),
  ...[
    '/v1/burden?week=2023-W20',
    '/v1/units?q=q',
    '/v1/units?name=wuguan-ju',
    '/v1/policies',
    '/v1/incident-kinds',
    '/v1/imports/template.xlsx',
  ],
];

export interface Walked {
  /** Marks that were found. */
  readonly found: Findings;
  /** Ids of items that were found, of those asked for. */
  readonly ids: readonly string[];
  /** Links to next pages. */
  readonly cursors: readonly string[];
}

/** Everything somebody can read who knows every address, unfolded: workbooks, and cursors as far as they are text. */
export async function walk(world: World, who: Who, known: readonly Items[], jurisdiction = HERE): Promise<Walked> {
  const headers = await world.as(who, jurisdiction);
  const texts: string[] = [];
  const cursors: string[] = [];
  for (const place of PLACES) {
    for (let path: string | null = place; path !== null; ) {
      const answered = await world.ask({ method: 'GET', path, headers });
      if (answered.status >= 500) throw new Error(`${path} answered ${answered.status}.`);
      const isWorkbook = answered.status === 200 && place.endsWith('.xlsx');
      texts.push(isWorkbook ? await textOf(answered.bytes) : answered.text);
      path = nextOf(answered.text);
      if (path !== null) cursors.push(path);
    }
  }
  texts.push(...cursors.map(readable));
  const all = texts.join('\n');
  const found = [...new Set([...all.matchAll(MARKS)].map(([mark]) => mark))].sort();
  const ids = [...new Set(known.flatMap((items) => Object.values<string>({ ...items })))];
  return { found, ids: ids.filter((id) => all.includes(id)).sort(), cursors };
}

function nextOf(text: string): string | null {
  if (!text.startsWith('{')) return null;
  return (JSON.parse(text) as { readonly next?: string | null }).next ?? null;
}

/** A next page's cursor and its parts, as whoever decodes them sees them. */
export function readable(path: string): string {
  const cursor = new URL(path, 'http://localhost').searchParams.get('cursor') ?? '';
  return [cursor, ...cursor.split('.')].map((part) => Buffer.from(part, 'base64url').toString('latin1')).join('\n');
}

async function textOf(workbook: Uint8Array): Promise<string> {
  const { sheets } = await readXlsx(workbook);
  return JSON.stringify(sheets.map(({ name, rows }) => [name, rows]));
}
