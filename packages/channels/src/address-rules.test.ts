import { expect, test } from 'vitest';
import { createAddressRules, parseAllowedRange } from './address-rules.ts';

const strict = createAddressRules([]);

test.each(['8.8.8.8', '114.114.114.114', '2606:4700:4700::1111', '240e:4c:4008::1'])('%s is public', (address) => {
  expect(strict.judge(address)).toBe('public');
});

test.each([
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['loopback', '::1'],
  ['unspecified', '0.0.0.0'],
  ['unspecified', '::'],
  ['this network', '0.1.2.3'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['CGNAT', '100.64.0.1'],
  ['Alibaba’s metadata', '100.100.100.200'],
  ['link-local, metadata', '169.254.169.254'],
  ['Tencent’s metadata', '169.254.0.23'],
  ['Oracle’s metadata', '192.0.0.192'],
  ['Azure’s wire server', '168.63.129.16'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.5'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['unique local', 'fd12:3456::1'],
  ['AWS’s metadata', 'fd00:ec2::254'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped of a public one', '::ffff:8.8.8.8'],
  ['IPv4-compatible', '::7f00:1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64 of a public one', '64:ff9b::808:808'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001:0:7f00:1::'],
  ['documentation', '2001:db8::1'],
  ['not given to anybody', '4000::1'],
  ['a name', 'localhost'],
  ['a number', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['nothing', ''],
])('%s: %s is forbidden', (_name, address) => {
  expect(strict.judge(address)).toBe('forbidden');
});

test('a range is opened by name, and nothing beside it', () => {
  const rules = createAddressRules(['10.8.0.0/16', 'fd12:3456::/32']);
  expect(['10.8.0.1', '10.9.0.1', 'fd12:3456::1', 'fd12:3457::1', '8.8.8.8'].map(rules.judge)).toEqual([
    'allowed',
    'forbidden',
    'allowed',
    'forbidden',
    'public',
  ]);
});

test.each([
  '169.254.0.0/16',
  '169.254.169.254/32',
  '169.0.0.0/8',
  '0.0.0.0/0',
  '100.64.0.0/10',
  '100.100.100.200/32',
  'fd00:ec2::/32',
  'fd00:ec2::254/128',
  'fd00::/8',
  'fc00::/7',
  '::/0',
  '10.0.0.0',
  '10.0.0.0/33',
  'intranet',
])('%s opens no door to metadata, or is no range', (range) => {
  expect(parseAllowedRange(range)).toBeNull();
});

test.each(['::ffff:0:0/96', '64:ff9b::/96', '2002::/16'])('%s does not open what is wrapped in it', (range) => {
  const rules = createAddressRules([range]);
  for (const wrapped of ['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::']) {
    expect(rules.judge(wrapped)).toBe('forbidden');
  }
});

test.each([
  ['127.0.0.0/8', '127.0.0.0/8'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['100.64.0.0/11', '100.64.0.0/11'],
  ['FD12:3456::/32', 'fd12:3456::/32'],
  ['::1/128', '::1/128'],
])('%s may be opened', (range, normal) => {
  expect(parseAllowedRange(range)).toBe(normal);
});
