import type { Role } from '../structure/roles.ts';
import type { TaskCommand } from './commands.ts';

/** Which relation to a task lets a person give which command. Anybody with any relation may read it. */
export const TASK_RIGHTS: Readonly<Record<TaskCommand['type'], readonly Role[]>> = {
  Assign: ['office', 'supervision', 'admin'],
  Correct: ['admin'],
  Accept: ['lead_unit'],
  RaiseDispute: ['lead_unit'],
  DecideDispute: ['office'],
  ReportProgress: ['lead_unit', 'responsible_unit'],
  RequestExtension: ['lead_unit'],
  DecideExtension: ['office'],
  SubmitCompletion: ['lead_unit'],
  Verify: ['office'],
  Return: ['office'],
  Suspend: ['office'],
  Resume: ['office'],
  Cancel: ['office', 'supervision'],
  ListForSupervision: ['supervision'],
  Instruct: ['leader'],
  AcknowledgeEscalation: ['office', 'leader', 'supervision', 'recipient'],
  ResolveEscalation: ['office', 'leader', 'supervision', 'recipient'],
};
