import { defineConfig } from 'vitest/config';

/** `npm run test:chaos`: processes killed, systems restarted; one file at a time. `-- --short` makes it a few rounds (`SHIPMATE_SHORT`). */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
