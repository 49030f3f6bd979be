/**
 * The practice Slack's own time: real time plus whatever tests have added. Trigger ids, response addresses and event retries live by it;
 * how long an app may take to acknowledge does not, because that is real waiting.
 */
export class PracticeTime {
  readonly #base: () => number;
  #addedMs = 0;
  #due: { readonly at: number; readonly run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastTsMicros = 0;

  constructor(base: () => number) {
    this.#base = base;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#base() + this.#addedMs;
  }

  /** A message `ts`: never the same twice, always later than the one before. */
  nextTs(): string {
    this.#lastTsMicros = Math.max(this.#lastTsMicros + 1, Math.floor(this.now() * 1_000));
    return `${Math.floor(this.#lastTsMicros / 1_000_000)}.${String(this.#lastTsMicros % 1_000_000).padStart(6, '0')}`;
  }

  /** Runs `run` when this clock has moved on by `ms`, by itself or by `advance`. */
  after(ms: number, run: () => void): void {
    this.#due.push({ at: this.now() + ms, run });
    this.#arm();
  }

  advance(ms: number): void {
    this.#addedMs += ms;
    this.#runDue();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = [];
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#due.length === 0) return;
    const next = Math.min(...this.#due.map((entry) => entry.at));
    this.#timer = setTimeout(() => this.#runDue(), Math.max(0, next - this.now()));
    this.#timer.unref();
  }

  #runDue(): void {
    const now = this.now();
    const ready = this.#due.filter((entry) => entry.at <= now).sort((a, b) => a.at - b.at);
    this.#due = this.#due.filter((entry) => entry.at > now);
    for (const entry of ready) entry.run();
    this.#arm();
  }
}
