import { parsePrintedDue, parseTypedDate } from './due-text.ts';
import type { Column } from './sheets.ts';

/** What the workbook's reader hands over for a cell. */
export type RawCell = string | number | boolean | Date | null | undefined;

const YES = new Set(['是', '√', '✓', 'y', 'yes', 'true', '1']);
const NO = new Set(['否', '×', 'n', 'no', 'false', '0']);

/** A cell's text as people see it; numbers and dates too. */
export function textOf(cell: RawCell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return String(cell).replaceAll('\r\n', '\n').trim();
}

/** The fields a cell states. What cannot be read stays as typed, so that the record's schema says what is wrong. */
export function fieldsOf({ field, cell: kind }: Column, raw: RawCell): Readonly<Record<string, unknown>> {
  const text = textOf(raw);
  switch (kind.is) {
    case 'names':
      return { [field]: text.split(/[、，,；;\n]+/).flatMap((name) => name.trim() || []) };
    case 'yesNo':
      return { [field]: yesNoOf(text) };
    case 'due':
      return { ...dueOf(text, field) };
    default:
      return { [field]: text === '' ? null : simpleValue(kind, text) };
  }
}

function simpleValue(kind: Exclude<Column['cell'], { is: 'names' | 'yesNo' | 'due' }>, text: string): unknown {
  switch (kind.is) {
    case 'text':
      return text;
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'date':
      return parseTypedDate(text) ?? text;
    case 'choice':
      return kind.of[text] ?? text;
  }
}

function yesNoOf(text: string): boolean | string {
  if (text === '' || NO.has(text.toLowerCase())) return false;
  return YES.has(text.toLowerCase()) ? true : text;
}

/** As a document prints it, a deadline says three things at once. */
function dueOf(text: string, field: string): Readonly<Record<string, unknown>> {
  if (text === '') return { [field]: null };
  const printed = parsePrintedDue(text);
  if (printed === null) return { [field]: parseTypedDate(text) ?? text };
  const dueText = text.replace(/\s+/g, '');
  return { [field]: printed.due, dueText, ...(printed.ongoing ? { ongoing: true } : {}) };
}
