import { z } from 'zod';
import { name } from './text.ts';

export const calendarParams = z.strictObject({ unit: name });
export const calendarQuery = z.strictObject({
  key: z.string().max(200).optional().describe('in place of a token, for calendar programs'),
});
export const newLink = z.strictObject({}).meta({ id: 'NewCalendarLink' });
export const calendarLink = z
  .strictObject({
    url: z.string().describe('shown once; whoever has it reads the unit’s deadlines while its maker may'),
  })
  .meta({ id: 'CalendarLink' });
