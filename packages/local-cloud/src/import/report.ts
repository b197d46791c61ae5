import type { ClockEffects, ImportResult, KindDifference } from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';

const KIND_NAMES: Readonly<Record<string, string>> = {
  jurisdictions: '行政区划',
  units: '单位',
  posts: '岗位',
  people: '人员',
  appointments: '任职',
  documents: '文件',
  groups: '机构',
  policies: '督办策略',
  plans: '方案',
  tasks: '任务',
};
const NAMED = 5;

/** What an import changes, as lines for a terminal. */
export function reportLines(
  { difference, clocks }: Pick<ImportResult, 'difference' | 'clocks'>,
  timeZone: string,
): readonly string[] {
  const kinds = Object.entries(difference)
    .filter(
      ([, { added, changed, removed, unchanged }]) => added.length + changed.length + removed.length + unchanged > 0,
    )
    .map(([kind, each]) => `${KIND_NAMES[kind] ?? kind}：${changesOf(each)}`);
  return [...kinds, ...clockLines(clocks, timeZone)];
}

function changesOf({ added, changed, removed, unchanged }: KindDifference): string {
  const part = (what: string, keys: readonly string[]) =>
    keys.length === 0
      ? []
      : [`${what} ${keys.length}（${keys.slice(0, NAMED).join('、')}${keys.length > NAMED ? '…' : ''}）`];
  const parts = [...part('新增', added), ...part('修改', changed), ...part('删除', removed)];
  return [...parts, `不变 ${unchanged}`].join('，');
}

function clockLines({ starts, moves, stops, overdueAtOnce, items }: ClockEffects, timeZone: string): readonly string[] {
  if (starts + moves + stops === 0) return [];
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const shown = (at: number | null) => (at === null ? '无' : format.format(at));
  const moved = items
    .filter(({ effect }) => effect !== 'starts')
    .slice(0, NAMED)
    .map(({ taskId, limitId, before, after }) => `  ${taskId} ${limitId}：${shown(before)} → ${shown(after)}`);
  return [`时限：开始计时 ${starts}，调整 ${moves}，停止 ${stops}；导入后立即逾期 ${overdueAtOnce}`, ...moved];
}

/** A fault with its place: file, then sheet, row and column, or a pointer. */
export function faultLine(file: string, { pointer, message, suggestions = [], cell }: BilingualFault): string {
  const place =
    cell === undefined
      ? pointer
      : `工作表“${cell.sheet}”第 ${cell.row} 行${cell.column === null ? '' : `“${cell.column}”列`}`;
  const nearest =
    suggestions.length === 0 || message.zh.includes('相近') ? '' : `（${suggestions.slice(0, 20).join('、')}）`;
  return `${file} ${place}：${message.zh}${nearest} ${message.en}`;
}

/** One line however many files: the import goes on. */
export function tradeSecretLine(files: readonly string[]): string {
  const zh = `提示：${files.join('、')} 提及商业秘密或工作秘密，请确认可以在本系统处理。`;
  return `${zh} Note: trade or work secrets are mentioned; make sure that they may be handled here.`;
}
