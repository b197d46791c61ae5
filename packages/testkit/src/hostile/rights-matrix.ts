import type { Who } from './world-bundle.ts';

/**
 * Who may do what, as the documents say it: docs/api-guide.md ("By" and the paragraphs of each kind), decisions 0007
 * (rights), 0016 (reports), 0017 (acknowledging). Written by hand from there; a difference from what is answered is a
 * fault of one or the other.
 *
 * ok: done, or refused only because of how the item stands. 403: seen, and not theirs to do. 404: not there, in the same
 * words as what does not exist. Without a token everything but the open paths is 401.
 */
const COLUMNS = [
  ...['lead_head', 'lead_clerk', 'responsible', 'office', 'leader', 'supervision', 'admin', 'incident_office', 'feed'],
  'outside',
] as const;
/** What somebody is to an item. */
export type Position = (typeof COLUMNS)[number];
export type Expected = 'ok' | 403 | 404;

/*                            lead  lead  respon-                 super-        incident
                              head  clerk sible  office leader    vision admin  office   feed  outside */
const TABLE = `
## 任务: whoever has a part in it reads it; commands as in "The life of a task"
getTask                       ok    ok    ok     ok     ok        ok     ok     404      404   404
listTaskEvents                ok    ok    ok     ok     ok        ok     ok     404      404   404
explainTask                   ok    ok    ok     ok     ok        ok     ok     404      404   404
createTask                    403   403   403    ok     403       ok     ok     403      403   403
acceptTask                    ok    ok    403    403    403       403    403    404      404   404
raiseDispute                  ok    ok    403    403    403       403    403    404      404   404
decideDispute                 403   403   403    ok     403       403    403    404      404   404
reportProgress                ok    ok    ok     403    403       403    403    404      404   404
requestExtension              ok    ok    403    403    403       403    403    404      404   404
decideExtension               403   403   403    ok     403       403    403    404      404   404
submitCompletion              ok    ok    403    403    403       403    403    404      404   404
verifyCompletion              403   403   403    ok     403       403    403    404      404   404
returnCompletion              403   403   403    ok     403       403    403    404      404   404
suspendTask                   403   403   403    ok     403       403    403    404      404   404
resumeTask                    403   403   403    ok     403       403    403    404      404   404
cancelTask                    403   403   403    ok     403       ok     403    404      404   404
listForSupervision            403   403   403    403    403       ok     403    404      404   404
instruct                      403   403   403    403    ok        403    403    404      404   404

## 督办 of a task: the lead unit never answers what is said about it; administrators do not acknowledge for others
getEscalation                 ok    ok    ok     ok     ok        ok     ok     404      404   404
acknowledgeEscalation         403   403   403    ok     ok        ok     403    404      404   404
resolveEscalation             403   403   403    ok     ok        ok     403    404      404   404

## 重大事项: the unit, the two offices, its leader in charge, supervision; no other office or unit
receiveSignal                 403   403   403    403    403       ok     ok     ok       ok    403
reportIncident                ok    ok    403    403    403       403    403    ok       403   403
getIncident                   ok    ok    404    404    ok        ok     ok     ok       404   404
listIncidentEvents            ok    ok    404    404    ok        ok     ok     ok       404   404
explainIncident               ok    ok    404    404    ok        ok     ok     ok       404   404
reportFirst                   ok    ok    404    404    403       403    403    ok       404   404
reportFollowUp                ok    ok    404    404    403       403    403    ok       404   404
reportFinal                   ok    ok    404    404    403       403    403    ok       404   404
correctReport                 ok    ok    404    404    403       403    403    ok       404   404
changeIncidentLevel           ok    ok    404    404    ok        403    403    ok       404   404
explainLateness               ok    ok    404    404    403       403    403    403      404   404
requestUpward                 ok    ok    404    404    403       403    403    ok       404   404
reviewUpward                  403   403   404    404    403       403    403    ok       404   404
dispatchUpward                ok    ok    404    404    403       403    403    ok       404   404

## 定期事项: its owner, whoever asked for it, the group's leaders
createDuties                  403   403   403    ok     403       ok     ok     403      403   403
getDuty                       ok    ok    404    ok     ok        ok     ok     404      404   404
listDutyEvents                ok    ok    404    ok     ok        ok     ok     404      404   404
explainDuty                   ok    ok    404    ok     ok        ok     ok     404      404   404
fulfilDuty                    ok    ok    404    403    403       403    403    404      404   404
openOccasion                  ok    ok    404    ok     403       ok     403    404      404   404
withdrawDuty                  403   403   404    ok     403       ok     ok     404      404   404
getFact                       ok    ok    ok     ok     ok        ok     ok     ok       ok    ok
getBurden                     ok    ok    ok     ok     ok        ok     ok     ok       ok    ok

## 问题: found by the responsible unit, solved by the lead unit
registerProblem               403   403   ok     ok     403       ok     ok     403      403   403
getProblem                    ok    ok    ok     ok     ok        ok     ok     404      404   404
listProblemEvents             ok    ok    ok     ok     ok        ok     ok     404      404   404
explainProblem                ok    ok    ok     ok     ok        ok     ok     404      404   404
moveProblem                   ok    ok    403    403    403       403    403    404      404   404
decideMove                    403   403   403    ok     403       403    403    404      404   404
solveProblem                  ok    ok    403    403    403       403    403    404      404   404
callBack                      403   403   ok     ok     403       403    403    404      404   404

## Of a unit: its staff, supervision; its calendar administrators too
listInbox                     ok    ok    404    404    404       ok     404    404      404   404
getInboxEntry                 ok    ok    404    404    404       ok     404    404      404   404
markInboxRead                 ok    ok    404    404    404       ok     404    404      404   404
getCalendar                   ok    ok    404    404    404       ok     ok     404      404   404
createCalendarLink            ok    ok    404    404    404       ok     ok     404      404   404

## Of a plan: its office and leaders, supervision, administrators; a report also for whom it was sent to
getDashboard                  404   404   404    ok     ok        ok     ok     404      404   404
previewReport                 404   404   404    ok     ok        ok     ok     404      404   404
getReport                     ok    ok    404    ok     ok        ok     ok     404      404   404
getReportMarkdown             ok    ok    404    ok     ok        ok     ok     404      404   404
getReportWorkbook             ok    ok    404    ok     ok        ok     ok     404      404   404
getReportPage                 ok    ok    404    ok     ok        ok     ok     404      404   404
getLedger                     ok    ok    ok     ok     ok        ok     ok     ok       ok    ok
verifyAggregate               404   404   404    404    404       ok     ok     404      404   404

## 渠道 of a unit: its head and administrators; for everybody else they do not exist
createWebhook                 ok    404   404    404    404       404    ok     404      404   404
listWebhooks                  ok    404   404    404    404       404    ok     404      404   404
getWebhook                    ok    404   404    404    404       404    ok     404      404   404
changeWebhook                 ok    404   404    404    404       404    ok     404      404   404
testWebhook                   ok    404   404    404    404       404    ok     404      404   404
listWebhookDeliveries         ok    404   404    404    404       404    ok     404      404   404
getWebhookDelivery            ok    404   404    404    404       404    ok     404      404   404
redeliverWebhookDelivery      ok    404   404    404    404       404    ok     404      404   404
redeliverWebhookDeliveries    ok    404   404    404    404       404    ok     404      404   404
rotateWebhookSecret           ok    404   404    404    404       404    ok     404      404   404
pauseWebhook                  ok    404   404    404    404       404    ok     404      404   404
resumeWebhook                 ok    404   404    404    404       404    ok     404      404   404
endWebhook                    ok    404   404    404    404       404    ok     404      404   404
createSubscription            ok    404   404    404    404       404    ok     404      404   404
listSubscriptions             ok    404   404    404    404       404    ok     404      404   404
getSubscription               ok    404   404    404    404       404    ok     404      404   404
changeSubscription            ok    404   404    404    404       404    ok     404      404   404
testSubscription              ok    404   404    404    404       404    ok     404      404   404
listSubscriptionDeliveries    ok    404   404    404    404       404    ok     404      404   404
getSubscriptionDelivery       ok    404   404    404    404       404    ok     404      404   404
redeliverSubscriptionDelivery ok    404   404    404    404       404    ok     404      404   404
redeliverSubscriptionDeliveries ok  404   404    404    404       404    ok     404      404   404
pauseSubscription             ok    404   404    404    404       404    ok     404      404   404
resumeSubscription            ok    404   404    404    404       404    ok     404      404   404
endSubscription               ok    404   404    404    404       404    ok     404      404   404
listDeadDeliveries            403   403   403    403    403       403    ok     403      403   403

## Structure: anybody of the county reads it, administrators keep it; who changed what is for them and supervision
importBundle                  403   403   403    403    403       403    ok     403      403   403
listImports                   404   404   404    404    404       ok     ok     404      404   404
getImport                     404   404   404    404    404       ok     ok     404      404   404
`;

/** Answered for everybody of the county; what is not theirs is left out of lists. */
export const FOR_EVERYBODY: readonly string[] = [
  ...['listUnits', 'getUnit', 'listPosts', 'listGroups', 'getGroup', 'listRecipients', 'listPolicies', 'listDocuments'],
  ...['listPlans', 'getPlan', 'listIncidentKinds', 'listSubjects', 'getImportTemplate', 'listTasks', 'listEscalations'],
  ...['listIncidents', 'listDuties', 'listProblems', 'listReports'],
];
/** Answered without a token. */
export const OPEN: readonly string[] = ['health', 'describe', 'docs', 'showLink', 'useLink'];

/** Whoever holds no post has no part in what postholders tell each other. */
const POSTLESS: Readonly<Record<string, Expected>> = { getFact: 404 };

export const RIGHTS: ReadonlyMap<string, Readonly<Record<Position, Expected>>> = parse(TABLE);

function parse(table: string): Map<string, Readonly<Record<Position, Expected>>> {
  const rows = table.split('\n').filter((line) => line !== '' && !line.startsWith('##'));
  return new Map(
    rows.map((line) => {
      const [operation = '', ...cells] = line.split(/\s+/);
      if (cells.length !== COLUMNS.length) throw new Error(`${operation} has ${cells.length} cells.`);
      const row = COLUMNS.map((position, index) => [position, expectedOf(cells[index] ?? '')] as const);
      return [operation, Object.fromEntries(row) as Record<Position, Expected>];
    }),
  );
}

function expectedOf(cell: string): Expected {
  if (cell === 'ok') return 'ok';
  if (cell === '403' || cell === '404') return Number(cell) as Expected;
  throw new Error(`"${cell}" is nothing to expect.`);
}

/** What is expected for a person in a position; null: the operation is in no table. */
export function expected(operation: string, who: Who, position: Position): Expected | null {
  if (FOR_EVERYBODY.includes(operation)) return 'ok';
  if (who === 'postless' && POSTLESS[operation] !== undefined) return POSTLESS[operation];
  return RIGHTS.get(operation)?.[position] ?? null;
}

type Positions = Readonly<Partial<Record<Who, Position>>>;
const EVERYWHERE: Positions = {
  ...{ supervision: 'supervision', admin: 'admin', incidentOffice: 'incident_office' },
  ...{ incidentOffice2: 'incident_office', feed: 'feed' },
};
/** What each person is to the items of {@link OWN} and {@link FOREIGN}; who is not named is outside. */
export const POSITIONS: Readonly<Record<'own' | 'foreign', Positions>> = {
  own: {
    ...EVERYWHERE,
    ...{ leadHead: 'lead_head', leadClerk: 'lead_clerk', responsible: 'responsible' },
    ...{ office: 'office', leader: 'leader' },
  },
  foreign: {
    ...EVERYWHERE,
    ...{ strangerHead: 'lead_head', stranger: 'lead_clerk', otherResponsible: 'responsible', otherOffice: 'office' },
  },
};
