import { ApplicationError, type ApplicationErrorCode, notFound } from '@duban/application';
import type { BilingualFault } from '@duban/contracts/http/faults';
import type { Fault, ProblemAnswer } from '@duban/contracts/http/problem';
import { DomainError, type DomainErrorCode } from '@duban/domain';

export type Language = 'zh' | 'en';
type Both = Readonly<Record<Language, string>>;

type EdgeCode =
  | 'invalid'
  | 'malformed_json'
  | 'malformed_yaml'
  | 'not_a_workbook'
  | 'unsupported_media_type'
  | 'unauthenticated'
  | 'no_such_route'
  | 'method_not_allowed'
  | 'state_secret'
  | 'too_many_requests'
  | 'overloaded'
  | 'unavailable'
  | 'internal';
export type ProblemCode = EdgeCode | ApplicationErrorCode | DomainErrorCode;

const both = (zh: string, en: string): Both => ({ zh, en });

/** The one place where codes become statuses. */
const PROBLEMS: Readonly<Record<ProblemCode, readonly [status: number, title: Both]>> = {
  malformed_json: [400, both('请求体不是有效的 JSON', 'The body is not valid JSON')],
  malformed_yaml: [400, both('请求体不是有效的 YAML', 'The body is not valid YAML')],
  not_a_workbook: [400, both('文件不是有效的 .xlsx 工作簿', 'The file is not an .xlsx workbook')],
  unauthenticated: [401, both('请先登录', 'Sign in first')],
  forbidden: [403, both('无权操作', 'Not yours to do')],
  own_escalation: [403, both('不能签收针对自己的督办', 'Not to be acknowledged by whom it is about')],
  not_allowed: [403, both('无权操作', 'Not yours to do')],
  not_found: [404, both('没有此内容', 'Nothing here')],
  no_such_route: [404, both('没有此地址', 'No such address')],
  method_not_allowed: [405, both('该地址不支持此方法', 'This address does not take that method')],
  conflict: [409, both('与他人的修改冲突', 'In conflict with somebody else’s change')],
  import_under_way: [409, both('正在导入', 'An import is under way')],
  already_exists: [409, both('已经存在', 'It exists already')],
  wrong_status: [409, both('当前状态不允许此操作', 'Its status does not allow this')],
  already_decided: [409, both('已经决定', 'It is decided already')],
  precondition_failed: [412, both('版本已变化', 'The version has moved on')],
  too_large: [413, both('内容过大', 'Too large')],
  unsupported_media_type: [415, both('不支持此内容类型', 'Not a media type this address takes')],
  already_answered: [409, both('已经填报', 'It has been answered already')],
  review_missing: [409, both('尚未审核把关', 'A review is missing')],
  approval_missing: [409, both('尚未审定', 'An approval is missing')],
  invalid: [422, both('请求内容有误', 'The request has faults')],
  idempotency_mismatch: [422, both('幂等键已用于另一请求', 'The idempotency key belongs to another request')],
  unknown_reference: [422, both('引用的对象不存在', 'It names something unknown')],
  missing_basis: [422, both('缺少依据', 'A basis is missing')],
  missing_authority: [422, both('缺少文件依据', 'An authority is missing')],
  invalid_due: [422, both('时限有误', 'The time limit is wrong')],
  facts_missing: [422, both('报告要素不全', 'The report leaves something unsaid')],
  wrong_mode: [422, both('办理方式不符', 'It must be done in another way')],
  notice_too_short: [422, both('提前时间不足', 'Too little notice')],
  hold_too_long: [422, both('暂缓时间过长', 'The hold is too long')],
  state_secret: [422, both('内容带有国家秘密标志', 'The text bears the marking of a state secret')],
  too_many_requests: [429, both('请求过于频繁', 'Too many requests at once')],
  overloaded: [503, both('系统繁忙', 'Too busy just now')],
  unavailable: [503, both('系统暂时不可用', 'Out of reach for a moment')],
  internal: [500, both('系统出错', 'Something went wrong here')],
};

const absent = notFound();
/** What is said where nobody says more: of what is hidden and of what does not exist the same, whoever finds it out. */
const DETAILS: Readonly<Partial<Record<ProblemCode, Both>>> = { not_found: both(absent.messageZh, absent.message) };

/** An edge said no. Faults hold both languages until the answer is written. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly detail: Both;
  readonly faults: readonly BilingualFault[];
  readonly headers: Readonly<Record<string, string>>;
  readonly link: string | null;

  constructor(
    code: ProblemCode,
    detail: Both = DETAILS[code] ?? PROBLEMS[code][1],
    faults: readonly BilingualFault[] = [],
    headers: Readonly<Record<string, string>> = {},
    link: string | null = null,
  ) {
    super(code);
    this.name = 'HttpProblem';
    this.code = code;
    this.detail = detail;
    this.faults = faults;
    this.headers = headers;
    this.link = link;
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }
}

/** @param more faults beyond those listed */
export function invalid(faults: readonly BilingualFault[], more = 0): HttpProblem {
  const count = faults.length + more;
  const detail = both(`共有${count}处错误，详见 errors。`, `Faults: ${count}. See errors.`);
  return new HttpProblem('invalid', detail, faults);
}

/** What to answer for anything thrown; null for what nobody expected. */
export function problemFor(thrown: unknown): HttpProblem | null {
  if (thrown instanceof HttpProblem) return thrown;
  if (thrown instanceof ApplicationError) {
    return new HttpProblem(thrown.code, both(thrown.messageZh, thrown.message), [], {}, thrown.link);
  }
  if (thrown instanceof DomainError) {
    const message = both(thrown.messageZh, thrown.message);
    const faults = thrown.pointer === null ? [] : [{ pointer: thrown.pointer, code: thrown.code, message }];
    return new HttpProblem(thrown.code, message, faults);
  }
  return isOutOfReach(thrown) ? unavailable() : null;
}

const CONNECTION = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
const OVERLOAD = new Set([
  'TimeoutError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** The store does not answer, or asks for patience: the same request will do later. */
function isOutOfReach(thrown: unknown): boolean {
  const { name, code, cause } = thrown as { name?: string; code?: string; cause?: unknown };
  if (OVERLOAD.has(name ?? '') || CONNECTION.has(code ?? '')) return true;
  return cause !== undefined && cause !== null && isOutOfReach(cause);
}

function unavailable(): HttpProblem {
  const detail = both(
    '数据库暂时没有响应，请稍后以同一请求重试。',
    'The database does not answer just now; repeat the same request soon.',
  );
  return new HttpProblem('unavailable', detail, [], { 'retry-after': '2' });
}

/** `zh` unless the client prefers English. */
export function languageOf(header: string | null | undefined): Language {
  let best: { readonly language: Language; readonly weight: number } | null = null;
  for (const part of (header ?? '').split(',').slice(0, 20)) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const language = /^(zh|en)(?:-|$)/.exec(tag.trim())?.[1] as Language | undefined;
    if (language === undefined) continue;
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > 0 && (best === null || weight > best.weight)) best = { language, weight };
  }
  return best?.language ?? 'zh';
}

export function problemResponse(problem: HttpProblem, language: Language, correlationId: string): Response {
  const [status, title] = PROBLEMS[problem.code];
  const errors = problem.faults.map(
    ({ pointer, code, message, suggestions = [], cell }): Fault => ({
      ...{ pointer, code, message: message[language] },
      ...(suggestions.length === 0 ? {} : { suggestions: [...suggestions] }),
      ...(cell === undefined ? {} : cell),
    }),
  );
  const answer: ProblemAnswer = {
    type: `urn:duban:problem:${problem.code}`,
    title: title[language],
    status,
    code: problem.code,
    detail: problem.detail[language],
    instance: correlationId,
    ...(errors.length > 0 ? { errors } : {}),
    ...(problem.link === null ? {} : { link: problem.link }),
  };
  return new Response(JSON.stringify(answer), {
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': language,
      vary: 'Accept-Language',
      ...problem.headers,
    },
  });
}
