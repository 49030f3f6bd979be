/** Chances that can be had again: `SHIPMATE_SEED=<number>` repeats a run. */
export interface Dice {
  readonly seed: number;
  /** A whole number from `low` up to, not including, `high`. */
  between(low: number, high: number): number;
}

/** mulberry32: small and good enough to choose moments. */
export function rollDice(seed = Number(process.env.SHIPMATE_SEED ?? Date.now() % 1_000_000)): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, between: (low, high) => low + Math.floor(next() * (high - low)) };
}
