import type { z } from 'zod';

/** A fault of what was sent, and where; both languages until the answer is written. */
export interface BilingualFault {
  /** JSON pointer. */
  readonly pointer: string;
  readonly code: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly suggestions?: readonly string[];
  /** In a workbook: the sheet's name, the row and the column as people count and call them. */
  readonly cell?: { readonly sheet: string; readonly row: number; readonly column: string | null };
}

type Issue = z.core.$ZodIssue;
type Words = readonly [zh: string, en: string];

const REQUIRED: Words = ['必填。', 'It is required.'];

const TYPES: Readonly<Record<string, Words>> = {
  string: ['文字', 'text'],
  number: ['数字', 'a number'],
  int: ['整数', 'a whole number'],
  boolean: ['true 或 false', 'true or false'],
  array: ['数组', 'an array'],
  object: ['对象', 'an object'],
  tuple: ['数组', 'an array'],
  record: ['对象', 'an object'],
};

/** Messages of the refinements, by the code they carry. */
const CUSTOM: Readonly<Record<string, Words>> = {
  blank: ['不能为空白。', 'It must not be blank.'],
  forbidden_characters: [
    '含有控制字符或改变文字方向的字符，请删除。',
    'It holds control or direction-changing characters; remove them.',
  ],
  no_such_date: [
    '没有这个日期：请写 YYYY-MM-DD，或带时区偏移的 RFC 3339 时间。',
    'No such date: write YYYY-MM-DD or an RFC 3339 instant with offset.',
  ],
  not_an_instant: [
    '请写带时区偏移的 RFC 3339 时间，如 2023-06-01T08:30:00+08:00。',
    'Write an RFC 3339 instant with offset, such as 2023-06-01T08:30:00+08:00.',
  ],
  implausible_year: ['年份超出合理范围。', 'The year lies outside the plausible range.'],
  not_a_document_number: [
    '不是文号，文号形如“泸政办发〔2023〕5号”。',
    'Not a document number such as 泸政办发〔2023〕5号.',
  ],
  not_a_web_address: [
    '不是可用的网址：须以 https:// 开头，不含用户名、密码和 #。',
    'Not a usable address: it begins with https:// and has no user name, password or #.',
  ],
  not_a_mail_address: ['不是电子邮箱地址。', 'Not a mail address.'],
  not_a_phone_number: [
    '不是电话号码：请写国家代码和号码，如 +86 后接 11 位数字，中间不留空格。',
    'Not a telephone number: country code and number without spaces, such as +86 and eleven digits.',
  ],
  repeated_code: ['代码重复。', 'Codes repeat.'],
  nothing_reported: [
    '请填写 text、percent、reached 之一，或 noChange。',
    'Say something: text, percent, reached or noChange.',
  ],
  only_one_of: ['只能填写其中一个条件。', 'Name one of these only.'],
  exactly_one_of: ['请填写且只填写其中一个条件。', 'Name exactly one of these.'],
  no_such_time_zone: ['没有这个时区。', 'No such time zone.'],
  out_of_order: ['前后顺序有误。', 'Its parts are out of order.'],
};

/** Every fault of a value, none of them repeating what was sent. */
export function faultsOf(error: z.ZodError, value: unknown, prefix = ''): readonly BilingualFault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, value, prefix));
}

function faultsOfIssue(issue: Issue, value: unknown, prefix: string): readonly BilingualFault[] {
  const pointer = prefix + pointerOf(issue.path);
  const fault = (code: string, [zh, en]: Words, at = pointer): BilingualFault => ({
    pointer: at,
    code,
    message: { zh, en },
  });
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        fault('unknown_field', ['没有这个字段。', 'There is no such field.'], pointer + pointerOf([key.slice(0, 64)])),
      );
    case 'invalid_type': {
      const present = at(value, issue.path) !== undefined;
      const [zh, en] = TYPES[issue.expected] ?? [issue.expected, issue.expected];
      return [present ? fault('wrong_type', [`应为${zh}。`, `It must be ${en}.`]) : fault('required', REQUIRED)];
    }
    case 'too_big':
      return [
        fault('too_big', [
          `不得超过 ${issue.maximum}${unitOf(issue.origin)[0]}。`,
          `At most ${issue.maximum}${unitOf(issue.origin)[1]}.`,
        ]),
      ];
    case 'too_small':
      return [
        fault('too_small', [
          `不得少于 ${issue.minimum}${unitOf(issue.origin)[0]}。`,
          `At least ${issue.minimum}${unitOf(issue.origin)[1]}.`,
        ]),
      ];
    case 'invalid_value':
      return [fault(...faultOfChoice(at(value, issue.path), issue.values))];
    case 'invalid_format':
      return [fault('wrong_format', ['格式有误。', 'It is not of the right form.'])];
    case 'invalid_union': {
      // What tells the members of a union apart is a choice like any other.
      const choices = 'options' in issue ? issue.options : undefined;
      if (choices !== undefined) return [fault(...faultOfChoice(at(value, issue.path), choices))];
      return [fault('wrong_type', ['类型有误。', 'It is of none of the allowed types.'])];
    }
    case 'custom': {
      const code = String(issue.params?.code ?? 'invalid');
      return [fault(code, CUSTOM[code] ?? ['有误。', 'It is wrong.'])];
    }
    default:
      return [fault('invalid', ['有误。', 'It is wrong.'])];
  }
}

function faultOfChoice(chosen: unknown, choices: readonly unknown[]): [code: string, words: Words] {
  if (chosen === undefined) return ['required', REQUIRED];
  const allowed = choices.join(', ');
  return ['not_one_of', [`只能是：${allowed}。`, `One of: ${allowed}.`]];
}

function unitOf(origin: string): Words {
  if (origin === 'string') return [' 个字符', ' characters'];
  return origin === 'array' ? [' 项', ' entries'] : ['', ''];
}

/** RFC 6901. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[part];
  }
  return found;
}
