import type { Endpoint } from './endpoint.ts';

/** One line of the table of addresses. What answers it is loaded when it is first asked for. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** In OpenAPI's form, `/v1/tasks/{id}`. */
  readonly path: string;
  readonly load: () => Promise<Endpoint>;
}

const structure = () => import('./routes/structure.ts');
const imports = () => import('./routes/imports.ts');
const ledgers = () => import('./routes/ledgers.ts');
const tasks = () => import('./routes/tasks.ts');
const commands = () => import('./routes/task-commands.ts');
const oversight = () => import('./routes/oversight.ts');

const get = (path: string, load: Route['load']): Route => ({ method: 'GET', path, load });
const post = (path: string, load: Route['load']): Route => ({ method: 'POST', path, load });

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
  get('/v1/tasks/{id}/events', async () => (await tasks()).getTaskEvents),
  get('/v1/tasks/{id}/clock', async () => (await tasks()).getTaskClock),
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
  get('/v1/escalations', async () => (await oversight()).getEscalations),
  get('/v1/escalations/{id}', async () => (await oversight()).getEscalation),
  post('/v1/escalations/{id}/acknowledgement', async () => (await oversight()).acknowledge),
  post('/v1/escalations/{id}/resolution', async () => (await oversight()).resolve),
  get('/v1/inbox', async () => (await oversight()).getInbox),
  get('/v1/inbox/{id}', async () => (await oversight()).getInboxEntry),
  post('/v1/inbox/{id}/read', async () => (await oversight()).markRead),
  get('/v1/dashboard', async () => (await oversight()).getDashboard),
  get('/v1/ledgers/{plan}.xlsx', async () => (await ledgers()).getLedger),
  get('/v1/audit/verification', async () => (await oversight()).getVerification),
];

/** Addresses that need none. */
export const OPEN_PATHS: readonly string[] = ['/healthz', '/openapi.json', '/docs', '/docs/{file}'];

/** The methods an address takes; none when there is no such address. */
export function methodsOf(pathname: string): readonly string[] {
  const matches = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
  const methods = ROUTES.filter((route) => matches(route.path)).map((route) => route.method as string);
  return OPEN_PATHS.some(matches) ? [...methods, 'GET'] : methods;
}
