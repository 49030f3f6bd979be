import { digestOf } from '../ids.ts';
import type { Clock } from '../time.ts';

const EVERY_MS = 60_000;
const KEPT = 200;

/** Whether a complaint is news: the same words are logged once a minute, however many rows they are about. */
export class Complaints {
  readonly #clock: Clock;
  readonly #saidAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isNew(kind: string, error: unknown): boolean {
    const now = this.#clock();
    const key = digestOf({ kind, message: error instanceof Error ? error.message : String(error) });
    const before = this.#saidAt.get(key);
    if (before !== undefined && now - before < EVERY_MS) return false;
    this.#saidAt.delete(key);
    this.#saidAt.set(key, now);
    for (const oldest of this.#saidAt.keys()) if (this.#saidAt.size > KEPT) this.#saidAt.delete(oldest);
    return true;
  }
}
