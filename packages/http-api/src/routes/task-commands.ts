import { commandTask, readTask } from '@duban/application';
import { numberedParams, taskAnswer, taskCommands, taskParams } from '@duban/contracts/http/tasks';
import type { TaskCommand } from '@duban/domain';
import { commandsOf, type Reading } from '../item-commands.ts';
import { dueInstant, dueInstantOrNull } from '../references.ts';
import { answerTask } from './tasks.ts';

const command = commandsOf<TaskCommand, typeof taskAnswer>({
  answer: taskAnswer,
  params: taskParams,
  mayRead: ({ deps, caller }, id) => readTask(deps, caller, id),
  carryOut: async (exchange, id, wanted, options) =>
    answerTask(exchange, await commandTask(exchange.deps, exchange.caller, id, wanted, options)),
});

const unitOf = (unit: string | null, { references }: Reading) =>
  unit === null ? null : references.unit(unit, '/unit');

export const accept = command('acceptTask', '签收', taskCommands.acceptance, ({ unit }, reading) => ({
  type: 'Accept',
  unit: unitOf(unit, reading),
}));

export const raiseDispute = command('raiseDispute', '提出异议', taskCommands.dispute, (body, reading) => ({
  type: 'RaiseDispute',
  unit: unitOf(body.unit, reading),
  reason: body.reason,
  proposedLeadUnits: reading.references.units(body.proposedLeadUnits, '/proposedLeadUnits'),
}));

export const decideDispute = command(
  'decideDispute',
  '裁定异议',
  taskCommands.disputeDecision,
  ({ upheld, basis, leadUnits, responsibleUnits }, { references, number }) => ({
    ...{ type: 'DecideDispute', number, upheld, basis },
    leadUnits: leadUnits === null ? null : references.units(leadUnits, '/leadUnits'),
    responsibleUnits: responsibleUnits === null ? null : references.units(responsibleUnits, '/responsibleUnits'),
  }),
  numberedParams,
);

export const reportProgress = command('reportProgress', '反馈进展', taskCommands.progress, (body, reading) => ({
  ...body,
  type: 'ReportProgress',
  unit: unitOf(body.unit, reading),
}));

export const requestExtension = command(
  'requestExtension',
  '申请延期',
  taskCommands.extension,
  ({ limit, newDue, reason }, { structure }) => ({
    ...{ type: 'RequestExtension', limitId: limit, reason },
    newDueAt: dueInstant(structure, newDue),
  }),
);

export const decideExtension = command(
  'decideExtension',
  '审批延期',
  taskCommands.extensionDecision,
  ({ approved, newDue, basis, reason }, { structure, number }) => ({
    ...{ type: 'DecideExtension', number, approved, basis, reason },
    newDueAt: dueInstantOrNull(structure, newDue),
  }),
  numberedParams,
);

export const submitCompletion = command('submitCompletion', '申请销号', taskCommands.completion, (body, reading) => ({
  ...body,
  type: 'SubmitCompletion',
  unit: unitOf(body.unit, reading),
}));

export const verify = command('verifyCompletion', '核验销号', taskCommands.verification, ({ note }) => ({
  type: 'Verify',
  note,
}));

export const sendBack = command('returnCompletion', '退回', taskCommands.return, ({ reason }) => ({
  type: 'Return',
  reason,
}));

export const suspend = command(
  'suspendTask',
  '中止',
  taskCommands.suspension,
  ({ until, reason, basis }, { structure }) => ({
    ...{ type: 'Suspend', reason, basis },
    until: dueInstant(structure, until),
  }),
);

export const resume = command('resumeTask', '恢复', taskCommands.resumption, ({ reason }) => ({
  type: 'Resume',
  reason,
}));

export const cancel = command('cancelTask', '取消', taskCommands.cancellation, ({ reason, basis }) => ({
  type: 'Cancel',
  reason,
  basis,
}));

export const listForSupervision = command(
  'listForSupervision',
  '挂牌督办',
  taskCommands.supervision,
  ({ reason, basis, reportBy }, { structure }) => ({
    ...{ type: 'ListForSupervision', reason, basis },
    reportBy: dueInstant(structure, reportBy),
  }),
);

export const instruct = command(
  'instruct',
  '领导批示',
  taskCommands.instruction,
  ({ text, reportBy }, { structure }) => ({
    ...{ type: 'Instruct', text },
    reportBy: dueInstantOrNull(structure, reportBy),
  }),
);
