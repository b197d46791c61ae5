import type { CommandContext } from '../aggregate.ts';
import { acknowledge, resolve } from '../clock/acknowledge.ts';
import { DomainError } from '../errors.ts';
import type { ProblemCommand } from './commands.ts';
import { decideMove, requestMove } from './decide-move.ts';
import { register } from './decide-register.ts';
import { callBack, solve } from './decide-solution.ts';
import type { ProblemEvent } from './events.ts';
import type { ProblemState } from './state.ts';
import { PROBLEM_CLOCK } from './wake.ts';

export function decideProblem(
  state: ProblemState,
  command: ProblemCommand,
  context: CommandContext,
): readonly ProblemEvent[] {
  if (command.type === 'Register') {
    // The same call again: it stands in the register.
    return state.status === 'none' ? register(command, context) : [];
  }
  if (state.status === 'none') throw new DomainError('not_found', 'There is no such problem.', '没有这个问题。');
  switch (command.type) {
    case 'Solve':
      return solve(state, command, context);
    case 'RequestMove':
      return requestMove(state, command, context);
    case 'DecideMove':
      return decideMove(state, command, context);
    case 'CallBack':
      return callBack(state, command, context);
    case 'AcknowledgeEscalation':
      return acknowledge(state, command, PROBLEM_CLOCK, context);
    case 'ResolveEscalation':
      return resolve(state, command, PROBLEM_CLOCK, context);
  }
}
