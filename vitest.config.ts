import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a minute and longer begins first, so that nothing runs alone at the end. */
const LONGEST = ['crash.test.ts', 'imports.story.test.ts', 'backup.story.test.ts', 'oracle-million.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['{packages,functions,scripts,infra-tests,tests,bench}/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    // Left to itself vitest takes a core less than there are: on two, one file at a time, each waiting for its emulators.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
  },
});
