import { createHash } from 'node:crypto';
import { reactSince } from '@duban/application';
import type { ReportAnswer, ReportSummaryAnswer } from '@duban/contracts/http/reports';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSystem, type TestSystem } from '../system.ts';
import {
  ANQUAN,
  ANQUAN_OFFICE,
  all,
  type Client,
  type County,
  countyOf,
  DIRECTOR,
  type Digest,
  type Escalation,
  SUPERVISION,
} from './county.ts';
import {
  CIRCULAR,
  FORMULA,
  fileOf,
  HOSTILE,
  headOf,
  PARK,
  reportCounty,
  reportOf,
  SUMMARY,
  whole,
} from './report-county.ts';

const FIRE = 'xiaofang-jiuyuan-dadui';
const MARKET = 'shichang-jianguan-ju';
const ISSUED = '2023-09-28T08:30:00+08:00';
const SEPTEMBER = reportOf(CIRCULAR, '2023-09');
const task = (seq: number) => `task_${ANQUAN}-${seq}`;

describe('the county’s circulars and summaries', () => {
  let system: TestSystem;
  let county: County;
  let supervision: Client;

  const complete = async (seq: number, unit: string, when: string) => {
    await county.advance(when);
    const done = await county
      .as(headOf(unit))
      .post(`/v1/tasks/${task(seq)}/completion`, { summary: '已完成', evidence: [] });
    expect(done.status).toBe(200);
    const verified = await county.as(DIRECTOR.person).post(`/v1/tasks/${task(seq)}/verification`, {});
    expect(verified.status).toBe(200);
  };
  const read = (id: string, person = SUPERVISION) => county.as(person).get<ReportAnswer>(`/v1/reports/${id}`);

  beforeAll(async () => {
    system = await reportCounty(createTestSystem);
    county = countyOf(system);
    supervision = county.as(SUPERVISION);
    await complete(4, FIRE, '2023-08-31T10:00:00+08:00');
    await complete(10, MARKET, '2023-09-05T10:00:00+08:00');
    await county.advance('2023-10-01T08:00:00+08:00');
  }, 300_000);
  afterAll(() => system.close());

  it('are issued on the last working morning before the holidays, one of each plan', async () => {
    const reports = await all<ReportSummaryAnswer>(supervision, '/v1/reports?limit=7');
    const battles = whole.plans?.filter(({ documentNumber }) => documentNumber === '泸政办发〔2023〕5号') ?? [];
    const expected = [
      ...['2023-08', '2023-09'].flatMap((period) => [
        ...battles.map(({ code }) => reportOf(CIRCULAR, period, code)),
        reportOf(PARK, period, 'luxi-2023-youhua'),
      ]),
      ...battles.map(({ code }) => reportOf(SUMMARY, '2023-Q3', code)),
    ];
    expect(battles).toHaveLength(9);
    expect(reports.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(new Set(reports.map(({ period, issuedAt }) => `${period} ${issuedAt}`))).toEqual(
      new Set(['2023-08 2023-08-31T08:30:00+08:00', `2023-09 ${ISSUED}`, `2023-Q3 ${ISSUED}`]),
    );
    const times = reports.map(({ issuedAt }) => issuedAt);
    expect(times, 'latest first').toEqual(times.toSorted().toReversed());
    const found = await all<ReportSummaryAnswer>(supervision, `/v1/reports?plan=${ANQUAN}&kind=summary&period=2023-Q3`);
    expect(found).toEqual([
      {
        ...{ id: reportOf(SUMMARY, '2023-Q3'), kind: 'summary', plan: ANQUAN, documentNumber: '泸政办发〔2023〕5号' },
        title: expect.stringMatching(/2023年第三季度总结$/),
        duty: `duty_${SUMMARY}:unit.xian-zhengfu-duchashi`,
        ...{ period: '2023-Q3', from: '2023-07-01', to: '2023-09-30', issuedAt: ISSUED },
      },
    ]);
  });

  it('count from one morning to the next what was done in time, late, or not at all', async () => {
    const { body } = await read(SEPTEMBER);
    expect(body).toMatchObject({
      period: { key: '2023-09', from: '2023-09-01', to: '2023-09-30' },
      span: { from: '2023-08-31T08:30:00+08:00', to: ISSUED },
      asOf: ISSUED,
      duty: { code: CIRCULAR, name: '月通报', basis: { lines: [1406, 1408] } },
      totals: {
        ...{ tasks: 17, byStatus: { assigned: 15, closed: 2 } },
        // Due at 24:00 of 31 August, when that month's circular was out: 4, 9, 10 and 11.
        span: { due: 4, onTime: 1, late: 1, submitted: 0, overdue: 2 },
        // And 14 and 15, due before.
        toDate: { due: 6, onTime: 1, late: 1, submitted: 0, overdue: 4 },
      },
    });
    expect(body.overdue.map(({ seq }) => seq)).toEqual([14, 15, 9, 11]);
    expect(body.circular.map(({ seq }) => seq)).toEqual([14, 15, 9, 11]);
    expect(body.best.map(({ code }) => code)).toEqual([FIRE]);
    expect(body.units.map(({ unit, rank }) => [unit.code, rank]).slice(0, 2)).toEqual([
      ...[[FIRE, 1]],
      ...[[MARKET, 2]],
    ]);
    expect(body.worst.map(({ code }) => code)).toEqual(['linye-ju', 'shuili-ju', 'wenlv-guangdian-ju', 'zhujian-ju']);
    const raised = await all<Escalation>(supervision, `/v1/escalations?office=${ANQUAN_OFFICE}&limit=200`);
    const within = raised.filter(({ at }) => at > '2023-08-31T08:30' && at <= '2023-09-28T08:30:00+08:00');
    expect(body.escalations.total).toBe(within.length);
    expect(body.escalations.steps.map(({ step, count }) => [step, count])).toEqual(
      [0, 1, 2, 3].map((step) => [step + 1, within.filter((each) => each.step === step).length]),
    );
  });

  it('are told to the offices, leaders and lead units they concern, in the next digest', async () => {
    const { body } = await read(SEPTEMBER);
    expect(body.sentTo).toEqual(
      expect.arrayContaining([
        ...[`post:${DIRECTOR.post}`, 'post:xian-renmin-zhengfu.changwu-fu-xianzhang', `unit:${FIRE}`, 'unit:linye-ju'],
      ]),
    );
    for (const mailbox of body.sentTo) {
      const [kind, code] = mailbox.split(':') as [string, string];
      const digests = await all<Digest & { mailbox: string; items: readonly { title: string }[] }>(
        supervision,
        `/v1/inbox?${kind}=${code}`,
      );
      const own = digests.filter((digest) => digest.mailbox === mailbox);
      const told = own.flatMap(({ releaseAt, items }) => items.map((item) => ({ ...item, releaseAt })));
      const notices = told.filter(({ itemId }) => itemId === SEPTEMBER);
      expect(notices, mailbox).toMatchObject([
        { kind: 'report_issued', title: body.title, releaseAt: '2023-09-28T08:35:00+08:00' },
      ]);
    }
  });

  it('go to the body a document names, and to nobody whose work they are not about', async () => {
    const { body } = await read(reportOf(PARK, '2023-09', 'luxi-2023-youhua'));
    expect(body.sentTo).toEqual(['unit:gaoxinqu-guanweihui', expect.stringMatching(/^post:/)]);
  });

  it('are for their recipients, offices, leaders, supervision and administrators; for others they are not there', async () => {
    const park = reportOf(PARK, '2023-09', 'luxi-2023-youhua');
    for (const person of [DIRECTOR.person, headOf(FIRE), headOf('linye-ju')]) {
      expect((await read(SEPTEMBER, person)).status, person).toBe(200);
      expect(await all(county.as(person), `/v1/reports?plan=${ANQUAN}`), person).not.toEqual([]);
    }
    expect((await county.admin().get(`/v1/reports/${SEPTEMBER}`)).status).toBe(200);
    const absent = await read(reportOf(CIRCULAR, '2031-09'), headOf(FIRE));
    const hidden = await read(park, headOf(FIRE));
    expect(hidden.status).toBe(404);
    expect(without(hidden.body)).toEqual(without(absent.body));
    for (const kind of ['md', 'xlsx', 'html']) {
      expect((await fileOf(system, headOf(FIRE), `/v1/reports/${park}.${kind}`)).status, kind).toBe(404);
    }
    expect(await all(county.as(headOf(FIRE)), '/v1/reports?plan=luxi-2023-youhua')).toEqual([]);
  });

  it('stay as they were issued, however often they are asked for and whatever is done later', async () => {
    const before = await read(SEPTEMBER);
    await complete(9, 'zhujian-ju', '2023-10-07T10:00:00+08:00');
    expect((await read(SEPTEMBER)).body).toEqual(before.body);
    expect((await reactSince(system.deps, 0)).joined).toBe(0);
    const { body } = await supervision.get(`/v1/audit/verification?aggregate=${encodeURIComponent(SEPTEMBER)}`);
    expect(body).toMatchObject({ ok: true, versions: 1 });
  });

  it('are previewed by those who may, and nothing is kept', async () => {
    const path = `/v1/plans/${ANQUAN}/report?kind=summary&from=2023-07-01&to=2023-09-30`;
    const { body } = await county.as(DIRECTOR.person).get<ReportAnswer>(path);
    expect(body).toMatchObject({
      ...{ id: null, duty: null, sentTo: [], period: { key: null, from: '2023-07-01', to: '2023-09-30' } },
      // Two more of 30 September, and that of the housing bureau is done by now.
      totals: { span: { due: 6, onTime: 1, late: 2, submitted: 0, overdue: 3 } },
    });
    expect((await county.as(headOf(FIRE)).get(path)).status).toBe(404);
    const wrong = await county.as(DIRECTOR.person).get(`/v1/plans/${ANQUAN}/report?from=2023-09-30&to=2023-07-01`);
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/query/to', code: 'out_of_order' }] } });
  });

  describe('as files', () => {
    const file = (kind: string, id = SEPTEMBER) => fileOf(system, SUPERVISION, `/v1/reports/${id}.${kind}`);

    it('are Markdown in which a title is nothing but a title', async () => {
      const { status, headers, text } = await file('md');
      expect([status, headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
      expect(text).toMatch(/^# .*2023年9月通报\n/);
      expect(text).not.toContain('<script');
      const row = text.split('\n').find((line) => line.includes('𠮷野'));
      // Seven cells, though the title holds bars.
      expect(row?.split(/(?<!\\)\|/)).toHaveLength(9);
    });

    it('are workbooks that read back, where a title is no formula', async () => {
      const { status, bytes } = await file('xlsx');
      expect(status).toBe(200);
      const { sheets } = await readXlsx(bytes);
      expect(sheets.map(({ name }) => name)).toEqual([
        ...['说明', '时限完成情况', '牵头单位完成情况', '本期督办', '逾期未完成的任务', '列入通报的事项'],
      ]);
      const overdue = sheets.find(({ name }) => name === '逾期未完成的任务')?.rows ?? [];
      expect(overdue.slice(1).map(([seq, title]) => [seq, title])).toEqual([
        ...[
          [14, '森林防灭火'],
          [15, '其他行业领域'],
        ],
        ...[
          [9, HOSTILE],
          [11, FORMULA],
        ],
      ]);
      const formulas = sheets.flatMap(({ cells }) => [...(cells?.values() ?? [])].filter(({ formula }) => formula));
      expect(formulas).toEqual([]);
    });

    it('are pages that run nothing, load nothing, and whose every element is closed', async () => {
      const { status, headers, text } = await file('html');
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
      const digest = createHash('sha256').update(style).digest('base64');
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(openElements(text)).toEqual([]);
      expect(text).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|\sstyle=|\ssrc=|\shref=/i);
      expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;|=cmd|&#39; /C calc&#39;!A0 &amp; 𠮷野');
    });

    it('show a bar for each unit, with its figures in words', async () => {
      const { text } = await file('html');
      const { body } = await read(SEPTEMBER);
      const [, said = ''] = /<desc[^>]*>([^<]*)<\/desc>/.exec(text) ?? [];
      for (const { unit, toDate, escalatedToDate } of body.units) {
        const { due, onTime, late, overdue } = toDate;
        if (due + escalatedToDate === 0) continue;
        const words = `${unit.name}：按时完成${onTime}、超期完成${late}、逾期未完成${overdue}、督办${escalatedToDate}`;
        expect(said).toContain(words);
        expect(text.match(new RegExp(`<g><title>${words}</title>`, 'g')), unit.code).toHaveLength(1);
      }
    });

    it('say of a plan without tasks that there is nothing', async () => {
      const id = reportOf(CIRCULAR, '2023-09', 'luxi-2023-keji');
      const { body } = await read(id);
      expect(body.totals).toMatchObject({ tasks: 0, toDate: { due: 0 } });
      expect((await file('md', id)).text).toContain('没有逾期未完成的任务。');
      const page = await file('html', id);
      expect(openElements(page.text)).toEqual([]);
      expect(page.text).not.toContain('<svg');
      const { sheets } = await readXlsx((await file('xlsx', id)).bytes);
      expect(sheets.at(-1)?.rows[1]).toEqual(expect.arrayContaining(['没有列入通报的事项。']));
    });
  });
});

function without(body: unknown) {
  const { correlationId: _id, instance: _instance, ...rest } = body as Record<string, unknown>;
  return rest;
}

/** Elements left open, or closed by another's end; none in a page that an XML reader takes. */
function openElements(page: string): readonly string[] {
  const open: string[] = [];
  const body = page.replace('<!DOCTYPE html>', '').replace(/<style>[\s\S]*?<\/style>/, '');
  expect(body.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
  expect(body.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  for (const [, end, name = '', own] of body.matchAll(/<(\/?)([\w-]+)(?:\s+[\w-]+(?::[\w-]+)?="[^"<]*")*\s*(\/?)>/g)) {
    if (end === '/') {
      if (open.pop() !== name) return [...open, `</${name}>`];
    } else if (own !== '/') open.push(name);
  }
  return open;
}
