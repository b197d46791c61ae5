import { defineConfig } from 'vitest/config';

/** Apart from the other tests: it needs Python's pip, and deploys. */
export default defineConfig({
  test: {
    root: process.cwd(),
    include: ['infra-tests/deploy/*.deploy.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    bail: 1,
  },
});
