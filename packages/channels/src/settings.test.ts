import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isMailAddress, parseOutboundSettings } from './settings.ts';

const SMTP = { via: 'smtp', url: 'smtps://duban:made-up-word@mail.example.com:465', from: '督办 <duban@example.com>' };
const SMS = {
  provider: 'tencent',
  secretId: 'made-up-id',
  secretKey: 'made-up-key',
  sdkAppId: '1400000000',
  signName: '泸溪督办',
  templateId: { zh: '1', en: '2' },
  region: 'ap-guangzhou',
};

test('what is left out is off', () => {
  expect(parseOutboundSettings({})).toEqual({ linkBase: null, allow: [], mail: null, sms: null, timeoutMs: 10_000 });
});

test('all of it', () => {
  const settings = {
    linkBase: 'https://duban.example.com',
    allow: ['10.8.0.0/16'],
    mail: SMTP,
    sms: SMS,
    timeoutMs: 5_000,
  };
  expect(parseOutboundSettings(settings)).toEqual({
    ...settings,
    mail: { ...SMTP, from: { name: '督办', address: 'duban@example.com' } },
    sms: { ...SMS, endpoint: 'https://sms.tencentcloudapi.com', parameterLength: 6 },
  });
});

test('what the operations page shows is taken', () => {
  const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const shown = /## What leaves for the outside[\s\S]*?```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(parseOutboundSettings(JSON.parse(shown.replace('<password>', 'made-up-word')))).toMatchObject({
    mail: { from: { name: '督办' } },
    sms: { parameterLength: 6 },
  });
});

test.each([
  ['linkBase', { linkBase: 'http://duban.example.com' }, 'linkBase: not_a_link_base'],
  ['linkBase', { linkBase: 'https://a:b@duban.example.com' }, 'linkBase: not_a_link_base'],
  ['linkBase', { linkBase: 'javascript:alert(1)' }, 'linkBase: not_a_link_base'],
  ['a metadata range', { allow: ['10.0.0.0/8', '169.254.0.0/16'] }, 'allow.1: not_a_range_to_allow'],
  ['Alibaba’s', { allow: ['100.100.100.200/32'] }, 'allow.0: not_a_range_to_allow'],
  ['AWS’s', { allow: ['fd00:ec2::/32'] }, 'allow.0: not_a_range_to_allow'],
  ['everything', { allow: ['0.0.0.0/0'] }, 'allow.0: not_a_range_to_allow'],
  ['no URL of SMTP', { mail: { ...SMTP, url: 'https://made-up-word@mail.example.com' } }, 'mail.url: not_an_smtp_url'],
  [
    'a percent sign that stands for nothing',
    { mail: { ...SMTP, url: 'smtp://duban:made-up-word%@mail.example.com' } },
    'mail.url: not_an_smtp_url',
  ],
  ['two senders', { mail: { ...SMTP, from: 'a@example.com, b@example.com' } }, 'mail.from: not_a_mail_address'],
  ['a header', { mail: { ...SMTP, from: 'a@example.com\r\nBcc: b@example.com' } }, 'mail.from: invalid_format'],
  ['another way', { mail: { via: 'made-up-word' } }, 'mail.via: invalid_union'],
  ['a key under a wrong name', { sms: { ...SMS, secretkey: 'made-up-word' } }, 'sms: unrecognized secretkey'],
  ['a template', { sms: { ...SMS, templateId: 'made-up-word' } }, 'sms.templateId: invalid_type'],
  ['a time', { timeoutMs: 0 }, 'timeoutMs: too_small'],
  ['an attempt longer than its lease', { timeoutMs: 60_000 }, 'timeoutMs: too_big'],
  ['no object', 'made-up-word', '(all): invalid_type'],
])('%s is refused by its field’s name', (_name, settings, fault) => {
  const parse = () => parseOutboundSettings(settings);
  expect(parse).toThrow(`The outbound settings are wrong. ${fault}`);
  expect(parse).not.toThrow(/made-up-(word|key|id)/);
});

test('a copy on one’s own machine links to itself', () => {
  for (const linkBase of ['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787']) {
    expect(parseOutboundSettings({ linkBase: `${linkBase}/` }).linkBase).toBe(linkBase);
  }
});

test.each([
  ['zhang.san@example.com', true],
  ['zhang+duban@xn--fiqs8s.cn', true],
  ['a@b', true],
  ['a@example.com,b@example.com', false],
  ['a@example.com b@example.com', false],
  ['<a@example.com>', false],
  ['"a b"@example.com', false],
  ['a@[127.0.0.1]', false],
  ['a@example..com', false],
  ['@example.com', false],
  ['a@', false],
  ['a@example.com\r\nRCPT TO:<b@example.com>', false],
  [`${'a'.repeat(65)}@example.com`, false],
])('%j one address: %s', (address, expected) => {
  expect(isMailAddress(address)).toBe(expected);
});
