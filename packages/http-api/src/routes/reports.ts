import { currentStructure, type IssuedReport, listReports, previewReport, readReport } from '@duban/application';
import * as contract from '@duban/contracts/http/reports';
import { endpoint, markdownFile, pageFile, workbookFile } from '../endpoint.ts';
import { listed, pageOf } from '../pages.ts';
import { presentReport, presentReportSummary } from '../reports/present.ts';
import { reportText } from '../reports/wording.ts';

export const getReports = endpoint({
  operationId: 'listReports',
  summary: '通报、总结，最新的在前',
  query: contract.reportListQuery,
  answer: contract.reportList,
  async handle({ query }, exchange) {
    const { deps, caller } = exchange;
    const page = await pageOf(exchange, query);
    const { structure } = await currentStructure(deps, caller);
    const { plan = null, kind = null, period = null } = query;
    const found = await listReports(deps, caller, { plan, kind, period }, page);
    return { body: await listed(exchange, found, (summary) => presentReportSummary(structure, summary)) };
  },
});

export const getReport = endpoint({
  operationId: 'getReport',
  summary: '一份通报或总结：印发时的数据，不再改变',
  params: contract.reportParams,
  answer: contract.reportAnswer,
  async handle({ params }, { deps, caller }) {
    const { report, data, structure } = await readReport(deps, caller, params.id);
    return { body: presentReport(data, structure, report) };
  },
});

const textOf = ({ data, structure }: IssuedReport) => reportText(data, structure);

export const getReportMarkdown = endpoint({
  operationId: 'getReportMarkdown',
  summary: '同一份通报或总结（Markdown）',
  params: contract.reportParams,
  answer: markdownFile,
  async handle({ params }, { deps, caller }) {
    const issued = await readReport(deps, caller, params.id);
    const { reportMarkdown } = await import('../reports/markdown.ts');
    return { body: { fileName: `${issued.report.title}.md`, content: reportMarkdown(textOf(issued)) } };
  },
});

export const getReportWorkbook = endpoint({
  operationId: 'getReportWorkbook',
  summary: '同一份通报或总结（.xlsx）',
  params: contract.reportParams,
  answer: workbookFile,
  async handle({ params }, { deps, caller }) {
    const issued = await readReport(deps, caller, params.id);
    const { reportWorkbook } = await import('../reports/workbook.ts');
    return { body: { fileName: `${issued.report.title}.xlsx`, content: await reportWorkbook(textOf(issued)) } };
  },
});

export const getReportPage = endpoint({
  operationId: 'getReportPage',
  summary: '同一份通报或总结（可打印的网页，带图）',
  params: contract.reportParams,
  answer: pageFile,
  async handle({ params }, { deps, caller }) {
    const issued = await readReport(deps, caller, params.id);
    const { PAGE_POLICY, reportPage } = await import('../reports/page.ts');
    return {
      body: { fileName: `${issued.report.title}.html`, content: reportPage(textOf(issued), issued.data), inline: true },
      headers: { 'content-security-policy': PAGE_POLICY },
    };
  },
});

export const getPreview = endpoint({
  operationId: 'previewReport',
  summary: '一个方案现在的通报或总结：只看，不留存，不发送',
  params: contract.previewParams,
  query: contract.previewQuery,
  answer: contract.reportAnswer,
  async handle({ params, query }, { deps, caller }) {
    const { kind, from, to } = query;
    const { data, structure } = await previewReport(deps, caller, params.code, kind, ({ calendar }) => ({
      from: calendar.startOfDay(from),
      to: calendar.endOfDay(to),
    }));
    return { body: presentReport(data, structure, null) };
  },
});
