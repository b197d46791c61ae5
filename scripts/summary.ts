import { existsSync, readFileSync } from 'node:fs';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** How a run of tests ended. */
export interface Run {
  /** The text vitest's JSON reporter wrote, null when it wrote none. */
  readonly json: string | null;
  readonly exitCode: number;
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What runs come to. A file that broke before its tests, a check that failed, a run that ended badly without naming a
 * test and a run without any test each count as failures: otherwise they would look like success.
 *
 * @param failedChecks the checks beside the tests that failed
 */
export function summarise(runs: readonly Run[], failedChecks: readonly string[]): Summary {
  const each = runs.map(summariseRun);
  return {
    passed: each.reduce((sum, { passed }) => sum + passed, 0),
    failed: each.reduce((sum, { failed }) => sum + failed, failedChecks.length),
  };
}

function summariseRun({ json, exitCode }: Run): Summary {
  const results = json === null ? null : (JSON.parse(json) as Results);
  const passed = results?.numPassedTests ?? 0;
  const brokenFiles = (results?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const named = (results?.numFailedTests ?? 0) + brokenFiles;
  const unnamed = named === 0 && (exitCode !== 0 || passed === 0) ? 1 : 0;
  return { passed, failed: named + unnamed };
}

if (import.meta.main) {
  // `<results>=<exit code>` for each run, then the checks that failed.
  const isRun = (word: string): boolean => word.includes('=');
  const words = process.argv.slice(2);
  const runs = words.filter(isRun).map((word): Run => {
    const [file = '', exitCode = '1'] = word.split('=');
    return { json: existsSync(file) ? readFileSync(file, 'utf8') : null, exitCode: Number(exitCode) };
  });
  const failedChecks = words.filter((word) => !isRun(word));
  const { passed, failed } = summarise(runs, failedChecks);
  for (const check of failedChecks) console.log(`npm run ${check} failed`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
