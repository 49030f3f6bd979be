import type { App, Receiver } from '@slack/bolt';
import { SocketLine } from './socket-line.ts';
import type { SocketOptions } from './socket-link.ts';

/** Two: while Slack refreshes one connection, the other one is there. */
export const LINES = 2;

/** Bolt receiver over several Socket Mode connections; Slack delivers each envelope to one of them. */
export class SocketReceiver implements Receiver {
  readonly #lines: readonly SocketLine[];
  readonly #running: Promise<void>[] = [];

  constructor(options: SocketOptions) {
    this.#lines = Array.from({ length: LINES }, () => new SocketLine(options));
  }

  init(app: App): void {
    for (const line of this.#lines) line.init(app);
  }

  /** Resolves when the first connection is up, or when stopped; tries until then. */
  async start(): Promise<void> {
    const live = new Promise<void>((resolve) => {
      for (const line of this.#lines) this.#running.push(line.run(resolve));
    });
    await Promise.race([live, Promise.all(this.#running)]);
  }

  async stop(): Promise<void> {
    for (const line of this.#lines) line.stop();
    await Promise.allSettled(this.#running);
  }

  health(): { live: number; wanted: number } {
    return { live: this.#lines.filter((line) => line.isLive).length, wanted: this.#lines.length };
  }
}
