import { escapeXml } from '@duban/contracts/markup';
import type { UnitResult } from '@duban/domain';

/** What the pictures show. */
export const CHART_NAME = '各牵头单位累计完成情况和督办次数（按时完成 / 超期完成 / 逾期未完成 / 督办）';
/** Units on one picture: as many as fit a page of paper. */
const UNITS_A_PICTURE = 24;
const ROW = 30;
const BAR = 12;
const NAMES = 190;
const WIDTH = 720;
const VALUES = 90;
/** A name longer than this would reach into its bar; its whole stands in the text alternative and the table. */
const LONGEST_NAME = 14;

const PARTS = [
  { name: '按时完成', colour: '#2e7d32', of: ({ toDate }: UnitResult) => toDate.onTime },
  { name: '超期完成', colour: '#f9a825', of: ({ toDate }: UnitResult) => toDate.late },
  { name: '逾期未完成', colour: '#c62828', of: ({ toDate }: UnitResult) => toDate.overdue },
] as const;
const ESCALATED = {
  name: '督办',
  colour: '#5e35b1',
  of: ({ escalatedToDate }: UnitResult) => escalatedToDate,
} as const;

/** Bars by lead unit, as SVG with a text alternative for each; empty where there is nothing to draw. */
export function chartsOf(units: readonly UnitResult[]): readonly string[] {
  const drawn = units.filter((unit) => [...PARTS, ESCALATED].some((part) => part.of(unit) > 0));
  const most = Math.max(1, ...drawn.map((unit) => Math.max(total(unit), ESCALATED.of(unit))));
  const pictures: string[] = [];
  for (let start = 0; start < drawn.length; start += UNITS_A_PICTURE) {
    pictures.push(picture(drawn.slice(start, start + UNITS_A_PICTURE), most, pictures.length + 1));
  }
  return pictures;
}

function total(unit: UnitResult): number {
  return PARTS.reduce((sum, part) => sum + part.of(unit), 0);
}

function picture(units: readonly UnitResult[], most: number, number: number): string {
  const height = 30 + units.length * ROW;
  const ids = `chart-${number}-title chart-${number}-text`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${ids}">`,
    `<title id="chart-${number}-title">${CHART_NAME}</title>`,
    `<desc id="chart-${number}-text">${escapeXml(units.map(saying).join('；'))}。</desc>`,
    legend(),
    ...units.map((unit, index) => bars(unit, 30 + index * ROW, (WIDTH - NAMES - VALUES) / most)),
    '</svg>',
  ].join('\n');
}

function saying(unit: UnitResult): string {
  const parts = [...PARTS, ESCALATED].map((part) => `${part.name}${part.of(unit)}`);
  return `${unit.unit.name}：${parts.join('、')}`;
}

function legend(): string {
  return [...PARTS, ESCALATED]
    .map(({ name, colour }, index) => {
      const x = NAMES + index * 100;
      return `<rect x="${x}" y="4" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="15" font-size="12">${name}</text>`;
    })
    .join('');
}

function bars(unit: UnitResult, y: number, scale: number): string {
  let x = NAMES;
  const stacked = PARTS.map((part) => {
    const width = part.of(unit) * scale;
    const bar = rect(x, y, width, part.colour, `${part.name} ${part.of(unit)}`);
    x += width;
    return bar;
  });
  const escalated = ESCALATED.of(unit) * scale;
  const label = [...PARTS, ESCALATED].map((part) => part.of(unit)).join(' / ');
  const ends = Math.max(x, NAMES + escalated);
  return [
    `<g><title>${escapeXml(saying(unit))}</title>`,
    `<text x="${NAMES - 8}" y="${y + BAR + 2}" font-size="12" text-anchor="end">${escapeXml(shortened(unit.unit.name))}</text>`,
    ...stacked,
    rect(NAMES, y + BAR + 1, escalated, ESCALATED.colour, `${ESCALATED.name} ${ESCALATED.of(unit)}`, 6),
    `<text x="${rounded(ends + 6)}" y="${y + BAR + 2}" font-size="11">${label}</text></g>`,
  ].join('');
}

function rect(x: number, y: number, width: number, colour: string, title: string, height = BAR): string {
  if (width === 0) return '';
  const place = `x="${rounded(x)}" y="${y}" width="${rounded(width)}" height="${height}"`;
  return `<rect ${place} fill="${colour}"><title>${title}</title></rect>`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** By characters, so that a rare one of two code units is not cut in half. */
function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST_NAME ? name : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}
