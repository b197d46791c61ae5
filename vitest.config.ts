import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ['{packages,functions,scripts,infra-tests,bench}/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    maxWorkers: 2,
  },
});
