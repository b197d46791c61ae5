import { type LedgerTask, ledgerOf } from '@duban/application';
import type { Instant } from '@duban/calendar';
import { ledgerParams } from '@duban/contracts/http/imports';
import type { Structure } from '@duban/domain';
import { endpoint, workbookFile } from '../endpoint.ts';
import { time } from '../present.ts';

export const getLedger = endpoint({
  operationId: 'getLedger',
  summary: '一个方案的台账（.xlsx）：可修改后再导入，只更新改动过的单元格',
  params: ledgerParams,
  answer: workbookFile,
  async handle({ params }, { deps, caller }) {
    const [{ ledgerWorkbook }, { title, structure, tasks }] = await Promise.all([
      import('@duban/workbook'),
      ledgerOf(deps, caller, params.plan),
    ]);
    const rows = (async function* () {
      for await (const task of tasks) yield rowOf(structure, task);
    })();
    return { body: { fileName: `${title}台账.xlsx`, content: ledgerWorkbook(rows) } };
  },
});

function rowOf(structure: Structure, { dueAt, leadUnits, responsibleUnits, lastReport, ...task }: LedgerTask) {
  const names = (codes: readonly string[]) => codes.map((code) => structure.unit(code)?.name ?? code);
  const { percent, text } = lastReport;
  return {
    ...task,
    due: dueAt === null ? null : dayOrInstant(structure, dueAt),
    leadUnits: names(leadUnits),
    responsibleUnits: names(responsibleUnits),
    progress: [percent === null ? null : `${percent}%`, text].filter((part) => part !== null).join(' ') || null,
  };
}

/** A limit that ends with a day is that day; any other is its instant. */
function dayOrInstant(structure: Structure, at: Instant): string {
  const { calendar } = structure;
  const day = calendar.dateOf(at - 1);
  return calendar.endOfDay(day) === at ? day : time(structure, at);
}
