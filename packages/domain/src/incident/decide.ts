import type { CommandContext } from '../aggregate.ts';
import { acknowledge, resolve } from '../clock/acknowledge.ts';
import { DomainError } from '../errors.ts';
import type { IncidentCommand, IncidentCommandOf } from './commands.ts';
import { correct } from './decide-correction.ts';
import { openBySignal, openWithReport } from './decide-open.ts';
import { report } from './decide-report.ts';
import { requestUpward, reviewUpward, sendUpward } from './decide-upward.ts';
import type { IncidentEvent } from './events.ts';
import { shortened } from './limits.ts';
import { isHigher } from './reports.ts';
import type { ExistingIncident, IncidentState } from './state.ts';
import { INCIDENT_CLOCK } from './wake.ts';

export function decideIncident(
  state: IncidentState,
  command: IncidentCommand,
  context: CommandContext,
): readonly IncidentEvent[] {
  if (state.status === 'none') return open(command, context);
  switch (command.type) {
    case 'Signal':
      // The same call again: what it said has been heard.
      return [];
    case 'OpenWithReport':
      return openedAlready(state);
    case 'Report':
      return report(state, command, context);
    case 'CorrectReport':
      return correct(state, command, context);
    case 'ChangeLevel':
      return changeLevel(state, command, context);
    case 'ExplainLateness':
      return explain(state, command, context);
    case 'RequestUpward':
      return requestUpward(state, command, context);
    case 'ReviewUpward':
      return reviewUpward(state, command, context);
    case 'SendUpward':
      return sendUpward(state, command, context);
    case 'AcknowledgeEscalation':
      return acknowledge(state, command, INCIDENT_CLOCK, context);
    case 'ResolveEscalation':
      return resolve(state, command, INCIDENT_CLOCK, context);
  }
}

function open(command: IncidentCommand, context: CommandContext): readonly IncidentEvent[] {
  if (command.type === 'Signal') return openBySignal(command, context);
  if (command.type === 'OpenWithReport') return openWithReport(command, context);
  throw new DomainError('not_found', 'There is no such incident.', '没有这个事项。');
}

/** The same report again says nothing new; one about an incident that a signal has opened would be lost. */
function openedAlready({ signal }: ExistingIncident): readonly IncidentEvent[] {
  if (signal === null) return [];
  throw new DomainError(
    'already_exists',
    'A signal has opened this incident already; send its first report to it.',
    '该事项已由信号立项，请直接对该事项首报。',
  );
}

function changeLevel(
  incident: ExistingIncident,
  { level, reason }: IncidentCommandOf<'ChangeLevel'>,
  context: CommandContext,
): readonly IncidentEvent[] {
  if (level === incident.level) return [];
  if (incident.status === 'closed') {
    throw new DomainError(
      'wrong_status',
      'The incident is closed and its level stands; correct its report if something was wrong.',
      '该事项已终结，级别不再变更；如有错误请更正报告。',
    );
  }
  const { now, actor } = context;
  const limits = isHigher(incident.level, level) ? shortened(incident, level, context, () => true) : [];
  return [{ type: 'LevelChanged', at: now, by: actor, from: incident.level, to: level, reason, limits }];
}

function explain(
  { lateByMs }: ExistingIncident,
  { text }: IncidentCommandOf<'ExplainLateness'>,
  { now, actor }: CommandContext,
): readonly IncidentEvent[] {
  if (lateByMs !== null && lateByMs > 0) return [{ type: 'LatenessExplained', at: now, by: actor, text }];
  throw lateByMs === null
    ? new DomainError(
        'wrong_status',
        'The first report has not been made yet; make it first, then explain.',
        '尚未首报，请先首报，再说明情况。',
      )
    : new DomainError(
        'wrong_status',
        'No explanation is asked for: the first report was not late.',
        '首报没有迟报，无需说明。',
      );
}
