import { describe, expect, it } from 'vitest';
import { summarise } from './summary.ts';

const json = (passed: number, failed: number, files: { status: string; tests: string[] }[] = []): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });

describe('summarise', () => {
  it.each([
    ['all passed', json(3, 0), 0, [], { passed: 3, failed: 0 }],
    ['tests failed', json(3, 2, [{ status: 'failed', tests: ['failed', 'failed'] }]), 1, [], { passed: 3, failed: 2 }],
    ['a file broke on import', json(3, 0, [{ status: 'failed', tests: [] }]), 1, [], { passed: 3, failed: 1 }],
    ['an error outside any test', json(3, 0), 1, [], { passed: 3, failed: 1 }],
    ['no test ran', json(0, 0), 0, [], { passed: 0, failed: 1 }],
    ['no results were written', null, 1, [], { passed: 0, failed: 1 }],
    ['a check failed', json(3, 0), 0, ['lint', 'typecheck'], { passed: 3, failed: 2 }],
  ])('%s', (_name, text, exitCode, checks, expected) =>
    expect(summarise([{ json: text, exitCode }], checks)).toEqual(expected),
  );

  it('adds up several runs, each of which must have tests', () => {
    const good = { json: json(3, 0), exitCode: 0 };
    expect(summarise([good, { json: json(2, 0), exitCode: 0 }], [])).toEqual({ passed: 5, failed: 0 });
    expect(summarise([good, { json: null, exitCode: 0 }], ['lint'])).toEqual({ passed: 3, failed: 2 });
  });
});
