/** How long to wait before the next attempt: 0.8 s, doubled each time up to 30 s, each between half and the whole of it. */
export class Backoff {
  readonly #random: () => number;
  readonly #firstMs: number;
  readonly #maxMs: number;
  #failures = 0;

  /** @param random from 0 up to 1, so that the watches of many kinds and replicas do not come back in step. */
  constructor(random: () => number, firstMs = 800, maxMs = 30_000) {
    this.#random = random;
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds. @param atLeastMs what the server itself asked for. */
  next(atLeastMs = 0): number {
    const wholeMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return Math.max(atLeastMs, wholeMs * (0.5 + this.#random() / 2));
  }

  reset(): void {
    this.#failures = 0;
  }
}
