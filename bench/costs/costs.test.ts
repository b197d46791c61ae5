import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { costsTable } from './table.ts';
import { dollars, idleYear, plus, taskYear, times } from './year.ts';

const total = (bill: ReturnType<typeof taskYear>) =>
  Object.values(dollars(bill)).reduce((sum, value) => sum + value, 0);

it('docs/costs.md says what the arithmetic gives', () => {
  // When this fails: npm run -s costs, and put its table there.
  expect(readFileSync('docs/costs.md', 'utf8')).toContain(costsTable());
});

it('adds up: a thousand tasks cost a thousand times one, beside the deployment itself', () => {
  const both = plus(idleYear(), times(taskYear(), 1_000));
  expect(total(both)).toBeCloseTo(total(idleYear()) + 1_000 * total(taskYear()), 6);
});

it('counts every event: its own row and head, the index, its lists, its notices, their deliveries', () => {
  const { writeUnits } = taskYear();
  const events = 20.4;
  const notices = events * 1.5;
  expect(writeUnits).toBeCloseTo(events * (4 + 2) + 52 + (events - 1) * 18 + notices * 6 + (notices / 4) * (16 + 4), 6);
});
