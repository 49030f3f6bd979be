import { type Clock, delay } from '../../time.ts';

export const EDIT_EVERY_MS = 1_200;

interface Pending<T> {
  value: T;
  /** Everybody whose edit this one stands for. */
  readonly settle: { resolve(): void; reject(error: unknown): void }[];
}

/**
 * Edits of messages, at most one per message and 1.2 s. Edits that come faster replace each other; the last one always goes out, and
 * everybody whose edit it stands for learns how it went.
 */
export class Edits<T> {
  readonly #clock: Clock;
  readonly #send: (key: string, value: T) => Promise<void>;
  readonly #pending = new Map<string, Pending<T>>();
  readonly #sentAt = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(clock: Clock, send: (key: string, value: T) => Promise<void>) {
    this.#clock = clock;
    this.#send = send;
  }

  edit(key: string, value: T): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiting = this.#pending.get(key);
      if (waiting) {
        waiting.value = value;
        waiting.settle.push({ resolve, reject });
        return;
      }
      this.#pending.set(key, { value, settle: [{ resolve, reject }] });
      if (!this.#running.has(key)) this.#running.set(key, this.#run(key));
    });
  }

  /** Resolves when nothing is waiting any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
  }

  async #run(key: string): Promise<void> {
    for (let pending = this.#pending.get(key); pending !== undefined; pending = this.#pending.get(key)) {
      const waitMs = (this.#sentAt.get(key) ?? 0) + EDIT_EVERY_MS - this.#clock();
      if (waitMs > 0) await delay(waitMs);
      this.#pending.delete(key);
      this.#remember(key);
      try {
        await this.#send(key, pending.value);
        for (const one of pending.settle) one.resolve();
      } catch (error) {
        for (const one of pending.settle) one.reject(error);
      }
    }
    // In the same step as the look that found nothing, so that no edit can come in between and wait for ever.
    this.#running.delete(key);
  }

  #remember(key: string): void {
    const now = this.#clock();
    this.#sentAt.set(key, now);
    if (this.#sentAt.size < 1_000) return;
    for (const [old, at] of this.#sentAt) if (now - at > EDIT_EVERY_MS) this.#sentAt.delete(old);
  }
}
