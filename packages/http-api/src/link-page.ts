import { acknowledgeByLink, type Dependencies, type LinkOffer, type LinkRefusal, readLink } from '@duban/application';
import { problemFor } from './problems.ts';
import { escapeXml } from './reports/escape.ts';

/** Longer than any token of ours. */
const LONGEST_TOKEN = 2_000;

/** Nothing is loaded, nothing runs, and the form goes nowhere else. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

interface Words {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
}

const REFUSALS: Readonly<Record<LinkRefusal, Words>> = {
  void: {
    status: 404,
    zh: '链接无效，可能未复制完整。请登录后在收件箱中签收。',
    en: 'This link is not whole. Sign in and acknowledge in your inbox.',
  },
  expired: {
    status: 410,
    zh: '链接已过期。请登录后在收件箱中签收。',
    en: 'This link has expired. Sign in and acknowledge in your inbox.',
  },
  used: {
    status: 410,
    zh: '该链接已使用，督办已签收，无需再次操作。',
    en: 'This link was used: the escalation is acknowledged, and nothing more is to be done here.',
  },
  not_yours: {
    status: 410,
    zh: '您已不再担任该岗位，督办由现任者签收。',
    en: 'The post has passed to somebody else, who acknowledges now.',
  },
  acknowledged: {
    status: 410,
    zh: '该督办已由他人签收，无需再次操作。',
    en: 'Somebody has acknowledged this already; nothing more is to be done here.',
  },
  settled: {
    status: 410,
    zh: '该督办已经办结，无需签收。',
    en: 'This escalation is settled; nothing is waiting for an acknowledgement.',
  },
};

const DONE: Words = {
  status: 200,
  zh: '已签收。逐级督办暂停；请在暂停期内办结，否则继续升级。',
  en: 'Acknowledged. The ladder stands still for a while; finish within it, or it climbs on.',
};

/** What a link of a mail opens: it says what would be done and asks. Opening it does nothing: mail scanners do too. */
export async function linkPage(deps: Dependencies, token: string): Promise<Response> {
  if (token.length > LONGEST_TOKEN) return page(REFUSALS.void);
  const reading = await readLink(deps, token);
  return reading.refused === null ? offerPage(reading.offer) : page(REFUSALS[reading.refused]);
}

/** The button on that page. */
export async function useLink(deps: Dependencies, token: string, correlationId: string): Promise<Response> {
  if (token.length > LONGEST_TOKEN) return page(REFUSALS.void);
  try {
    const refused = await acknowledgeByLink(deps, token, correlationId);
    return page(refused === null ? DONE : REFUSALS[refused]);
  } catch (thrown) {
    const problem = problemFor(thrown);
    if (problem === null) throw thrown;
    const { zh, en } = problem.detail;
    return page({ status: problem.status, zh, en });
  }
}

function offerPage({ number, title, dueAt, lateByMs, personName, structure }: LinkOffer): Response {
  const rows = [
    ['事项 Item', number],
    ...(title === null ? [] : [['名称 Title', title]]),
    ['时限 Due', structure.calendar.format(dueAt)],
    ['逾期 Late by', spanOf(lateByMs)],
    ['签收人 By', personName],
  ];
  const table = rows.map(([name = '', value = '']) => `<tr><th>${name}</th><td>${escapeXml(value)}</td></tr>`).join('');
  return html(
    200,
    `<h1>督办签收 <small lang="en">Acknowledge an escalation</small></h1>
<table>${table}</table>
<p>签收后逐级督办暂停一段时间；签收不等于办结。<br><span lang="en">The ladder then stands still for a while; acknowledged is not done.</span></p>
<form method="post"><button type="submit">确认签收 Acknowledge</button></form>`,
  );
}

function spanOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  return `${days > 0 ? `${days}天` : ''}${hours}小时${rest}分`;
}

function page({ status, zh, en }: Words): Response {
  return html(status, `<p>${escapeXml(zh)}</p>\n<p lang="en">${escapeXml(en)}</p>`);
}

function html(status: number, body: string): Response {
  const text = `<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>督办签收</title>
<style>body{font:16px/1.6 sans-serif;max-width:36em;margin:2em auto;padding:0 1em}th{text-align:left;padding-right:1em;white-space:nowrap;vertical-align:top}small{font-weight:normal}button{font:inherit;padding:.5em 1.5em}</style></head>
<body>
${body}
</body></html>
`;
  return new Response(text, { status, headers: HEADERS });
}
