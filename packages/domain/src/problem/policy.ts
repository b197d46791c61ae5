import { DEFAULT_PROBLEM_POLICY } from '../escalation/defaults.ts';
import type { Policy } from '../escalation/policy.ts';

/**
 * The ladder of a problem that lies with the prefecture: as the county's own, and its first and last steps tell the
 * parent jurisdiction too, for the prefecture coordinates its solution (泸政办发〔2023〕7号 四(二)).
 */
export const DEFAULT_PREFECTURE_PROBLEM_POLICY: Policy = {
  ...DEFAULT_PROBLEM_POLICY,
  code: 'default-problem-prefecture',
  name: '问题台账州级逾期升级（默认）',
  steps: DEFAULT_PROBLEM_POLICY.steps.map((step, index, { length }) =>
    index === 0 || index === length - 1 ? { ...step, targets: [...step.targets, 'parent_jurisdiction'] } : step,
  ),
};
