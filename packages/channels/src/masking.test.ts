import type { ChannelAddress } from '@duban/application';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptAnswer, masksOf, secretsOf } from './masking.ts';

const kept = (address: ChannelAddress, answer: string) => keptAnswer(answer, secretsOf(address));

const SECRET = 'whsec_bm90IGEgcmVhbCBzZWNyZXQgYXQgYWxs';
const WEBHOOK: ChannelAddress = {
  kind: 'webhook',
  url: 'https://receiver.example.com/in/9f8e7d6c5b4a?token=tok/en+value',
  secrets: [SECRET],
};
const WECOM: ChannelAddress = {
  kind: 'wecom',
  url: 'https://qyapi.example.com/cgi-bin/webhook/send?key=0000-made-up-key',
};
const FEISHU: ChannelAddress = {
  kind: 'feishu',
  url: 'https://open.example.com/open-apis/bot/v2/hook/1111-made-up-hook',
  secret: 'made/up=secret',
};
const MAIL: ChannelAddress = { kind: 'mail', to: 'Zhang.San@example.com' };
const SMS: ChannelAddress = { kind: 'sms', phone: '+8613900000001' };

test.each<[ChannelAddress, string, string]>([
  [WEBHOOK, `POST ${WEBHOOK.url} failed`, 'POST *** failed'],
  [WEBHOOK, 'unknown path /in/9f8e7d6c5b4a', 'unknown path /in/***'],
  [WEBHOOK, 'POST /in/9f8e7d6c5b4a?token=tok/en+value', 'POST ***'],
  [WEBHOOK, 'bad token tok%2Fen%20value', 'bad token ***'],
  [WEBHOOK, `{"secret":"${SECRET}"}`, '{"secret":"***"}'],
  [WEBHOOK, `key ${SECRET.slice(6)}`, 'key ***'],
  [WEBHOOK, JSON.stringify({ url: WEBHOOK.url }).replaceAll('/', '\\/'), '{"url":"***"}'],
  [
    WECOM,
    '{"errcode":93000,"errmsg":"invalid webhook url 0000-MADE-UP-KEY"}',
    '{"errcode":93000,"errmsg":"invalid webhook url ***"}',
  ],
  [FEISHU, 'no hook 1111-made-up-hook', 'no hook ***'],
  [FEISHU, 'sign with made%2Fup%3Dsecret', 'sign with ***'],
  [MAIL, '550 <zhang.san@EXAMPLE.com> unknown', '550 <***> unknown'],
  [SMS, '+8613900000001 / 8613900000001 / 13900000001 / +86 139-0000-0001', '*** / *** / *** / ***'],
])('%# an answer does not repeat where it was sent to', (address, answer, expected) => {
  expect(kept(address, answer)).toBe(expected);
});

test('an answer is short, of one line, and well formed', () => {
  expect(kept(MAIL, '')).toBeNull();
  expect(kept(MAIL, ' \r\n\t\u0000 ')).toBeNull();
  expect(kept(MAIL, 'one\r\ntwo\u001b[31m\u202ethree')).toBe('one two [31m three');
  expect(kept(MAIL, '𠮷'.repeat(400))).toBe('𠮷'.repeat(250));
  expect(kept(MAIL, `a${'𠮷'.repeat(400)}`)).toBe(`a${'𠮷'.repeat(249)}`);
});

test('a secret that the cut would halve is masked first', () => {
  const answer = kept(WECOM, `${'x'.repeat(495)}0000-made-up-key`);
  expect(answer).toBe(`${'x'.repeat(495)}***`);
});

test('whatever the secret and wherever it stands', () => {
  const secret = fc.stringMatching(/^[!-~]{8,40}$/);
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
      const answer = keptAnswer(`${before}${value}${after}`, masksOf([value]));
      expect(answer?.toLowerCase()).not.toContain(value.toLowerCase());
    }),
  );
});
