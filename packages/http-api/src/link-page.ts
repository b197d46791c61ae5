import { createHash } from 'node:crypto';
import { acknowledgeByLink, type Dependencies, type LinkOffer, type LinkRefusal, readLink } from '@duban/application';
import { escapeXml } from '@duban/contracts/markup';
import type { HttpProblem } from './problems.ts';

/** Longer than any token of ours. */
const LONGEST_TOKEN = 2_000;

const STYLE = `
body { font: 16px/1.6 sans-serif; max-width: 36em; margin: 2em auto; padding: 0 1em; }
th { text-align: left; padding-right: 1em; white-space: nowrap; vertical-align: top; }
small { font-weight: normal; }
button { font: inherit; padding: .5em 1.5em; }
`;

/** Nothing is loaded, nothing runs, and the form goes nowhere else. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

/** A link is opened at `/a/{token}` below the address that people use; there it stands beside their inbox. */
const INBOX = '../inbox';

interface Words {
  readonly status: number;
  /** Whether something may be left for the reader to acknowledge. */
  readonly isLeft: boolean;
  readonly zh: string;
  readonly en: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const REFUSALS: Readonly<Record<LinkRefusal, Words>> = {
  void: {
    status: 404,
    isLeft: true,
    zh: '链接无效，可能未复制完整。',
    en: 'This link is not whole.',
  },
  expired: {
    status: 410,
    isLeft: true,
    zh: '链接已过期。',
    en: 'This link has expired.',
  },
  used: {
    status: 410,
    isLeft: false,
    zh: '该链接已使用，督办已签收，无需再次操作。',
    en: 'This link was used: the escalation is acknowledged, and nothing more is to be done here.',
  },
  not_yours: {
    status: 410,
    isLeft: false,
    zh: '您已不再担任该岗位，督办由现任者签收。',
    en: 'The post has passed to somebody else, who acknowledges now.',
  },
  acknowledged: {
    status: 410,
    isLeft: false,
    zh: '该督办已由他人签收，或您已登录签收，无需再次操作。',
    en: 'Somebody else has acknowledged this, or you have when signed in; nothing more is to be done here.',
  },
  settled: {
    status: 410,
    isLeft: false,
    zh: '该督办已经办结，无需签收。',
    en: 'This escalation is settled; nothing is waiting for an acknowledgement.',
  },
};

const DONE: Words = {
  status: 200,
  isLeft: false,
  zh: '已签收。逐级督办暂停；请在暂停期内办结，否则继续升级。',
  en: 'Acknowledged. The ladder stands still for a while; finish within it, or it climbs on.',
};

/** For what is no fault of the link: it does later what it would have done. */
const LATER = {
  zh: '请几分钟后重新打开此链接：页面会说明是否已签收。',
  en: 'Open this link again in a few minutes: the page then says whether it is acknowledged.',
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
  const refused = await acknowledgeByLink(deps, token, correlationId);
  return page(refused === null ? DONE : REFUSALS[refused]);
}

/** Any problem, for whoever has a browser before them and not a client. */
export function problemPage({ status, detail, headers }: HttpProblem): Response {
  const { zh, en } = detail;
  if (status < 500) return page({ status, isLeft: status !== 403, zh, en, headers });
  const later = { zh: `系统暂时不可用。${LATER.zh}`, en: `This does not work just now. ${LATER.en}` };
  return page({ status, isLeft: true, ...later, headers });
}

function offerPage({ number, title, dueAt, lateByMs, holdUntil, personName, structure }: LinkOffer): Response {
  const { calendar } = structure;
  const rows = [
    ['事项 Item', number],
    ...(title === null ? [] : [['名称 Title', title]]),
    ['时限 Due', calendar.format(dueAt)],
    ['逾期 Late by', spanOf(lateByMs)],
    ['签收人 By', personName],
    ...(holdUntil === null ? [] : [['暂停至 Held until', calendar.format(holdUntil)]]),
  ];
  const table = rows.map(([name = '', value = '']) => `<tr><th>${name}</th><td>${escapeXml(value)}</td></tr>`).join('');
  const held =
    holdUntil === null
      ? ['该时限已不再计时，签收仅作记录。', 'Its limit runs no longer: this only records that you know.']
      : [
          '签收后逐级督办暂停至上述时间；签收不等于办结。',
          'The ladder stands still until then; acknowledged is not done.',
        ];
  return html(
    200,
    `<h1>督办签收 <small lang="en">Acknowledge an escalation</small></h1>
<table>${table}</table>
<p>${held[0]}<br><span lang="en">${held[1]}</span></p>
<form method="post"><button type="submit">确认签收 Acknowledge</button></form>`,
  );
}

function spanOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const zh = `${days > 0 ? `${days}天` : ''}${hours}小时${rest}分`;
  return `${zh} (${days > 0 ? `${days} d ` : ''}${hours} h ${rest} min)`;
}

/** What has been said, and where to go instead. */
function page({ status, isLeft, zh, en, headers }: Words): Response {
  const [inboxZh, inboxEn] = isLeft
    ? ['登录后在收件箱签收', 'Sign in and acknowledge in your inbox']
    : ['登录后在收件箱查看', 'Sign in and read it in your inbox'];
  return html(
    status,
    `<p>${escapeXml(zh)}</p>
<p lang="en">${escapeXml(en)}</p>
<p><a href="${INBOX}">${inboxZh} <span lang="en">${inboxEn}</span></a></p>`,
    headers,
  );
}

function html(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  const text = `<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>督办签收</title>
<style>${STYLE}</style></head>
<body>
${body}
</body></html>
`;
  return new Response(text, { status, headers: { ...headers, ...HEADERS } });
}
