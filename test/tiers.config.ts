import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The longer tiers, one at a time: `npm run test:cluster`, `test:browser`, `test:chaos`. They build and start whole systems. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: [`test/${process.env.SHIPMATE_TIER ?? 'cluster'}/**/*.test.ts`],
    testTimeout: 120_000,
    hookTimeout: 1_200_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
