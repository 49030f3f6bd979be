import type { CallRecord } from './protocol.ts';

/** The newest Web API calls with what came of them. */
export class CallLog {
  #records: CallRecord[] = [];
  #seq = 0;

  add(record: Omit<CallRecord, 'seq'>, keep: number): void {
    if (keep === 0) return;
    this.#seq += 1;
    this.#records.push({ seq: this.#seq, ...record });
    if (this.#records.length > keep * 1.2) this.#records = this.#records.slice(-keep);
  }

  all(): readonly CallRecord[] {
    return this.#records;
  }

  clear(): void {
    this.#records = [];
  }
}
