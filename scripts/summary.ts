import { existsSync, readFileSync } from 'node:fs';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What a run comes to. A file that broke before its tests, a check that failed, a run that ended badly without naming
 * a test and a run without any test each count as failures: otherwise they would look like success.
 *
 * @param json the text vitest's JSON reporter wrote, null when it wrote none
 * @param exitCode the exit code of the test run
 * @param failedChecks the checks beside the tests that failed
 */
export function summarise(json: string | null, exitCode: number, failedChecks: readonly string[]): Summary {
  const results = json === null ? null : (JSON.parse(json) as Results);
  const passed = results?.numPassedTests ?? 0;
  const brokenFiles = (results?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const named = (results?.numFailedTests ?? 0) + brokenFiles + failedChecks.length;
  const unnamed = (results?.numFailedTests ?? 0) + brokenFiles === 0 && (exitCode !== 0 || passed === 0) ? 1 : 0;
  return { passed, failed: named + unnamed };
}

if (import.meta.main) {
  const [file = '', exitCode = '1', ...failedChecks] = process.argv.slice(2);
  const { passed, failed } = summarise(
    existsSync(file) ? readFileSync(file, 'utf8') : null,
    Number(exitCode),
    failedChecks,
  );
  for (const check of failedChecks) console.log(`npm run ${check} failed`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
