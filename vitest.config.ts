import { defineConfig } from 'vitest/config';

const ALL = '{packages,functions,scripts,infra-tests,tests,bench}/**/*.test.ts';
/** Thousands of rows at a time: beside another file, on two cores, it would starve or be starved. */
const HEAVY = ['imports', 'county-import'].map((name) => `packages/testkit/src/stories/${name}.story.test.ts`);

export default defineConfig({
  test: {
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'heavy', include: HEAVY, maxWorkers: 1, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: [ALL],
          exclude: ['**/node_modules/**', ...HEAVY],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
