import { escapeXml } from '@duban/contracts/markup';
import type { Outcomes, UnitResult } from '@duban/domain';
import { describe, expect, it } from 'vitest';
import { chartsOf } from './chart.ts';
import { reportMarkdown } from './markdown.ts';
import { reportPage } from './page.ts';
import type { ReportText } from './wording.ts';

const NONE: Outcomes = { due: 0, onTime: 0, late: 0, submitted: 0, overdue: 0 };
const unit = (name: string, toDate: Partial<Outcomes>, escalatedToDate = 0): UnitResult => ({
  ...{ unit: { code: 'u', name }, tasks: 9, span: NONE, toDate: { ...NONE, ...toDate } },
  ...{ escalated: 0, escalatedToDate, meanLateMs: 0, rank: 1 },
});
const widths = (chart: string, colour: string) =>
  [...chart.matchAll(new RegExp(`width="([\\d.]+)" height="\\d+" fill="${colour}"><title>`, 'g'))].map(([, width]) =>
    Number(width),
  );
const [GREEN, YELLOW, RED, PURPLE] = ['#2e7d32', '#f9a825', '#c62828', '#5e35b1'] as const;

describe('the chart', () => {
  it('draws what each unit has done, missed and been escalated for to one scale', () => {
    const [chart = ''] = chartsOf([unit('甲', { onTime: 4, late: 2, overdue: 2 }, 4), unit('乙', { onTime: 1 })]);
    // 440 wide for eight.
    expect([widths(chart, GREEN), widths(chart, YELLOW)]).toEqual([[220, 55], [110]]);
    expect([widths(chart, RED), widths(chart, PURPLE)]).toEqual([[110], [220]]);
    expect(chart).toContain(
      '甲：按时完成4、超期完成2、逾期未完成2、督办4；乙：按时完成1、超期完成0、逾期未完成0、督办0。</desc>',
    );
  });

  it('leaves out units without anything to draw, and is not there without any other', () => {
    expect(chartsOf([unit('甲', {})])).toEqual([]);
    expect(chartsOf([])).toEqual([]);
    expect(chartsOf([unit('甲', {}), unit('乙', { late: 1 })])[0]).not.toContain('甲');
  });

  it('begins another picture where one would not fit a page, with ids of its own', () => {
    const charts = chartsOf(Array.from({ length: 50 }, (_, index) => unit(`单位${index}`, { onTime: 1 })));
    expect(charts.map((chart) => widths(chart, GREEN).length)).toEqual([24, 24, 2]);
    expect(new Set(charts.map((chart) => /aria-labelledby="([^"]*)"/.exec(chart)?.[1])).size).toBe(3);
  });

  it('shortens a long name between characters, never within one', () => {
    const [chart = ''] = chartsOf([unit('𠮷'.repeat(20), { onTime: 1 })]);
    expect(chart).toContain(`>${'𠮷'.repeat(13)}…</text>`);
    expect(chart).toContain(`<title>${'𠮷'.repeat(20)}：`);
    expect(chart.isWellFormed()).toBe(true);
  });
});

describe('text', () => {
  const report = (title: string): ReportText => {
    const table = { heading: title, note: title, none: title, columns: [{ header: title, width: 9, numeric: false }] };
    return {
      ...{ title, facts: [[title, title]], overview: [title], places: [title] },
      ...{
        outcomes: { ...table, rows: [[title]] },
        units: { ...table, rows: [] },
        others: [{ ...table, rows: [[null]] }],
      },
    };
  };

  it('stays text on the page, wherever it stands', () => {
    const page = reportPage(report(`</title><img src=x onerror="a('b')">&amp;`), {
      units: [unit('<甲>"', { onTime: 1 })],
    });
    expect(page).not.toMatch(/<img|<甲/);
    expect(page.match(/<\/title>/g)).toHaveLength(page.match(/<title[ >]/g)?.length ?? 0);
    expect(page).toContain('&lt;/title&gt;&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;');
  });

  it('stays text in Markdown: no heading, table, link, picture or element', () => {
    const markdown = reportMarkdown(report('a|b\n# c `d` [e](f) ![g](h) *i* _j_ ~k~ <l> \\ &lt;'));
    expect(markdown.split('\n')[0]).toBe(
      '# a\\|b \\# c \\`d\\` \\[e\\](f) \\!\\[g\\](h) \\*i\\* \\_j\\_ \\~k\\~ &lt;l&gt; \\\\ &amp;lt;',
    );
    expect(markdown.match(/^## /gm)).toHaveLength(3);
  });

  it('of a name is escaped in each of its dangerous characters', () => {
    expect(escapeXml(`&<>"'甲`)).toBe('&amp;&lt;&gt;&quot;&#39;甲');
  });
});
