import { FACT_FIELDS } from '@duban/domain';
import { TASK } from '@duban/http-api/app.fixture';
import { ANQUAN } from './county.ts';

/** Takes the place of each text that an operation has; every one is tried alone, marked, among sound ones. */
export const TEXT = '某事';
const id = `task_${ANQUAN}-14`;
const due = '2023-12-01';

type Door = readonly [path: string, body: unknown];

const FACTS = Object.fromEntries(FACT_FIELDS.map((field) => [field, TEXT]));
const REPORT = { mode: 'written', facts: FACTS };
const incident = '/v1/incidents/incident_1';
const INCIDENT_DOORS: readonly Door[] = [
  ['/v1/signals', { source: TEXT, number: TEXT, kind: TEXT, unit: TEXT, title: TEXT, text: TEXT, level: TEXT }],
  ['/v1/signals', { occurredAt: TEXT, knownAt: TEXT, receivedAt: TEXT }],
  ['/v1/incidents', { kind: TEXT, unit: TEXT, title: TEXT, level: TEXT, ...REPORT }],
  ['/v1/incidents', { mode: TEXT, startsAt: TEXT, completedAt: TEXT, due: TEXT, receivedAt: TEXT }],
  [`${incident}/first-report`, REPORT],
  [`${incident}/follow-ups`, REPORT],
  [`${incident}/final-report`, REPORT],
  [`${incident}/corrections`, { report: 1, facts: FACTS, occurredAt: TEXT, reason: TEXT }],
  [`${incident}/level`, { level: 'major', reason: TEXT }],
  [`${incident}/explanations`, { text: TEXT }],
  [`${incident}/upward-requests`, { to: TEXT, text: TEXT }],
  [`${incident}/upward-requests/1/review`, { office: TEXT, approved: true, note: TEXT }],
  [`${incident}/upward-requests/1/dispatch`, { note: TEXT }],
];

const BASIS = { documentNumber: TEXT, lines: [1, 2] };
const DUTY = {
  ...{ title: TEXT, text: TEXT, basis: BASIS, group: TEXT, requester: TEXT, owners: [TEXT, TEXT] },
  ...{ counterparties: [TEXT], period: { every: 'event', event: TEXT }, quota: { count: 1, unit: TEXT } },
  ...{ subject: TEXT, indicator: TEXT, from: '2023-06-01', until: due, policy: TEXT },
};
const duty = '/v1/duties/duty_1';
const problem = '/v1/problems/problem_1';
const REGISTER_DOORS: readonly Door[] = [
  ['/v1/duties', { ...DUTY, override: { approver: TEXT, reason: TEXT } }],
  [`${duty}/fulfilments`, { period: TEXT, mode: TEXT, text: TEXT }],
  [`${duty}/occasions`, { occasion: TEXT, on: due }],
  [`${duty}/withdrawal`, { reason: TEXT }],
  ['/v1/problems', { group: TEXT, basis: BASIS, title: TEXT, text: TEXT, place: TEXT, measure: TEXT, term: TEXT }],
  ['/v1/problems', { foundBy: TEXT, foundOn: due, unit: TEXT, solvedOnTheSpot: TEXT }],
  [`${problem}/solution`, { outcome: TEXT }],
  [`${problem}/moves`, { to: 'county', reason: TEXT }],
  [`${problem}/moves/1/decision`, { post: TEXT, approved: true, note: TEXT }],
  [`${problem}/call-back`, { satisfied: true, note: TEXT }],
  ['/v1/calendars/linye-ju/links', { note: TEXT }],
];

const KIND = { code: TEXT, category: 'other', name: TEXT, rule: { when: 'at_once' }, followsUp: false, source: BASIS };
const PARALLEL = { code: TEXT, name: TEXT, from: 'knownAt', minutes: 60, source: BASIS, verified: false };
const SUBJECT = { code: TEXT, name: TEXT, kind: TEXT, township: TEXT, leader: TEXT, documentNumber: TEXT };
const DAYS = [{ date: '2027-01-01', name: TEXT }];
const imported = (bundle: object): Door => ['/v1/imports', { jurisdiction: '433122', ...bundle }];
const county = (differs: object) =>
  imported({ jurisdictions: [{ code: '433122', name: TEXT, timeZone: 'Asia/Shanghai', ...differs }] });
const IMPORT_DOORS: readonly Door[] = [
  imported({ incidentKinds: [{ ...KIND, parallel: [PARALLEL] }] }),
  imported({ subjects: [SUBJECT] }),
  imported({ duties: [{ code: TEXT, ...DUTY, notes: [TEXT, TEXT] }] }),
  county({ holidayNotices: [{ year: 2027, source: TEXT, daysOff: DAYS, makeUpDays: DAYS }] }),
  county({ localDays: [{ date: '2027-09-20', working: false, name: TEXT }] }),
  county({ incidentOffices: [TEXT], mainLeaders: [TEXT], incidentSupervision: [TEXT], signalUnits: [TEXT] }),
  imported({ units: [{ code: TEXT, name: TEXT, aliases: [TEXT], kind: 'office', leaderInCharge: TEXT }] }),
];

/** Where text comes in: an address, and a body with all its texts. A new door is one more row. */
export const DOORS: readonly Door[] = [
  [
    '/v1/tasks',
    { ...TASK, title: TEXT, text: TEXT, dueText: TEXT, leadUnits: [TEXT], leaders: [TEXT], authority: TEXT },
  ],
  ['/v1/tasks', { ...TASK, milestones: [{ code: TEXT, title: TEXT, text: TEXT, due }], responsibleUnits: [TEXT] }],
  ['/v1/tasks', { ...TASK, targets: [{ indicator: TEXT, unit: TEXT, value: 1 }] }],
  [`/v1/tasks/${id}/acceptance`, { unit: TEXT }],
  [`/v1/tasks/${id}/disputes`, { unit: TEXT, reason: TEXT, proposedLeadUnits: [TEXT] }],
  [`/v1/tasks/${id}/disputes/1/decision`, { upheld: false, basis: TEXT, leadUnits: [TEXT], responsibleUnits: [TEXT] }],
  [`/v1/tasks/${id}/progress`, { unit: TEXT, text: TEXT, reached: [TEXT], answers: [TEXT] }],
  [`/v1/tasks/${id}/extensions`, { limit: TEXT, newDue: due, reason: TEXT }],
  [`/v1/tasks/${id}/extensions/1/decision`, { approved: false, basis: TEXT, reason: TEXT }],
  [`/v1/tasks/${id}/completion`, { unit: TEXT, summary: TEXT, evidence: [TEXT] }],
  [`/v1/tasks/${id}/verification`, { note: TEXT }],
  [`/v1/tasks/${id}/return`, { reason: TEXT }],
  [`/v1/tasks/${id}/suspension`, { until: due, reason: TEXT, basis: TEXT }],
  [`/v1/tasks/${id}/resumption`, { reason: TEXT }],
  [`/v1/tasks/${id}/cancellation`, { reason: TEXT, basis: TEXT }],
  [`/v1/tasks/${id}/supervision`, { reason: TEXT, basis: TEXT, reportBy: due }],
  [`/v1/tasks/${id}/instructions`, { text: TEXT }],
  ['/v1/escalations/escalation_1/acknowledgement', { note: TEXT }],
  ['/v1/escalations/escalation_1/resolution', { outcome: TEXT }],
  ['/v1/imports', { jurisdiction: '433122', units: [{ code: 'a', name: TEXT, aliases: [TEXT], kind: 'office' }] }],
  [
    '/v1/imports',
    { jurisdiction: '433122', tasks: [{ documentNumber: TEXT, list: TEXT, seq: 1, basis: TEXT, notes: [TEXT] }] },
  ],
  ...INCIDENT_DOORS,
  ...REGISTER_DOORS,
  ...IMPORT_DOORS,
];
