import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: the practice Slack's page in Debian's Chromium. Pictures go to `test/output/browser/`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
  },
});
