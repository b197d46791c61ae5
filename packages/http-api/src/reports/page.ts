import { createHash } from 'node:crypto';
import { escapeXml } from '@duban/contracts/markup';
import type { ReportData } from '@duban/domain';
import { CHART_NAME, chartsOf } from './chart.ts';
import type { Cell, ReportTable, ReportText } from './wording.ts';

const STYLE = `
@page { size: A4; margin: 18mm 15mm; }
body { font: 14px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", SimSun, sans-serif; color: #1a1a1a; max-width: 60em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 22px; text-align: center; }
h2 { font-size: 17px; margin-top: 1.6em; break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; }
dt { font-weight: bold; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: 12px; }
th, td { border: 1px solid #888; padding: .2em .4em; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr, figure { break-inside: avoid; }
td.number { text-align: right; white-space: nowrap; }
figure { margin: 1em 0; }
svg { width: 100%; height: auto; }
figcaption { text-align: center; font-size: 12px; }
.note { color: #555; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11pt; } rect { print-color-adjust: exact; } }
`;

/** The page runs nothing and loads nothing; its own style is allowed by its digest, and nothing beside it. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The report as a page to print on A4. Every element is closed, so that XML readers take it too. */
export function reportPage(report: ReportText, { units: results }: Pick<ReportData, 'units'>): string {
  const { title, facts, overview, outcomes, units, places, others } = report;
  const charts = chartsOf(results);
  return [
    '<!DOCTYPE html>',
    '<html lang="zh-CN">',
    `<head><meta charset="utf-8"/><title>${escapeXml(title)}</title><style>${STYLE}</style></head>`,
    '<body>',
    `<h1>${escapeXml(title)}</h1>`,
    `<dl>${facts.map(([label, value]) => `<dt>${escapeXml(label)}</dt><dd>${escapeXml(value)}</dd>`).join('')}</dl>`,
    ...overview.map(paragraph),
    section(outcomes),
    ...charts.map((chart) => `<figure>${chart}<figcaption>${CHART_NAME}</figcaption></figure>`),
    section(units),
    ...places.map(paragraph),
    ...others.map(section),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function paragraph(text: string): string {
  return `<p>${escapeXml(text)}</p>`;
}

function section({ heading, note, columns, rows, none }: ReportTable): string {
  const title = `<h2>${escapeXml(heading)}</h2>`;
  if (rows.length === 0) return title + paragraph(none);
  const head = columns.map(({ header }) => `<th scope="col">${escapeXml(header)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, index) => cellOf(cell, columns[index]?.numeric)).join('')}</tr>`,
  );
  return [
    title,
    note === null ? '' : `<p class="note">${escapeXml(note)}</p>`,
    `<table><thead><tr>${head}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody></table>`,
  ].join('\n');
}

function cellOf(cell: Cell, numeric = false): string {
  const text = cell === null ? '' : escapeXml(String(cell));
  return numeric ? `<td class="number">${text}</td>` : `<td>${text}</td>`;
}
