import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkDirections } from './directions.ts';
import { report } from './lib/modules.ts';
import { checkPurity } from './purity.ts';

const roots: string[] = [];

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'duban-planted-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const directionFaults = (files: Record<string, string>): string[] =>
  checkDirections(tree(files)).violations.map((found) => `${found.path}:${found.line} ${found.message}`);

const pureFaults = (text: string, path = 'packages/domain/src/x.ts'): string[] =>
  checkPurity(tree({ [path]: text })).violations.map((found) => found.message);

afterEach(() => {
  vi.restoreAllMocks();
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('directions', () => {
  it('follows the arrows without complaint', () => {
    expect(
      directionFaults({
        'packages/calendar/src/index.ts': 'export const a = 1;',
        'packages/domain/src/index.ts': "import { a } from '@duban/calendar';\nexport const b = a;",
        'packages/dynamodb/src/index.ts': "export * from '@duban/domain';\nimport '@aws-sdk/client-dynamodb';",
        'packages/domain/src/index.test.ts': "import '@duban/testkit';",
        'functions/api.ts': "import '@duban/dynamodb';\nimport '@duban/http-api';",
        'packages/local-cloud/src/main.ts': "import '../../../functions/api.ts';",
      }),
    ).toEqual([]);
  });

  it.each([
    ['packages/calendar/src/x.ts', "import '@duban/domain';", 'calendar may not import domain'],
    ['packages/domain/src/x.ts', "import '@duban/application';", 'domain may not import application'],
    ['packages/domain/src/x.ts', "import type { A } from '@duban/contracts';", 'domain may not import contracts'],
    ['packages/domain/src/x.ts', "type A = import('@duban/contracts').A;", 'domain may not import contracts'],
    [
      'packages/application/src/x.ts',
      "export * from '@duban/contracts/bodies';",
      'application may not import contracts',
    ],
    ['packages/application/src/x.ts', "await import('@duban/dynamodb');", 'application may not import dynamodb'],
    [
      'packages/application/src/x.ts',
      "import '@aws-sdk/client-sqs';",
      'application may not import @aws-sdk/client-sqs',
    ],
    ['packages/http-api/src/x.ts', "import '@duban/dynamodb';", 'http-api may not import dynamodb'],
    ['packages/dynamodb/src/x.ts', "import '@duban/messaging';", 'dynamodb may not import messaging'],
    ['packages/messaging/src/x.ts', "import '@duban/http-api';", 'messaging may not import http-api'],
    ['packages/contracts/src/x.ts', "import '@duban/application';", 'contracts may not import application'],
    ['packages/local-cloud/src/x.ts', "import '@duban/testkit';", 'local-cloud may not import testkit'],
    ['functions/x.ts', "import '@duban/local-cloud';", 'functions may not import local-cloud'],
    ['functions/x.ts', "import 'sst/node/table';", 'never sst/node'],
    ['stacks/x.ts', "import '@duban/domain';", 'stacks may not import domain'],
    ['packages/domain/src/x.ts', "import '../../application/src/y.ts';", 'domain may not import application'],
    ['packages/application/src/x.ts', "import '../../domain/src/y.ts';", 'import domain by its package name'],
    ['packages/domain/src/x.ts', 'await import(String(1));', 'cannot be checked'],
    ['packages/surprise/src/x.ts', 'export {};', 'no direction is written down for surprise'],
  ])('refuses %s: %s', (path, text, message) => {
    const faults = directionFaults({ [path]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
  });

  it('refuses an import cycle and lets cycles of types be', () => {
    const cycle = (word: string): string[] =>
      directionFaults({
        'packages/domain/src/a.ts': `${word} { b } from './b.ts';\nexport const a = 1;`,
        'packages/domain/src/b.ts': `${word} { a } from './a.ts';\nexport const b = 1;`,
      });
    expect(cycle('import')).toEqual([expect.stringContaining('import cycle')]);
    expect(cycle('import type')).toEqual([]);
  });

  it('fails when it looked at nothing', () => {
    vi.spyOn(console, 'log').mockReturnValue();
    vi.spyOn(console, 'error').mockReturnValue();
    expect(report('directions', 0, [])).toBe(1);
    expect(report('directions', 1, [])).toBe(0);
  });
});

describe('purity', () => {
  it.each([
    'Date.now()',
    'new Date()',
    'Date()',
    'const { now } = Date',
    "Date['now']()",
    'const D = Date',
    'Math.random()',
    'const { random } = Math',
    'performance.now()',
    'setTimeout(() => {}, 1)',
    'globalThis.setTimeout',
    'process.env',
    'const x = { process }',
    'crypto.randomUUID()',
    "fetch('http://a')",
    'new Intl.DateTimeFormat().format()',
    'export const f = process as unknown',
  ])('refuses %s', (text) => expect(pureFaults(text)).not.toEqual([]));

  it.each([
    "import 'node:fs'",
    "import 'fs'",
    "import 'zod'",
    "import { ulid } from 'ulid'",
    "import type { A } from '@aws-sdk/client-sqs'",
  ])('refuses %s', (text) => expect(pureFaults(text)).toEqual([expect.stringContaining('may not import')]));

  it.each([
    'new Date(0).toISOString()',
    'new Date(value)',
    'Date.UTC(2023, 0, 1)',
    'Math.floor(1.5)',
    'const x = { process: 1, setTimeout: 2 }; x.process',
    'interface A { performance: number; at: Date }',
    'new Intl.DateTimeFormat().format(0)',
    "import '@duban/calendar'; import './y.ts'",
  ])('allows %s', (text) => expect(pureFaults(text)).toEqual([]));

  it('covers calendar, and leaves tests and other packages alone', () => {
    expect(pureFaults('Date.now()', 'packages/calendar/src/x.ts')).toHaveLength(1);
    expect(pureFaults('Date.now()', 'packages/domain/src/x.test.ts')).toEqual([]);
    expect(pureFaults('Date.now()', 'packages/dynamodb/src/x.ts')).toEqual([]);
  });
});
