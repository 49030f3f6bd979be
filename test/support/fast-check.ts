import fc from 'fast-check';

/**
 * CI repeats itself: a property that fails there must fail again on the next run, and one that nobody touched must not fail by chance.
 * On people's machines each run tries other values; `FC_SEED=N` repeats what a failure printed.
 */
const seed = process.env.FC_SEED ?? (process.env.CI ? '20261121' : undefined);
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
