/**
 * Preset dictionaries of deflate, by the number stored beside what was packed with them. What is written stays readable
 * only while its dictionary stays as it was: never edit one, add the next number.
 */
export const DICTIONARIES: Readonly<Record<number, Buffer>> = { 1: Buffer.from(dictionary1(), 'utf8') };

/** The one new rows are packed with. */
export const CURRENT_DICTIONARY = 1;

/** The usual keys and values of tasks and their events, the commonest last, as deflate likes them. */
function dictionary1(): string {
  return [
    '{"type":"UnitReminded","at":16,"limitId":"due","dueAt":16,"workingDaysBefore":7,"recipients":[{"mailbox":"unit:","post":"","unit":"","person":"","path":[{"seat":"unit","code":"","found":"addressed"}]}]}',
    '{"type":"TaskAssigned","at":16,"by":"system:import","taskId":"task_","definition":{"title":"","text":"","plan":"","group":"","documentNumber":"","list":"","seq":1,"leadUnits":[],"responsibleUnits":[],"leaders":[],"dueAt":16,"dueText":"2023年底前完成","ongoing":false,"milestones":[{"code":"Q1","title":"一季度","text":"","dueAt":16}],"targets":[{"indicator":"","value":1,"unit":"","by":"2023-12-31"}],"source":"","notes":[]},"policy":',
    '{"type":"TaskAccepted","at":16,"by":"","unit":""}{"type":"ProgressReported","at":16,"by":"","number":1,"unit":"","text":null,"percent":null,"noChange":true,"reached":[],"answers":[]}',
    '{"type":"CompletionSubmitted","summary":"","evidence":[],"verification":{"id":"verification:1","kind":"verification"},"listedForSupervision":"instruction:1","supervision:1","review:2023-12-31","status":"closed","closedAt":16,"onTime":true,"lateByMs":0}',
    '{"type":"EscalationAcknowledged","escalationId":"escalation_","limitId":"due","note":null,"holdUntil":16}{"type":"LadderResumed"}',
    '{"id":"digest_","mailbox":"post:","window":{"from":16,"until":16},"entries":[{"itemId":"task_","kind":"escalation","title":"","reason":""}],"deliveries":[],"releasedAt":16,"readAt":null}',
    '[{"type":"LimitMissed","at":16,"limitId":"due","dueAt":16,"steps":[16,16,16,16],"next":{"step":0,"at":16}},{"type":"TaskEscalated","at":16,"escalationId":"escalation_01","limitId":"due","step":0,"stepDueAt":16,"dueAt":16,"action":"escalate","urgent":false,"recipients":[{"mailbox":"post:","post":"","unit":"","person":"","path":[{"seat":"office","code":"","found":"addressed"},{"seat":"director","code":"","found":"vacant"},{"seat":"deputy_director","code":null,"found":"unset"},{"seat":"host_unit_head","code":"","found":"holder"}]}],"next":{"step":1,"at":16}}]',
    '"policy":{"code":"default-task","name":"任务逾期升级（默认）","remindWorkingDaysBefore":[7,1],"steps":[{"delay":{"unit":"working_days","amount":0},"targets":["office"],"action":"escalate","acknowledgeWithin":{"unit":"working_days","amount":1},"holdOnAcknowledgement":{"unit":"working_days","amount":2},"urgent":false,"repeat":null},{"delay":{"unit":"working_days","amount":3},"targets":["deputy_leader"],"action":"escalate","acknowledgeWithin":null,"holdOnAcknowledgement":{"unit":"working_days","amount":2},"urgent":false,"repeat":null},{"delay":{"unit":"working_days","amount":5},"targets":["group_leader","supervision_office"],"action":"escalate","acknowledgeWithin":null,"holdOnAcknowledgement":{"unit":"working_days","amount":2},"urgent":false,"repeat":null},{"delay":{"unit":"working_days","amount":10},"targets":["supervision_office"],"action":"circular","acknowledgeWithin":null,"holdOnAcknowledgement":{"unit":"working_days","amount":2},"urgent":false,"repeat":"monthly"}],"minimumGap":{"unit":"working_minutes","amount":60},"verifyWithin":{"unit":"working_days","amount":5},"source":"督办默认规则"}',
    '"extensions":[{"number":1,"limitId":"due","newDueAt":16,"decision":"pending"}],"disputes":[],"escalations":[{"id":"escalation_01","limitId":"due","step":0,"at":16,"dueAt":16,"action":"escalate","urgent":false,"mailboxes":["post:"],"detoured":false,"status":"open"}],"counts":{"progress":0,"completions":0,"listings":0,"instructions":0},"listed":false}',
    '{"status":"assigned","id":"task_01","version":1,"wordingVersion":1,"title":"","plan":"luxi-2023-","group":"","documentNumber":"泸政办发〔2023〕5号","list":"","seq":1,"leadUnits":["xian-"],"responsibleUnits":["xian-"],"leaders":[],"ongoing":false,"assignedAt":16,"acceptedBy":[],"percent":null,"limits":[{"id":"milestone:Q1","kind":"milestone","dueAt":16,"startedAt":16,"status":"met","reminders":[],"dueSoon":false,"steps":[],"next":null,"hold":null},{"id":"due","kind":"due","dueAt":1693497600000,"startedAt":16,"status":"running","reminders":[{"at":16,"workingDaysBefore":7},{"at":16,"workingDaysBefore":1}],"dueSoon":false,"steps":[],"next":null,"hold":null}],"escalations":[],"extensions":[],"disputes":[],"status":"overdue","dueSoon":true',
  ].join('');
}
