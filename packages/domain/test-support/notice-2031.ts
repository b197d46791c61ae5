import type { HolidayNotice } from '@duban/calendar';
import {
  type ExistingTask,
  explainLimits,
  type LimitExplanation,
  Structure,
  TASK_CLOCK,
  taskAggregate,
} from '../src/index.ts';
import { at, DATA, STRUCTURE } from './fixtures.ts';
import type { TaskRun } from './task-run.ts';

const day = (date: string) => ({ date, name: '春节' });

/** Spring Festival 2031 as the State Council might set it: a Wednesday to a Tuesday off, a Sunday and a Saturday made up. */
export const NOTICE: HolidayNotice = {
  year: 2031,
  source: '国办发明电〔2030〕9号',
  daysOff: ['22', '23', '24', '27', '28'].map((date) => day(`2031-01-${date}`)),
  makeUpDays: [day('2031-01-19'), day('2031-02-01')],
};

export function noticed(notice: HolidayNotice = NOTICE): Structure {
  return new Structure({ ...DATA, jurisdiction: { ...DATA.jurisdiction, holidayNotices: [notice] } }, 2);
}

/** The county enters the notice: the task is counted again by it. */
export function recomputeTask(run: TaskRun, when: string, structure = noticed()) {
  run.structure = structure;
  const context = { now: at(when), calendar: structure.calendar, structure };
  const events = taskAggregate.recompute?.(run.state, context) ?? [];
  run.events.push(...events);
  run.state = events.reduce(taskAggregate.evolve, run.state);
  return events;
}

export function explainTask(run: TaskRun, when: string): ReadonlyMap<string, LimitExplanation> {
  const history = run.events.map((event, index) => ({ version: index + 1, at: event.at, event }));
  const sourceOf = () => ({ documentNumber: '泸政办发〔2023〕5号', lines: [1_700, 1_702] as const });
  const context = { now: at(when), structure: run.structure };
  const limits = explainLimits<ExistingTask>(run.task, TASK_CLOCK, sourceOf, history, context);
  return new Map(limits.map((explained) => [explained.limit.id, explained]));
}

/** Instants on the county's wall clock, `2031-01-23 00:00`. */
export function local(...instants: readonly number[]): readonly string[] {
  return instants.map((instant) => STRUCTURE.calendar.format(instant).slice(0, 16).replace('T', ' '));
}
