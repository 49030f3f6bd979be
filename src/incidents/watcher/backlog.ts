/** A row of the outbox, as far as its waiting goes. */
export interface WaitingRow {
  readonly subjectKind: string;
  readonly subjectId: string;
}

/**
 * How long words have waited for Slack, as far as this process has seen. A row cannot tell: it names the age of its subject, and is
 * replaced with every change, so that the edit of a message from last week would look as if it had waited since then.
 */
export class Backlog {
  #since = new Map<string, number>();

  /** @param rows everything that waits now. */
  look(rows: readonly WaitingRow[], now: number): void {
    this.#since = new Map(
      rows.map(({ subjectKind, subjectId }) => {
        const key = `${subjectKind}/${subjectId}`;
        return [key, this.#since.get(key) ?? now];
      }),
    );
  }

  get pending(): number {
    return this.#since.size;
  }

  /** Since when the oldest has waited, epoch ms; 0 when nothing waits. */
  oldest(): number {
    return this.#since.size === 0 ? 0 : Math.min(...this.#since.values());
  }

  /** Whether something has waited for at least so long at the last look. */
  isOlderThan(ms: number, now: number): boolean {
    return this.#since.size > 0 && now - this.oldest() >= ms;
  }

  /** Another process looks from now on. */
  forget(): void {
    this.#since.clear();
  }
}
