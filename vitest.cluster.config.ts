import { defineConfig } from 'vitest/config';
import { controlPlaneBinaries, NoControlPlane } from './deploy/sandbox/real/binaries.ts';

/**
 * `npm run test:cluster`: the tests that need the real control plane, which is built first (minutes, once). One file at a time, because
 * each starts a control plane of its own. Without Go there is nothing to run: it says why and succeeds.
 */
export default defineConfig(async () => {
  const canRun = await hasControlPlane();
  return {
    test: {
      include: canRun ? ['test/cluster/**/*.test.ts'] : [],
      passWithNoTests: true,
      testTimeout: 90_000,
      hookTimeout: 180_000,
      pool: 'forks' as const,
      maxWorkers: 1,
      fileParallelism: false,
    },
  };
});

async function hasControlPlane(): Promise<boolean> {
  try {
    await controlPlaneBinaries((line) => console.log(`control plane: ${line}`));
    return true;
  } catch (error) {
    if (!(error instanceof NoControlPlane)) throw error;
    console.log(`test/cluster is skipped. ${error.message}`);
    return false;
  }
}
