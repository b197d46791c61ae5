import type { Follows, Jurisdiction } from '@duban/domain';
import type { RecordChange } from '../ports.ts';
import { sameData } from './diff.ts';

/**
 * What a change of structure brings with it: duties that are not the same any more, clocks that count otherwise.
 * @param isFirst a jurisdiction's first structure: from then on it is known by which holiday notices clocks were counted
 */
export function followsOf(changes: readonly RecordChange[], isFirst: boolean): Follows {
  return {
    duties: changes.some(({ kind }) => kind === 'duties'),
    clocks: isFirst || changes.some(movesCalendar),
  };
}

function movesCalendar({ kind, before, after }: RecordChange): boolean {
  return kind === 'jurisdictions' && !sameData(calendarPart(before), calendarPart(after));
}

function calendarPart(jurisdiction: unknown) {
  if (jurisdiction === null) return null;
  const { timeZone, workingHours, localDays, holidayNotices } = jurisdiction as Jurisdiction;
  return { timeZone, workingHours, localDays, holidayNotices };
}
