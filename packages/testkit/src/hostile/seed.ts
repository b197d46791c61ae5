import { type Asked, expectJson, type World } from './world.ts';
import { DOCUMENT, GROUPS, HERE, KIND, PLANS, THERE, type Who } from './world-bundle.ts';

/** Past the ladder's first step, and past the morning a monthly circular is issued. */
const SEEDED = '2023-05-19T09:30:00+08:00';

/** Ids of one item of every kind, all of the same parties. */
export interface Items {
  readonly task: string;
  /** Completed, and neither verified nor sent back. */
  readonly doneTask: string;
  readonly verifiableTask: string;
  readonly spareTask: string;
  /** Asks for something each time that something happens. */
  readonly eventDuty: string;
  readonly incident: string;
  readonly duty: string;
  readonly problem: string;
  readonly escalation: string;
  readonly digest: string;
  readonly webhook: string;
  readonly subscription: string;
  readonly delivery: string;
  readonly otherDelivery: string;
  readonly report: string;
  readonly import: string;
}

/** The parties of a set of items, and a mark that its texts bear. */
export interface Parties {
  readonly jurisdiction: string;
  readonly mark: string;
  readonly plan: string;
  readonly group: string;
  readonly office: Who;
  readonly officeUnit: string;
  readonly lead: Who;
  readonly leadUnit: string;
  readonly responsible: Who;
  readonly responsibleUnit: string;
}

export const OWN: Parties = {
  ...{ jurisdiction: HERE, mark: 'OWNMARK', plan: PLANS.own, group: GROUPS.own, office: 'office' },
  ...{
    officeUnit: 'bangong-ju',
    lead: 'leadHead',
    leadUnit: 'qiantou-ju',
    responsibleUnit: 'zeren-ju',
    responsible: 'responsible',
  },
};
export const FOREIGN: Parties = {
  ...{ jurisdiction: HERE, mark: 'FOREIGNMARK', plan: PLANS.foreign, group: GROUPS.foreign, office: 'otherOffice' },
  ...{ officeUnit: 'lingban-ju', lead: 'strangerHead', leadUnit: 'wuguan-ju', responsibleUnit: 'lingze-ju' },
  responsible: 'otherResponsible',
};
export const ELSEWHERE: Parties = { ...OWN, jurisdiction: THERE, mark: 'ELSEWHEREMARK' };

/** Asks as a person of the parties' county; answers the JSON. */
async function made<T>(world: World, parties: Parties, who: Who, asked: Asked, status: number): Promise<T> {
  const headers = { ...(await world.as(who, parties.jurisdiction)), ...asked.headers };
  return expectJson<T>(asked, await world.ask({ ...asked, headers }), status);
}

const post = (path: string, body: unknown): Asked => ({ method: 'POST', path, body });
const get = (path: string): Asked => ({ method: 'GET', path });

export const newTask = ({ plan, leadUnit, responsibleUnit, mark }: Parties) => ({
  ...{ plan, title: `${mark}任务`, text: `${mark}任务要求`, due: '2023-05-17' },
  ...{ leadUnits: [leadUnit], responsibleUnits: [responsibleUnit] },
});
export const newEventDuty = (parties: Parties) => ({
  ...newDuty(parties),
  ...{ title: `${parties.mark}按次报送`, period: { every: 'event', event: '发生情况', withinDays: 3 } },
});
/** Asks for a figure. */
export const newCount = (parties: Parties) => ({
  ...newDuty(parties),
  ...{ title: `${parties.mark}户数`, period: { every: 'month' }, indicator: INDICATOR },
});
export const newDuty = ({ group, officeUnit, leadUnit, mark }: Parties) => ({
  ...{ title: `${mark}周报`, text: `${mark}报送情况`, basis: { documentNumber: DOCUMENT }, group },
  ...{ requester: officeUnit, owners: [leadUnit], period: { every: 'week', weekday: 3 }, until: '2023-12-31' },
});
export const INDICATOR = '户数';
export const newProblem = ({ group, leadUnit, responsibleUnit, mark }: Parties) => ({
  ...{ group, basis: { documentNumber: DOCUMENT }, title: `${mark}问题`, text: `${mark}问题情况` },
  ...{ place: `${mark}地点`, foundBy: responsibleUnit, unit: leadUnit, term: 'one_month' },
});
export const newSignal = ({ leadUnit, mark }: Parties, number: string) => ({
  ...{ source: '119', number, kind: KIND, unit: leadUnit, title: `${mark}事件` },
});
/** What a report of an incident says, as far as it is known. */
export const FACTS = {
  ...{ time: '8时许', place: '城区', source: '电话', cause: null, course: '起火', casualties: null, losses: null },
  ...{ measures: '扑救', trend: null, signer: '值班员', contact: '值班室' },
};
export const newWebhook = ({ leadUnit, mark }: Parties) => ({
  ...{ recipient: { unit: leadUnit }, url: 'https://duban.example/hook', name: `${mark}渠道` },
});
export const newRobot = ({ leadUnit, mark }: Parties) => ({
  ...{ recipient: { unit: leadUnit }, name: `${mark}机器人` },
  channel: { kind: 'wecom', url: 'https://duban.example/robot' },
});

/** The monthly circular of a group, which makes a report of its plan. */
const circular = (parties: Parties) => ({
  ...newDuty(parties),
  ...{ code: `tongbao.${parties.plan}`, kind: 'circular', title: `${parties.mark}月通报` },
  ...{ period: { every: 'month', day: 19 }, from: '2023-05-01', owners: [`unit:${parties.officeUnit}`] },
});

type Made = { readonly id: string };

/** What is made at once; what comes of it later is found by {@link seed}. */
async function make(world: World, parties: Parties) {
  const as = <T = Made>(who: Who, path: string, body: unknown, status = 201) =>
    made<T>(world, parties, who, post(path, body), status);
  const imported = await as('admin', '/v1/imports', {
    jurisdiction: parties.jurisdiction,
    duties: [circular(parties)],
  });
  const tasks = [];
  for (let nth = 0; nth < 4; nth += 1) tasks.push(await as(parties.office, '/v1/tasks', newTask(parties)));
  const [task = '', doneTask = '', verifiableTask = '', spareTask = ''] = tasks.map(({ id }) => id);
  for (const id of [doneTask, verifiableTask]) {
    await as(parties.lead, `/v1/tasks/${id}/completion`, { summary: `${parties.mark}已完成` }, 200);
  }
  const duty = (body: object) =>
    as<{ items: readonly Made[] }>(parties.office, '/v1/duties', body).then(({ items }) => items[0]?.id ?? '');
  const count = await duty(newCount(parties));
  await as(parties.lead, `/v1/duties/${count}/fulfilments`, { value: 7, period: '2023-05' }, 200);
  const problem = await as(parties.responsible, '/v1/problems', newProblem(parties));
  await as(parties.lead, `/v1/problems/${problem.id}/moves`, { to: 'county', reason: '本级无权' }, 200);
  const incident = await as('feed', '/v1/signals', newSignal(parties, `${parties.mark}-1`));
  return {
    ...{ import: imported.id, task, doneTask, verifiableTask, spareTask, problem: problem.id, incident: incident.id },
    ...{ duty: await duty(newDuty(parties)), eventDuty: await duty(newEventDuty(parties)) },
  };
}

/** After time has passed: what cannot be delivered here would be tried again and again. */
async function makeChannels(world: World, parties: Parties) {
  const as = (path: string, body: unknown, status = 201) =>
    made<Made>(world, parties, parties.lead, post(path, body), status);
  const webhook = await as('/v1/webhooks', newWebhook(parties));
  const robot = await as('/v1/subscriptions', newRobot(parties));
  const delivery = await as(`/v1/webhooks/${webhook.id}/test`, {}, 202);
  const otherDelivery = await as(`/v1/subscriptions/${robot.id}/test`, {}, 202);
  return { webhook: webhook.id, subscription: robot.id, delivery: delivery.id, otherDelivery: otherDelivery.id };
}

async function firstOf(world: World, parties: Parties, who: Who, path: string, fits: (each: string) => boolean) {
  const { items } = await made<{ items: readonly Made[] }>(world, parties, who, get(path), 200);
  const found = items.find((item) => fits(JSON.stringify(item)));
  if (found === undefined) throw new Error(`${path} has nothing of ${parties.mark}.`);
  return found.id;
}

/** One item of every kind for each of the parties, some of them late already. */
export async function seed(world: World, all: readonly Parties[]): Promise<readonly Items[]> {
  const first = [];
  for (const parties of all) first.push(await make(world, parties));
  await world.system.settle();
  await world.system.advance(Date.parse(SEEDED));
  const found: Items[] = [];
  for (const [index, parties] of all.entries()) {
    const items = first[index];
    if (items === undefined) continue;
    const ofTask = (text: string) => text.includes(items.task);
    const escalation = await firstOf(world, parties, 'supervision', '/v1/escalations?limit=200', ofTask);
    const inbox = `/v1/inbox?unit=${parties.leadUnit}&limit=50`;
    const digest = await firstOf(world, parties, parties.lead, inbox, ofTask);
    const report = await firstOf(world, parties, 'supervision', `/v1/reports?plan=${parties.plan}`, () => true);
    found.push({ ...items, ...(await makeChannels(world, parties)), escalation, digest, report });
  }
  await world.system.settle();
  return found;
}
