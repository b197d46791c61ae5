import {
  FACTS,
  INDICATOR,
  type Items,
  newDuty,
  newProblem,
  newRobot,
  newSignal,
  newTask,
  newWebhook,
  type Parties,
} from './seed.ts';

/** A request that means something: to an item of the parties, or to what they are in charge of. */
export interface Sound {
  readonly path: string;
  readonly body?: unknown;
}
type Make = (parties: Parties, items: Items) => Sound;

const reason = { reason: '情况变化' };
const basis = { basis: '县政府专题会议纪要' };
const report = { mode: 'written', facts: FACTS };
const known = { ...FACTS, cause: '用火不慎', casualties: '无', losses: '无', trend: '平稳' };

const at = (path: string, body?: unknown): Sound => (body === undefined ? { path } : { path, body });
const task =
  (suffix = '', body?: unknown, which: 'task' | 'doneTask' | 'verifiableTask' | 'spareTask' = 'task'): Make =>
  (_, items) =>
    at(`/v1/tasks/${items[which]}${suffix}`, body);
const incident =
  (suffix = '', body?: unknown): Make =>
  (_, items) =>
    at(`/v1/incidents/${items.incident}${suffix}`, body);
const duty =
  (suffix = '', body?: unknown, which: 'duty' | 'eventDuty' = 'duty'): Make =>
  (_, items) =>
    at(`/v1/duties/${items[which]}${suffix}`, body);
const problem =
  (suffix = '', body?: unknown): Make =>
  (_, items) =>
    at(`/v1/problems/${items.problem}${suffix}`, body);
const webhook =
  (suffix = '', body?: unknown): Make =>
  (_, items) =>
    at(`/v1/webhooks/${items.webhook}${suffix}`, body);
const robot =
  (suffix = '', body?: unknown): Make =>
  (_, items) =>
    at(`/v1/subscriptions/${items.subscription}${suffix}`, body);
const always =
  (path: string): Make =>
  () =>
    at(path);

let signals = 0;

/**
 * One sound request for every operation, in an order in which an item can live through all of them. An operation of the
 * document that is missing here fails the tests.
 */
export const SOUND: Readonly<Record<string, Make>> = {
  health: always('/healthz'),
  describe: always('/openapi.json'),
  docs: always('/docs'),
  showLink: always('/a/none'),
  useLink: always('/a/none'),

  listUnits: always('/v1/units'),
  getUnit: ({ leadUnit }) => at(`/v1/units/${leadUnit}`),
  listPosts: always('/v1/posts'),
  listGroups: always('/v1/groups'),
  getGroup: ({ group }) => at(`/v1/groups/${group}`),
  listRecipients: ({ group }) => at(`/v1/groups/${group}/recipients?target=office`),
  listPolicies: always('/v1/policies'),
  listDocuments: always('/v1/documents'),
  listPlans: always('/v1/plans'),
  getPlan: ({ plan }) => at(`/v1/plans/${plan}`),
  listIncidentKinds: always('/v1/incident-kinds'),
  listSubjects: always('/v1/subjects'),
  getImportTemplate: always('/v1/imports/template.xlsx'),

  importBundle: ({ jurisdiction, mark }) =>
    at('/v1/imports', { jurisdiction, people: [{ code: `xin-${mark.toLowerCase()}`, name: `${mark}新人` }] }),
  listImports: always('/v1/imports'),
  getImport: (_, items) => at(`/v1/imports/${items.import}`),

  createTask: (parties) => at('/v1/tasks', newTask(parties)),
  listTasks: always('/v1/tasks'),
  getTask: task(),
  listTaskEvents: task('/events'),
  explainTask: task('/clock'),
  acceptTask: task('/acceptance', {}),
  raiseDispute: task('/disputes', reason),
  decideDispute: task('/disputes/1/decision', { upheld: false, ...basis }),
  reportProgress: task('/progress', { text: '已开工', percent: 20 }),
  requestExtension: task('/extensions', { newDue: '2023-09-30', ...reason }),
  decideExtension: task('/extensions/1/decision', { approved: false, ...reason }),
  listForSupervision: task('/supervision', { ...reason, ...basis, reportBy: '2023-06-30' }),
  instruct: task('/instructions', { text: '抓紧' }),
  suspendTask: task('/suspension', { until: '2023-07-01', ...reason, ...basis }),
  resumeTask: task('/resumption', {}),
  returnCompletion: task('/return', reason, 'doneTask'),
  submitCompletion: task('/completion', { summary: '已完成' }, 'doneTask'),
  verifyCompletion: task('/verification', {}, 'verifiableTask'),
  cancelTask: task('/cancellation', { ...reason, ...basis }, 'spareTask'),

  listEscalations: always('/v1/escalations'),
  getEscalation: (_, items) => at(`/v1/escalations/${items.escalation}`),
  acknowledgeEscalation: (_, items) => at(`/v1/escalations/${items.escalation}/acknowledgement`, { note: '已知悉' }),
  resolveEscalation: (_, items) => at(`/v1/escalations/${items.escalation}/resolution`, { outcome: '已约谈' }),

  receiveSignal: (parties) => {
    signals += 1;
    return at('/v1/signals', newSignal(parties, `sound-${signals}`));
  },
  reportIncident: (parties) => {
    const { kind, unit, title } = newSignal(parties, '');
    return at('/v1/incidents', { kind, unit, title, occurredAt: '2023-05-19T09:20:00+08:00', ...report });
  },
  listIncidents: always('/v1/incidents'),
  getIncident: incident(),
  listIncidentEvents: incident('/events'),
  explainIncident: incident('/clock'),
  reportFirst: incident('/first-report', report),
  reportFollowUp: incident('/follow-ups', report),
  correctReport: incident('/corrections', { report: 1, facts: { losses: '无' }, reason: '核实' }),
  changeIncidentLevel: incident('/level', { level: 'large', reason: '扩大' }),
  explainLateness: incident('/explanations', { text: '山区无信号' }),
  requestUpward: incident('/upward-requests', { to: '州委办公室', text: '报告' }),
  reviewUpward: incident('/upward-requests/1/review', { approved: true }),
  dispatchUpward: incident('/upward-requests/1/dispatch', {}),
  reportFinal: incident('/final-report', { mode: 'written', facts: known }),

  createDuties: (parties) => at('/v1/duties', newDuty(parties)),
  listDuties: always('/v1/duties'),
  getDuty: duty(),
  listDutyEvents: duty('/events'),
  explainDuty: duty('/clock'),
  fulfilDuty: duty('/fulfilments', { noChange: true }),
  openOccasion: duty('/occasions', { occasion: '出现情况', on: '2023-05-19' }, 'eventDuty'),
  withdrawDuty: duty('/withdrawal', reason, 'eventDuty'),
  getFact: ({ leadUnit }) => at(`/v1/facts?unit=${leadUnit}&indicator=${encodeURIComponent(INDICATOR)}&period=2023-05`),
  getBurden: always('/v1/burden?week=2023-W20'),

  registerProblem: (parties) => at('/v1/problems', newProblem(parties)),
  listProblems: always('/v1/problems'),
  getProblem: problem(),
  listProblemEvents: problem('/events'),
  explainProblem: problem('/clock'),
  moveProblem: problem('/moves', { to: 'prefecture', reason: '本级无权' }),
  decideMove: problem('/moves/2/decision', { approved: false, note: '先由本级解决' }),
  solveProblem: problem('/solution', { outcome: '已修复' }),
  callBack: problem('/call-back', { satisfied: true, note: '满意' }),

  getCalendar: ({ leadUnit }) => at(`/v1/calendars/${leadUnit}.ics`),
  createCalendarLink: ({ leadUnit }) => at(`/v1/calendars/${leadUnit}/links`, {}),
  listInbox: ({ leadUnit }) => at(`/v1/inbox?unit=${leadUnit}`),
  getInboxEntry: (_, items) => at(`/v1/inbox/${items.digest}`),
  markInboxRead: (_, items) => at(`/v1/inbox/${items.digest}/read`, {}),
  getDashboard: ({ plan }) => at(`/v1/dashboard?plan=${plan}`),
  listReports: always('/v1/reports'),
  getReport: (_, items) => at(`/v1/reports/${items.report}`),
  getReportMarkdown: (_, items) => at(`/v1/reports/${items.report}.md`),
  getReportWorkbook: (_, items) => at(`/v1/reports/${items.report}.xlsx`),
  getReportPage: (_, items) => at(`/v1/reports/${items.report}.html`),
  previewReport: ({ plan }) => at(`/v1/plans/${plan}/report?from=2023-05-01&to=2023-05-31`),
  getLedger: ({ plan }) => at(`/v1/ledgers/${plan}.xlsx`),
  verifyAggregate: (_, items) => at(`/v1/audit/verification?aggregate=${items.task}`),

  createWebhook: (parties) => at('/v1/webhooks', newWebhook(parties)),
  listWebhooks: ({ leadUnit }) => at(`/v1/webhooks?unit=${leadUnit}`),
  getWebhook: webhook(),
  changeWebhook: webhook('/settings', { language: 'en' }),
  testWebhook: webhook('/test', {}),
  listWebhookDeliveries: webhook('/deliveries'),
  getWebhookDelivery: (_, items) => at(`/v1/webhooks/${items.webhook}/deliveries/${items.delivery}`),
  redeliverWebhookDelivery: (_, items) =>
    at(`/v1/webhooks/${items.webhook}/deliveries/${items.delivery}/redelivery`, {}),
  redeliverWebhookDeliveries: webhook('/redeliveries', { since: '2023-05-01T00:00:00+08:00' }),
  rotateWebhookSecret: webhook('/secret', {}),
  pauseWebhook: webhook('/pause', {}),
  resumeWebhook: webhook('/resumption', {}),
  createSubscription: (parties) => at('/v1/subscriptions', newRobot(parties)),
  listSubscriptions: ({ leadUnit }) => at(`/v1/subscriptions?unit=${leadUnit}`),
  getSubscription: robot(),
  changeSubscription: robot('/settings', { language: 'en' }),
  testSubscription: robot('/test', {}),
  listSubscriptionDeliveries: robot('/deliveries'),
  getSubscriptionDelivery: (_, items) =>
    at(`/v1/subscriptions/${items.subscription}/deliveries/${items.otherDelivery}`),
  redeliverSubscriptionDelivery: (_, items) =>
    at(`/v1/subscriptions/${items.subscription}/deliveries/${items.otherDelivery}/redelivery`, {}),
  redeliverSubscriptionDeliveries: robot('/redeliveries', { since: '2023-05-01T00:00:00+08:00' }),
  pauseSubscription: robot('/pause', {}),
  resumeSubscription: robot('/resumption', {}),
  listDeadDeliveries: always('/v1/deliveries'),
  endWebhook: webhook('/cancellation', {}),
  endSubscription: robot('/cancellation', {}),
};
