import {
  type ClockView,
  currentStructure,
  explainDuty,
  explainIncident,
  explainProblem,
  explainTask,
  readItemEvents,
} from '@duban/application';
import * as contract from '@duban/contracts/http/clock';
import { dutyParams } from '@duban/contracts/http/duties';
import { incidentParams } from '@duban/contracts/http/incidents';
import { problemParams } from '@duban/contracts/http/problems';
import { taskParams } from '@duban/contracts/http/tasks';
import type { LimitExplanation, Structure } from '@duban/domain';
import type { z } from 'zod';
import { type Endpoint, endpoint } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { linesOf, presentData, presentLimit, presentRecipient, time } from '../present.ts';
import type { Language } from '../problems.ts';

type Params = z.ZodType<{ readonly id: string }>;

/** Every kind of item tells its events in the same way. */
function eventsOf(operationId: string, summary: string, params: Params): Endpoint {
  return endpoint({
    ...{ operationId, summary, params },
    query: contract.itemEventsQuery,
    answer: contract.itemEventList,
    async handle(input, exchange) {
      const { deps, caller } = exchange;
      const { limit, after } = await pageOf(exchange, input.query);
      const from = after === null ? 1 : Number(after) + 1;
      const { structure } = await currentStructure(deps, caller);
      const found = await readItemEvents(deps, caller, input.params.id, from, limit + 1);
      const items = found.slice(0, limit);
      const last = items.at(-1)?.version;
      const next = found.length > limit && last !== undefined ? String(last) : null;
      return {
        body: await listed(exchange, { items, next }, ({ version, event, meta, commitHash }) => {
          const { type, ...data } = event;
          const shown = presentData(structure, data) as Record<string, unknown>;
          const { actor: by, correlationId } = meta;
          return { version, type, at: time(structure, meta.at), by, correlationId, commitHash, data: shown };
        }),
      };
    },
  });
}

/** Every kind of item explains its limits in the same way. */
function clockOf(operationId: string, summary: string, params: Params, explain: typeof explainTask): Endpoint {
  return endpoint({
    ...{ operationId, summary, params },
    answer: contract.clockAnswer,
    async handle(input, { deps, caller, language }) {
      return { body: presentClock(await explain(deps, caller, input.params.id), language) };
    },
  });
}

function presentClock({ id, now, structure, limits }: ClockView, language: Language): contract.ClockAnswer {
  return {
    id,
    now: time(structure, now),
    limits: limits.map((explained) => presentExplanation(structure, explained, language)),
  };
}

function presentExplanation(
  structure: Structure,
  { limit, rule, ruleZh, running, provisional, source, startedBy, counting, pauses, planned }: LimitExplanation,
  language: Language,
): contract.ClockAnswer['limits'][number] {
  const at = (instant: number) => time(structure, instant);
  return {
    ...presentLimit(structure, limit),
    ...{ running, provisional },
    rule: language === 'zh' ? ruleZh : rule,
    source: { ...source, lines: linesOf(source.lines) },
    startedBy: startedBy === null ? null : { ...startedBy, at: at(startedBy.at) },
    counting: {
      ...{ mode: counting.mode, minutes: counting.minutes },
      from: at(counting.from),
      until: at(counting.until),
      spans: counting.spans.map(({ from, to }) => ({ from: at(from), to: at(to) })),
      workingDays: [...counting.workingDays],
      skipped: counting.skipped.map((day) => ({ ...day })),
    },
    pauses: pauses.map(({ from, until, reason }) => ({ from: at(from), until: at(until), reason })),
    planned: planned.map((change) => ({
      ...change,
      at: at(change.at),
      targets: [...change.targets],
      recipients: change.recipients.map((recipient) => presentRecipient(structure, recipient)),
    })),
  };
}

const EVENTS = '的全部事件，由早到晚';
const CLOCK = '每个时限如何计算：规则、依据、计入与跳过的日子、停表、此后将发生什么、通知谁';

export const taskEvents = eventsOf('listTaskEvents', `任务${EVENTS}`, taskParams);
export const incidentEvents = eventsOf('listIncidentEvents', `重大事项${EVENTS}`, incidentParams);
export const dutyEvents = eventsOf('listDutyEvents', `定期事项${EVENTS}`, dutyParams);
export const problemEvents = eventsOf('listProblemEvents', `问题${EVENTS}`, problemParams);
export const taskClock = clockOf('explainTask', CLOCK, taskParams, explainTask);
export const incidentClock = clockOf('explainIncident', CLOCK, incidentParams, explainIncident);
export const dutyClock = clockOf('explainDuty', CLOCK, dutyParams, explainDuty);
export const problemClock = clockOf('explainProblem', CLOCK, problemParams, explainProblem);
