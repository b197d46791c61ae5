import { escapeXml } from '@duban/contracts/markup';
import type { Cell, ReportTable, ReportText } from './wording.ts';

/** Whatever Markdown would take for more than the character it is. */
const SPECIAL = /[\\`*_[\]|~#!]/g;

/** What HTML would take for more is an entity: not every reader of Markdown heeds a backslash before a bracket. */
function escaped(text: string): string {
  return escapeXml(text.replace(SPECIAL, '\\$&')).replace(/\s*[\r\n]+\s*/g, ' ');
}

/** The report as GitHub-flavoured Markdown. */
export function reportMarkdown(report: ReportText): string {
  const { title, facts, overview, outcomes, units, places, others } = report;
  const blocks = [
    `# ${escaped(title)}`,
    facts.map(([label, value]) => `- ${escaped(label)}：${escaped(value)}`).join('\n'),
    overview.map(escaped).join('\n'),
    ...section(outcomes),
    ...section(units),
    places.map((place) => `- ${escaped(place)}`).join('\n'),
    ...others.flatMap(section),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function section({ heading, note, columns, rows, none }: ReportTable): readonly string[] {
  const begins = [`## ${escaped(heading)}`, ...(note === null ? [] : [escaped(note)])];
  if (rows.length === 0) return [...begins.slice(0, 1), escaped(none)];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [
    line(columns.map(({ header }) => escaped(header))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(cellText))),
  ];
  return [...begins, table.join('\n')];
}

function cellText(cell: Cell): string {
  return cell === null ? '' : escaped(String(cell));
}
