import { DELIVERY_INDEX_WRITE, FUNCTIONS, UNITS } from './measured.ts';
import { type Bill, dollars, idleYear, NOTICES_PER_DELIVERY, plus, TASK_YEAR, taskYear, times } from './year.ts';

/** 湖南省 has 122 counties; the first county's documents name some 500 tasks, and its duties come to as much again three times. */
const PROVINCE = { counties: 122, itemsPerCounty: 2_000 };

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const money = (value: number): string => `$${value.toFixed(2)}`;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const total = (bill: Bill): number => Object.values(dollars(bill)).reduce((sum, value) => sum + value, 0);

/** What Duban costs in a year on AWS, with the arithmetic, as Markdown. */
export function costsTable(): string {
  const task = taskYear();
  const thousand = times(task, 1_000);
  const idle = idleYear();
  const items = PROVINCE.counties * PROVINCE.itemsPerCounty;
  const province = plus(idle, times(task, items));
  const columns = [idle, thousand, province];
  const line = (what: string, of: (bill: Bill) => string) => row(what, ...columns.map(of));
  const paid = Object.keys(dollars(idle));
  return [
    'One task for a year, assumed:',
    '',
    row('What', 'Times', 'Write units each', 'Read units each'),
    row('---', '--:', '--:', '--:'),
    ...TASK_YEAR.map(({ what, times: often, units }) =>
      row(what, String(often), String(UNITS[units].write), String(UNITS[units].read)),
    ),
    '',
    `Each of its events moves its row in the wake index (2 write units), its lists (${UNITS.views.write} and ${UNITS.views.read}; at first ${UNITS.firstViews.write}), and becomes 1.5`,
    `notices (${UNITS.digest.write} and ${UNITS.digest.read} each). ${NOTICES_PER_DELIVERY} notices make a digest, which is delivered on one channel (${UNITS.delivery.write} and ${UNITS.delivery.read}; ${DELIVERY_INDEX_WRITE} in the index).`,
    `Functions: ${Object.entries(FUNCTIONS)
      .map(([name, { ms, gb }]) => `${name} ${ms} ms of ${gb.toFixed(2)} GB`)
      .join(', ')}.`,
    '',
    row(
      'A year of',
      'the deployment itself',
      '1,000 tasks',
      `a province: ${PROVINCE.counties} counties, ${count(items)} tasks and duty periods, one deployment`,
    ),
    row('---', '--:', '--:', '--:'),
    line('Write units', ({ writeUnits }) => count(writeUnits)),
    line('Read units', ({ readUnits }) => count(readUnits)),
    line('HTTP requests', ({ apiRequests }) => count(apiRequests)),
    line('Function calls', ({ functionRequests }) => count(functionRequests)),
    line('Function GB-seconds', ({ gbSeconds }) => count(gbSeconds)),
    line('Queue requests', ({ queueRequests }) => count(queueRequests)),
    line('Stored at the end, GB', ({ storedGb }) => storedGb.toFixed(2)),
    line('Logs, GB', ({ logsGb }) => logsGb.toFixed(2)),
    ...paid.map((what) => line(what, (bill) => money(dollars(bill)[what] ?? 0))),
    line('**合计 in all**', (bill) => `**${money(total(bill))}**`),
  ].join('\n');
}
