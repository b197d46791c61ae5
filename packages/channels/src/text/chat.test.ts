import type { DigestContent, MessageLine } from '@duban/application';
import { NOTICE_KINDS } from '@duban/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest, line, message, probe } from '../../test-support/messages.ts';
import { dingtalkBody, MAX_DINGTALK_BYTES } from '../dingtalk.ts';
import { feishuBody, MAX_FEISHU_BYTES } from '../feishu.ts';
import { MAX_WECOM_BYTES, wecomText } from '../wecom.ts';
import { forChat, safeLink } from './plain.ts';

const wecom = (content: DigestContent | ReturnType<typeof probe>, language: 'zh' | 'en' = 'zh') =>
  wecomText(message({ content, language }));

test('a digest in Chinese', () => {
  const content = digest({
    lines: [
      line(),
      line({
        kind: 'reminder',
        number: '泸政办函〔2023〕24号 3',
        title: '公开预决算',
        lateByMs: null,
        dueAt: Date.UTC(2023, 4, 19, 16),
        askedUntil: null,
      }),
      line({
        kind: 'escalation',
        itemType: 'incident',
        number: 'incident_01',
        title: null,
        lateByMs: 25 * 60_000,
        link: null,
      }),
      line({
        kind: 'information',
        number: '泸办〔2023〕5号 4',
        title: null,
        lateByMs: null,
        dueAt: null,
        askedUntil: null,
        link: null,
      }),
    ],
    more: 8,
    toldRecently: 2,
  });
  expect(wecom(content).split('\n')).toEqual([
    '**【督办】县政府办：共14项**',
    '**1. 泸政办发〔2023〕5号 园区建设 12** 逾期升级，逾期2天3小时',
    '> 完成标准厂房二期主体',
    '> 请于5月18日18:00前督促办理 [查看](https://duban.example.gov.cn/tasks/task_01)',
    '**2. 泸政办函〔2023〕24号 3** 即将到期，时限5月19日24:00',
    '> 公开预决算',
    '> 请按期办结 [查看](https://duban.example.gov.cn/tasks/task_01)',
    '**3. incident＿01** 逾期升级，逾期25分钟',
    '> 请于5月18日18:00前督促办理',
    '**4. 泸办〔2023〕5号 4** 供知悉',
    '另有8项，详见收件箱；另有2项近期已提醒 [打开收件箱](https://duban.example.gov.cn/inbox/digest_01)',
  ]);
});

test('an urgent one in English', () => {
  const content = digest({ urgent: true, lines: [line({ lateByMs: 60_000 })], more: 1, toldRecently: 1, link: null });
  expect(wecom(content, 'en').split('\n')).toEqual([
    '**Duban 督办 · URGENT · 县政府办: 3 items**',
    '**1. 泸政办发〔2023〕5号 园区建设 12** escalated, 1 minute late',
    '> 完成标准厂房二期主体',
    '> please see that it gets done by 18 May 18:00 [Open](https://duban.example.gov.cn/tasks/task_01)',
    '1 more in the inbox; 1 more told recently',
  ]);
});

test('a test', () => {
  expect(wecom(probe())).toBe('**【督办】**\n测试消息：泸溪县督办发给县政府办的通知可以由此送达。');
  expect(wecom(probe(), 'en')).toContain('Test: notices of 泸溪县 for 县政府办 can be delivered here.');
});

test('every kind has its words in both languages, and 督办 is in all of them', () => {
  for (const kind of NOTICE_KINDS) {
    const content = digest({ lines: [line({ kind, lateByMs: null, dueAt: null })] });
    expect(wecom(content, 'zh')).toMatch(/督办[\s\S]*\*\* \p{Script=Han}{2,}/u);
    expect(wecom(content, 'en')).toMatch(/督办[\s\S]*\*\* [a-z][a-z’ ]+\n/);
  }
});

test('nothing that is told in confidence, and no link that acts', () => {
  const told = '某某家中情况';
  const content = digest({
    lines: ['incident', 'problem', 'something_new'].map((itemType) => line({ itemType, title: told })),
  });
  expect(wecom(content)).not.toContain(told);
  expect(wecom(content)).not.toContain('once-only-token');
});

describe('what is printed is only read', () => {
  test.each([
    ['@all 请注意', '＠all 请注意'],
    ['<@zhangsan>', '＜＠zhangsan＞'],
    ['<at user_id="all">所有人</at>', '＜at user＿id="all"＞所有人＜/at＞'],
    ['[点此](https://evil.example.com)', '［点此］(https：//evil．example．com)'],
    ['![](http://127.0.0.1/x.png)', '！［］(http：//127.0.0.1/x．png)'],
    ['**粗** _斜_ `码` ~~删~~ # 题', '＊＊粗＊＊ ＿斜＿ ｀码｀ ～～删～～ ＃ 题'],
    ['a\\b &lt;', 'a＼b ＆lt;'],
    ['一\n# 二\r\n> 三', '一 ＃ 二 ＞ 三'],
    ['正\u202e反\u200b\u0000', '正 反'],
    ['增长3.5%，到2025.6', '增长3.5%，到2025.6'],
    ['\ud842坏', '\ufffd坏'],
    ['𠮷'.repeat(70), `${'𠮷'.repeat(59)}…`],
  ])('%j becomes %j', (text, expected) => {
    expect(forChat(text, 60)).toBe(expected);
  });

  test.each([
    ['https://duban.example.gov.cn/a_(b)?c=[d]&e=@f', 'https://duban.example.gov.cn/a_%28b%29?c=%5Bd%5D&e=%40f'],
    ['http://[::1]:8787/inbox', 'http://[::1]:8787/inbox'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['https://user:word@duban.example.gov.cn/', null],
    ['not a link', null],
    [`https://duban.example.gov.cn/${'a'.repeat(500)}`, null],
    [null, null],
  ])('the link %j is printed as %j', (link, expected) => {
    expect(safeLink(link)).toBe(expected);
  });
});

const anyTitle = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('@all', '<@u>', '[a](http://b.c)', '![](x)', '𠮷'.repeat(200), '"\\'.repeat(100)),
);
const anyLine: fc.Arbitrary<MessageLine> = fc
  .record({
    kind: fc.constantFrom(...NOTICE_KINDS),
    itemType: fc.constantFrom('task', 'incident', 'duty', 'problem'),
    number: anyTitle,
    title: fc.option(anyTitle),
    lateByMs: fc.option(fc.integer({ min: 0, max: 2_000_000_000 })),
    link: fc.option(fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), anyTitle)),
  })
  .map(line);
const anyDigest = fc
  .record({
    lines: fc.oneof(
      fc.array(anyLine, { maxLength: 40 }),
      fc
        .tuple(anyLine, fc.integer({ min: 0, max: 1_000 }))
        .map(([one, count]) => Array.from({ length: count }, () => one)),
    ),
    more: fc.nat({ max: 100_000 }),
    toldRecently: fc.nat({ max: 1_000 }),
    urgent: fc.boolean(),
    recipient: fc.record({ mailbox: fc.constant('unit:a'), name: anyTitle }),
    link: fc.option(fc.oneof(fc.webUrl(), anyTitle)),
  })
  .map(digest);

/** What a message says of how much there is. */
function counted(text: string): { shown: number; said: number } {
  const shown = text.match(/^(?:\*\*)?\d+\. /gm)?.length ?? 0;
  const said = [...text.matchAll(/另有(\d+)项/g), ...text.matchAll(/(\d+) more /g)].map(([, count]) => Number(count));
  return { shown, said: said.reduce((sum, count) => sum + count, 0) };
}

/** Our own links, quotes and bold taken away, what is left must hold no markup. */
const bare = (text: string) =>
  text
    .replace(/ ?\[(?:查看|打开收件箱|Open|Open the inbox)\]\(https?:\/\/[^\s()<>@*`"'\\|]+\)/g, '')
    .replace(/^> /gm, '')
    .replace(/^\*\*(.*?)\*\*/gm, '$1');

const ROBOTS = [
  ['企业微信', MAX_WECOM_BYTES, (sent) => ({ bytes: wecomText(sent), text: wecomText(sent) })],
  [
    '钉钉',
    MAX_DINGTALK_BYTES,
    (sent) => ({ bytes: JSON.stringify(dingtalkBody(sent)), text: dingtalkBody(sent).markdown.text }),
  ],
  [
    '飞书',
    MAX_FEISHU_BYTES,
    (sent) => ({ bytes: JSON.stringify(feishuBody(sent, 'made-up')), text: feishuText(sent) }),
  ],
] as const satisfies [string, number, (sent: ReturnType<typeof message>) => { bytes: string; text: string }][];

const feishuText = (sent: ReturnType<typeof message>) =>
  Object.values(feishuBody(sent, null).content.post)
    .flatMap(({ title, content }) => [
      title,
      ...content.map((paragraph) =>
        paragraph
          .filter(({ tag }) => tag === 'text')
          .map(({ text }) => text)
          .join(''),
      ),
    ])
    .join('\n');

test.each(ROBOTS)('%s: whatever is in it, it fits, is read only, and counts right', (_name, limit, rendered) => {
  fc.assert(
    fc.property(anyDigest, fc.constantFrom('zh' as const, 'en' as const), (content, language) => {
      const { bytes, text } = rendered(message({ content, language }));
      expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(limit);
      expect(bytes.isWellFormed()).toBe(true);
      const { shown, said } = counted(text);
      expect(shown + said).toBe(content.lines.length + content.more + content.toldRecently);
      expect(bare(text)).not.toMatch(/[@<>*`[\]\\|~]/);
    }),
    { numRuns: 300 },
  );
});

test.each(ROBOTS)('%s: 700 escalations are cut at an item, near the limit or at thirty', (_name, limit, rendered) => {
  const lines = Array.from({ length: 700 }, () => line({ title: '园区道路'.repeat(20) }));
  const { bytes, text } = rendered(message({ content: digest({ lines }) }));
  const { shown, said } = counted(text);
  expect(said).toBe(700 - shown);
  expect(shown === 30 || Buffer.byteLength(bytes) > limit - 600).toBe(true);
});
