import type { CommandContext } from '../aggregate.ts';
import { acknowledge, resolve } from '../clock/acknowledge.ts';
import { DomainError } from '../errors.ts';
import type { TaskCommand } from './commands.ts';
import { assign, correct } from './decide-assignment.ts';
import { returnCompletion, submitCompletion, verify } from './decide-completion.ts';
import { decideExtension, requestExtension } from './decide-extension.ts';
import { cancel, instruct, listForSupervision, resume, suspend } from './decide-oversight.ts';
import { accept, decideDispute, raiseDispute, reportProgress } from './decide-work.ts';
import type { TaskEvent } from './events.ts';
import type { TaskState } from './state.ts';
import { TASK_CLOCK } from './wake.ts';

/** Answers a command with what happens, `[]` when it has happened already, or a {@link DomainError} that says what to do. */
export function decideTask(state: TaskState, command: TaskCommand, context: CommandContext): readonly TaskEvent[] {
  if (command.type === 'Assign') return assign(state, command, context);
  if (state.status === 'none') throw new DomainError('not_found', 'There is no such task.', '没有这项任务。');
  switch (command.type) {
    case 'Correct':
      return correct(state, command, context);
    case 'Accept':
      return accept(state, command, context);
    case 'RaiseDispute':
      return raiseDispute(state, command, context);
    case 'DecideDispute':
      return decideDispute(state, command, context);
    case 'ReportProgress':
      return reportProgress(state, command, context);
    case 'RequestExtension':
      return requestExtension(state, command, context);
    case 'DecideExtension':
      return decideExtension(state, command, context);
    case 'SubmitCompletion':
      return submitCompletion(state, command, context);
    case 'Verify':
      return verify(state, command, context);
    case 'Return':
      return returnCompletion(state, command, context);
    case 'Suspend':
      return suspend(state, command, context);
    case 'Resume':
      return resume(state, command, context);
    case 'Cancel':
      return cancel(state, command, context);
    case 'ListForSupervision':
      return listForSupervision(state, command, context);
    case 'Instruct':
      return instruct(state, command, context);
    case 'AcknowledgeEscalation':
      return acknowledge(state, command, TASK_CLOCK, context);
    case 'ResolveEscalation':
      return resolve(state, command, TASK_CLOCK, context);
  }
}
