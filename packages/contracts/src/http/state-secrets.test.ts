import { describe, expect, it } from 'vitest';
import { bearsSecretMarking, mentionsTradeSecret, nameBearsSecretMarking } from './state-secrets.ts';

describe('a marking', () => {
  it.each([
    ...[
      '机密★1年',
      '机密☆1年',
      '秘密★',
      '绝密★长期',
      '绝密★启用前',
      '秘密★公开前',
      '机密★2025年6月1日前',
      '机密 ★ 十年',
    ],
    ...['绝密 30年', '秘密 长期', '机密1年', '机密 6个月', '秘密十年', '绝密 二十 年', '绝密级 30年', '机密件 5年'],
    ...[
      '机密*1年',
      '机密＊１年',
      '机密：3年',
      '机密·5年',
      '机密/长期',
      '机密 保密期限：3年',
      '秘密 期限为三年',
      '机密至2030年',
    ],
    ...[
      '【机密】',
      '【机密】部署方案',
      '（秘密）3年',
      '(绝密)',
      '〔机密〕',
      '[机密] 关于防汛的安排',
      '【机密】★1年',
      '（机密级）',
      '【绝密件】',
    ],
    ...[
      '秘密',
      ' 机密 ',
      '绝密件',
      '机密级',
      '★机密★',
      '“秘密”',
      '机密！',
      '机密文件',
      '机密\n关于防汛的安排',
      '方案\n绝密\n正文',
      '甲\r\n机密\r\n乙',
    ],
    ...[
      '密级：机密',
      '密级:秘密 关于防汛的安排',
      '密级：绝密 30年',
      '定为机密 3年',
      '密级为秘密3年',
      '发自政府办：机密★1年',
    ],
    ...['祕密★1年', '機密★長期', '絕密★啟用前', '絶密 10年', '機密 6個月', '【機密】'],
    ...[
      '机 密 ★ 1 年',
      '机\u3000密\u3000★',
      '机\n密\n★\n1年',
      '机\u200b密★1年',
      '机\u2060密\ufe0f★',
      '机\u00ad密 1年',
      '机\u0000密★1年',
    ],
    ...[
      '秘\u0301密★',
      '机-密★1年',
      '机·密★1年',
      '机★密★1年',
      '机☆密☆',
      '机*密*1年',
      '机．密　１年',
      '㊙密★1年',
      '机\u2800密★',
      '机\u3164密★',
    ],
    ...['关于防汛的安排机密★1年', '（附件）秘密★3年 名单', '机密”★1年', 'x'.repeat(4_000).concat('机密★')],
  ])('%j', (text) => {
    expect(bearsSecretMarking(text)).toBe(true);
  });

  it.each([
    ...[
      '',
      'secret ★ 1',
      '做好保密工作',
      '保守商业秘密长期有效，做好保密工作',
      '严守国家秘密，三年内不得泄露',
      '定密培训 3年一次',
    ],
    ...[
      '商业秘密',
      '（商业秘密）',
      '【工作秘密】',
      '商业秘密 3年',
      '区分秘密、机密、绝密三级',
      '密级：秘密、机密、绝密',
    ],
    ...[
      '加强涉密载体（秘密、机密、绝密）管理',
      '严守秘密。\n★加强值守',
      '手机，密3年',
      '危机密集，1年内',
      '机密要害部位3处',
      '★机密要害部位管理',
    ],
    ...[
      '秘密，三年内不得泄露',
      '泄露机密的处理',
      '绝密文件管理 1年',
      '密切关注★',
      '有机☆密植',
      '机关密码★3年',
      '亲密★',
      '《保守国家秘密法》',
    ],
  ])('is not %j', (text) => {
    expect(bearsSecretMarking(text)).toBe(false);
  });

  it('is looked for in time that grows with the text alone', () => {
    const started = performance.now();
    for (const part of [
      '\n',
      ' ',
      '★',
      '秘',
      '机 ',
      '密级:',
      '密级：（',
      '密',
      '秘密',
      '机密 ',
      '　',
      '1',
      '【',
      '\u200b',
      '密级：机 ',
    ]) {
      bearsSecretMarking(part.repeat(2_000_000 / part.length).concat('密'));
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('a file’s name', () => {
  it.each([
    '机密★1年.json',
    '机密.xlsx',
    '机密_部署.xlsx',
    '部署-绝密.docx',
    '【秘密】名单.yaml',
    '秘密3年.xlsx',
    '绝密★启用前.pdf',
  ])('%s is marked', (name) => expect(nameBearsSecretMarking(name)).toBe(true));
  it.each(['保密工作台账.xlsx', '商业秘密.xlsx', '机密要害部位.json', 'a.b.c', ''])('%s is not', (name) =>
    expect(nameBearsSecretMarking(name)).toBe(false),
  );
});

describe('trade and work secrets', () => {
  it.each(['涉及商业秘密', '商業祕密', '工作秘密', '商 业 秘 密', '商业\u200b秘密'])('are mentioned by %j', (text) =>
    expect([mentionsTradeSecret(text), bearsSecretMarking(text)]).toEqual([true, false]),
  );
  it.each(['保守秘密', '商业', '个人隐私', '工作 保密', ''])('are not by %j', (text) =>
    expect(mentionsTradeSecret(text)).toBe(false),
  );
});
