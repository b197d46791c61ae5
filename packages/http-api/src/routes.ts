import type { Endpoint } from './endpoint.ts';

/** One line of the table of addresses. What answers it is loaded when it is first asked for. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** In OpenAPI's form, `/v1/tasks/{id}`. */
  readonly path: string;
  readonly load: () => Promise<Endpoint>;
  /** A `key` in the query stands in for a token. */
  readonly keyed?: boolean;
}

const structure = () => import('./routes/structure.ts');
const imports = () => import('./routes/imports.ts');
const ledgers = () => import('./routes/ledgers.ts');
const tasks = () => import('./routes/tasks.ts');
const commands = () => import('./routes/task-commands.ts');
const oversight = () => import('./routes/oversight.ts');
const incidents = () => import('./routes/incidents.ts');
const duties = () => import('./routes/duties.ts');
const problems = () => import('./routes/problem-register.ts');
const calendars = () => import('./routes/calendars.ts');
const reports = () => import('./routes/reports.ts');
const items = () => import('./routes/items.ts');
const channels = () => import('./routes/subscriptions.ts');
const deliveries = () => import('./routes/deliveries.ts');

const get = (path: string, load: Route['load']): Route => ({ method: 'GET', path, load });
const post = (path: string, load: Route['load']): Route => ({ method: 'POST', path, load });

/** Addresses of one family of channels; both families have the same. */
function channelRoutes(base: string, family: 'webhooks' | 'subscriptions'): readonly Route[] {
  const of = (which: keyof Awaited<ReturnType<typeof channels>>['subscriptions']) => async () =>
    (await channels())[family][which];
  return [
    post(base, of('create')),
    get(base, of('list')),
    get(`${base}/{id}`, of('read')),
    post(`${base}/{id}/settings`, of('change')),
    post(`${base}/{id}/pause`, of('pause')),
    post(`${base}/{id}/resumption`, of('resume')),
    post(`${base}/{id}/cancellation`, of('end')),
    post(`${base}/{id}/test`, of('test')),
    get(`${base}/{id}/deliveries`, of('deliveries')),
    get(`${base}/{id}/deliveries/{n}`, of('delivery')),
    post(`${base}/{id}/deliveries/{n}/redelivery`, of('redeliverOne')),
    post(`${base}/{id}/redeliveries`, of('redeliverMany')),
  ];
}

/** Every address that needs a token. */
export const ROUTES: readonly Route[] = [
  post('/v1/imports', async () => (await imports()).postImport),
  get('/v1/imports', async () => (await imports()).getImports),
  get('/v1/imports/template.xlsx', async () => (await imports()).getTemplate),
  get('/v1/imports/{id}', async () => (await imports()).getImport),
  get('/v1/units', async () => (await structure()).getUnits),
  get('/v1/units/{code}', async () => (await structure()).getUnit),
  get('/v1/posts', async () => (await structure()).getPosts),
  get('/v1/groups', async () => (await structure()).getGroups),
  get('/v1/groups/{code}', async () => (await structure()).getGroup),
  get('/v1/groups/{code}/recipients', async () => (await structure()).getRecipients),
  get('/v1/policies', async () => (await structure()).getPolicies),
  get('/v1/documents', async () => (await structure()).getDocuments),
  get('/v1/plans', async () => (await structure()).getPlans),
  get('/v1/plans/{code}', async () => (await structure()).getPlan),
  post('/v1/tasks', async () => (await tasks()).createTask),
  get('/v1/tasks', async () => (await tasks()).getTasks),
  get('/v1/tasks/{id}', async () => (await tasks()).getTask),
  get('/v1/tasks/{id}/events', async () => (await items()).taskEvents),
  get('/v1/tasks/{id}/clock', async () => (await items()).taskClock),
  post('/v1/tasks/{id}/acceptance', async () => (await commands()).accept),
  post('/v1/tasks/{id}/disputes', async () => (await commands()).raiseDispute),
  post('/v1/tasks/{id}/disputes/{n}/decision', async () => (await commands()).decideDispute),
  post('/v1/tasks/{id}/progress', async () => (await commands()).reportProgress),
  post('/v1/tasks/{id}/extensions', async () => (await commands()).requestExtension),
  post('/v1/tasks/{id}/extensions/{n}/decision', async () => (await commands()).decideExtension),
  post('/v1/tasks/{id}/completion', async () => (await commands()).submitCompletion),
  post('/v1/tasks/{id}/verification', async () => (await commands()).verify),
  post('/v1/tasks/{id}/return', async () => (await commands()).sendBack),
  post('/v1/tasks/{id}/suspension', async () => (await commands()).suspend),
  post('/v1/tasks/{id}/resumption', async () => (await commands()).resume),
  post('/v1/tasks/{id}/cancellation', async () => (await commands()).cancel),
  post('/v1/tasks/{id}/supervision', async () => (await commands()).listForSupervision),
  post('/v1/tasks/{id}/instructions', async () => (await commands()).instruct),
  post('/v1/signals', async () => (await incidents()).postSignal),
  get('/v1/incident-kinds', async () => (await incidents()).getKinds),
  post('/v1/incidents', async () => (await incidents()).createIncident),
  get('/v1/incidents', async () => (await incidents()).getIncidents),
  get('/v1/incidents/{id}', async () => (await incidents()).getIncident),
  get('/v1/incidents/{id}/events', async () => (await items()).incidentEvents),
  get('/v1/incidents/{id}/clock', async () => (await items()).incidentClock),
  post('/v1/incidents/{id}/first-report', async () => (await incidents()).firstReport),
  post('/v1/incidents/{id}/follow-ups', async () => (await incidents()).followUp),
  post('/v1/incidents/{id}/final-report', async () => (await incidents()).finalReport),
  post('/v1/incidents/{id}/corrections', async () => (await incidents()).correct),
  post('/v1/incidents/{id}/level', async () => (await incidents()).changeLevel),
  post('/v1/incidents/{id}/explanations', async () => (await incidents()).explainLateness),
  post('/v1/incidents/{id}/upward-requests', async () => (await incidents()).requestUpward),
  post('/v1/incidents/{id}/upward-requests/{n}/review', async () => (await incidents()).reviewUpward),
  post('/v1/incidents/{id}/upward-requests/{n}/dispatch', async () => (await incidents()).sendUpward),
  post('/v1/duties', async () => (await duties()).createDuties),
  get('/v1/duties', async () => (await duties()).getDuties),
  get('/v1/duties/{id}', async () => (await duties()).getDuty),
  get('/v1/duties/{id}/events', async () => (await items()).dutyEvents),
  get('/v1/duties/{id}/clock', async () => (await items()).dutyClock),
  post('/v1/duties/{id}/fulfilments', async () => (await duties()).fulfil),
  post('/v1/duties/{id}/occasions', async () => (await duties()).openOccasion),
  post('/v1/duties/{id}/withdrawal', async () => (await duties()).withdraw),
  get('/v1/subjects', async () => (await duties()).getSubjects),
  get('/v1/facts', async () => (await duties()).getFact),
  get('/v1/burden', async () => (await duties()).getBurden),
  post('/v1/problems', async () => (await problems()).createProblem),
  get('/v1/problems', async () => (await problems()).getProblems),
  get('/v1/problems/{id}', async () => (await problems()).getProblem),
  get('/v1/problems/{id}/events', async () => (await items()).problemEvents),
  get('/v1/problems/{id}/clock', async () => (await items()).problemClock),
  post('/v1/problems/{id}/solution', async () => (await problems()).solve),
  post('/v1/problems/{id}/moves', async () => (await problems()).requestMove),
  post('/v1/problems/{id}/moves/{n}/decision', async () => (await problems()).decideMove),
  post('/v1/problems/{id}/call-back', async () => (await problems()).callBack),
  { ...get('/v1/calendars/{unit}.ics', async () => (await calendars()).getCalendar), keyed: true },
  post('/v1/calendars/{unit}/links', async () => (await calendars()).createLink),
  get('/v1/escalations', async () => (await oversight()).getEscalations),
  get('/v1/escalations/{id}', async () => (await oversight()).getEscalation),
  post('/v1/escalations/{id}/acknowledgement', async () => (await oversight()).acknowledge),
  post('/v1/escalations/{id}/resolution', async () => (await oversight()).resolve),
  get('/v1/inbox', async () => (await oversight()).getInbox),
  get('/v1/inbox/{id}', async () => (await oversight()).getInboxEntry),
  post('/v1/inbox/{id}/read', async () => (await oversight()).markRead),
  ...channelRoutes('/v1/webhooks', 'webhooks'),
  post('/v1/webhooks/{id}/secret', async () => (await channels()).webhooks.rotate),
  ...channelRoutes('/v1/subscriptions', 'subscriptions'),
  get('/v1/deliveries', async () => (await deliveries()).getDeadDeliveries),
  get('/v1/dashboard', async () => (await oversight()).getDashboard),
  get('/v1/reports', async () => (await reports()).getReports),
  // Before the report itself, whose address would take a file's name for an id.
  get('/v1/reports/{id}.md', async () => (await reports()).getReportMarkdown),
  get('/v1/reports/{id}.xlsx', async () => (await reports()).getReportWorkbook),
  get('/v1/reports/{id}.html', async () => (await reports()).getReportPage),
  get('/v1/reports/{id}', async () => (await reports()).getReport),
  get('/v1/plans/{code}/report', async () => (await reports()).getPreview),
  get('/v1/ledgers/{plan}.xlsx', async () => (await ledgers()).getLedger),
  get('/v1/audit/verification', async () => (await oversight()).getVerification),
];

/** What a link in a mail opens: with GET it asks, with POST it does. */
export const LINK_PATH = '/a/{token}';

/** Whether an address is a link of a mail, whatever is wrong with it. */
export function isLink(pathname: string): boolean {
  return matches(LINK_PATH, pathname);
}

/** Addresses that need none. */
export const OPEN_PATHS: readonly string[] = ['/healthz', '/openapi.json', '/docs', '/docs/{file}'];

/** The methods an address takes; none when there is no such address. */
export function methodsOf(pathname: string): readonly string[] {
  const methods = ROUTES.filter((route) => matches(route.path, pathname)).map((route) => route.method as string);
  if (isLink(pathname)) return ['GET', 'POST'];
  return OPEN_PATHS.some((path) => matches(path, pathname)) ? [...methods, 'GET'] : methods;
}

function matches(path: string, pathname: string): boolean {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
}
