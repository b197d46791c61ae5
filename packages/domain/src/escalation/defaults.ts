import type { Delay, Policy, PolicyStep, Target } from './policy.ts';

const workingDays = (amount: number): Delay => ({ unit: 'working_days', amount });

/**
 * The ladder of a task: the office at the due instant; not acknowledged in 1 working day or still open after 3, the
 * deputy leader in charge; after 5 the group's leader and the supervision office; after 10 the monthly circular.
 */
export const DEFAULT_TASK_POLICY: Policy = {
  code: 'default-task',
  name: '任务逾期升级（默认）',
  remindWorkingDaysBefore: [7, 1],
  remindMinutesBefore: [],
  urgentReminders: false,
  steps: [
    step(0, ['office'], { acknowledgeWithin: workingDays(1) }),
    step(3, ['deputy_leader'], {}),
    step(5, ['group_leader', 'supervision_office'], {}),
    step(10, ['supervision_office'], { action: 'circular', repeat: 'monthly' }),
  ],
  minimumGap: { unit: 'working_minutes', amount: 60 },
  verifyWithin: workingDays(5),
  source: '督办默认规则',
};

function step(afterWorkingDays: number, targets: readonly Target[], differs: Partial<PolicyStep>): PolicyStep {
  return {
    delay: workingDays(afterWorkingDays),
    targets,
    action: 'escalate',
    acknowledgeWithin: null,
    holdOnAcknowledgement: workingDays(2),
    urgent: false,
    repeat: null,
    ...differs,
  };
}

const minutes = (amount: number): Delay => ({ unit: 'minutes', amount });

/**
 * The ladder of an incident (elapsed minutes, day and night): remind at 20; at 40 县委办 and 县政府办; at 60 the county
 * leader in charge; at 90 the main leaders and both supervision offices. 泸办通〔2023〕19号 三(三) gives the 40 minutes,
 * the county's own practice the steps after them.
 */
export const DEFAULT_INCIDENT_POLICY: Policy = {
  code: 'default-incident',
  name: '重大事项逾期升级（默认）',
  remindWorkingDaysBefore: [],
  remindMinutesBefore: [20],
  urgentReminders: true,
  steps: [
    urgentStep(0, ['incident_offices']),
    urgentStep(20, ['leader_in_charge']),
    urgentStep(50, ['main_leaders', 'incident_supervision']),
  ],
  minimumGap: minutes(5),
  verifyWithin: minutes(60),
  source: '泸办通〔2023〕19号 三(三)、督办默认规则',
};

/** The ladder of the explanation a late report asks for; in working days, for it saves nobody. */
export const DEFAULT_EXPLANATION_POLICY: Policy = {
  code: 'default-explanation',
  name: '迟报说明逾期升级（默认）',
  remindWorkingDaysBefore: [1],
  remindMinutesBefore: [],
  urgentReminders: false,
  steps: [step(0, ['incident_offices'], {}), step(3, ['leader_in_charge', 'incident_supervision'], {})],
  minimumGap: { unit: 'working_minutes', amount: 60 },
  verifyWithin: workingDays(5),
  source: '督办默认规则',
};

/**
 * The ladder of a recurring duty: the office that answers for it when a period is missed; still missing after 2 working
 * days, its deputy leader; after 5 its leader and the supervision office.
 */
export const DEFAULT_DUTY_POLICY: Policy = {
  code: 'default-duty',
  name: '定期事项逾期升级（默认）',
  remindWorkingDaysBefore: [1],
  remindMinutesBefore: [],
  urgentReminders: false,
  steps: [step(0, ['office'], {}), step(2, ['deputy_leader'], {}), step(5, ['group_leader', 'supervision_office'], {})],
  minimumGap: { unit: 'working_minutes', amount: 60 },
  verifyWithin: workingDays(5),
  source: '督办默认规则',
};

/**
 * The ladder of a problem (问题台账) that lies in the county: as a duty's, and after 10 working days the supervision office
 * once more. Above the county nobody hears of it before both directors have moved it there.
 */
export const DEFAULT_PROBLEM_POLICY: Policy = {
  ...DEFAULT_DUTY_POLICY,
  code: 'default-problem',
  name: '问题台账逾期升级（默认）',
  remindWorkingDaysBefore: [3, 1],
  steps: [...DEFAULT_DUTY_POLICY.steps, step(10, ['supervision_office'], {})],
};

/** Ladders that every jurisdiction has. */
export const DEFAULT_POLICIES: readonly Policy[] = [
  DEFAULT_TASK_POLICY,
  DEFAULT_INCIDENT_POLICY,
  DEFAULT_DUTY_POLICY,
  DEFAULT_PROBLEM_POLICY,
];

function urgentStep(afterMinutes: number, targets: readonly Target[]): PolicyStep {
  return {
    delay: minutes(afterMinutes),
    targets,
    action: 'escalate',
    acknowledgeWithin: null,
    // Acknowledged is not reported: the next step waits no longer than it takes to telephone.
    holdOnAcknowledgement: minutes(15),
    urgent: true,
    repeat: null,
  };
}
