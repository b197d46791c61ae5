import { createCalendarKey, currentStructure, type Deadline, deadlinesOf } from '@duban/application';
import * as contract from '@duban/contracts/http/calendars';
import { itemTypeOf, LIMIT_RULES } from '@duban/domain';
import type { CalendarEntry } from '@duban/icalendar';
import { newKey } from '../calendar-keys.ts';
import { calendarFeed, endpoint } from '../endpoint.ts';
import { HttpProblem } from '../problems.ts';
import { unitOfQuery } from '../references.ts';

export const getCalendar = endpoint({
  operationId: 'getCalendar',
  summary: '一个单位的全部时限（.ics），可在任何日历软件中订阅',
  params: contract.calendarParams,
  query: contract.calendarQuery,
  answer: calendarFeed,
  async handle({ params }, { deps, caller, url }) {
    const current = await currentStructure(deps, caller);
    const { structure } = current;
    const unit = unitOfQuery(structure, params.unit) ?? '';
    const [{ calendarFile }, deadlines] = await Promise.all([
      import('@duban/icalendar'),
      deadlinesOf(deps, current, unit),
    ]);
    const name = `${structure.unit(unit)?.name ?? unit}督办时限`;
    const options = { name, timeZone: structure.calendar.timeZone, now: deps.clock.now() };
    const content = calendarFile(
      deadlines.map((deadline) => entryOf(deadline, url.origin)),
      options,
    );
    return { body: { fileName: `${name}.ics`, content } };
  },
});

const CATEGORIES: Readonly<Record<string, string>> = {
  task: '任务',
  incident: '重大事项',
  duty: '定期事项',
  problem: '问题台账',
};
const COLLECTIONS: Readonly<Record<string, string>> = {
  task: 'tasks',
  incident: 'incidents',
  duty: 'duties',
  problem: 'problems',
};

function entryOf(
  { itemId, limitId, kind, version, title, documentNumber, ...limit }: Deadline,
  origin: string,
): CalendarEntry {
  const type = itemTypeOf(itemId);
  const [, rule] = LIMIT_RULES[kind];
  // `period:2023-W22`, `milestone:Q1`: which one of its kind.
  const [, which] = limitId.split(':');
  return {
    id: `${itemId}/${limitId}`,
    version,
    title: `${limit.overdue ? '【逾期】' : ''}${title}`,
    description: [which === undefined ? rule : `${which}：${rule}`, `依据：${documentNumber}`].join('\n'),
    dueAt: limit.dueAt,
    allDay: limit.dueOn !== null,
    date: limit.dueOn,
    url: `${origin}/v1/${COLLECTIONS[type]}/${itemId}/clock`,
    state: limit.overdue ? 'overdue' : 'running',
    category: CATEGORIES[type] ?? type,
  };
}

export const createLink = endpoint({
  operationId: 'createCalendarLink',
  summary: '生成日历订阅地址：日历软件不能登录，凭地址中的密钥读取；离任即失效',
  params: contract.calendarParams,
  body: contract.newLink,
  answer: contract.calendarLink,
  statuses: [201],
  async handle({ params }, { deps, caller, url }) {
    const { structure } = await currentStructure(deps, caller);
    const unit = structure.unitNamed(params.unit)?.code;
    if (unit === undefined) throw new HttpProblem('not_found');
    const { key, digest } = newKey(caller.jurisdiction);
    await createCalendarKey(deps, caller, unit, digest);
    return { status: 201, body: { url: `${url.origin}/v1/calendars/${unit}.ics?key=${key}` } };
  },
});
