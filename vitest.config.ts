import { defineConfig } from 'vitest/config';

/** Three projects: `npm test` runs unit, contract (practice world) and conversation; the others have scripts of their own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/fast-check.ts'],
    exclude: ['test/cluster/**', 'test/browser/**', 'test/chaos/**', 'test/bench/**', 'node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests wait for a state; one second is too short for a real server on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
