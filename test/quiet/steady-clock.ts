import type { Clock } from '../../src/time.ts';

const TICK_MS = 5;
const LONGEST_STEP_MS = 100;

/**
 * The machine's time without the moments in which this process stood still: at 60 times the speed of life a machine busy with something
 * else for four seconds would be four minutes in which no pod starts, and a rule would be right to complain.
 */
export function steadyClock(): { readonly clock: Clock; stop(): void } {
  let at = Date.now();
  let seenAt = performance.now();
  const clock: Clock = () => at + Math.min(performance.now() - seenAt, LONGEST_STEP_MS);
  const ticking = setInterval(() => {
    at = clock();
    seenAt = performance.now();
  }, TICK_MS);
  return { clock, stop: () => clearInterval(ticking) };
}
