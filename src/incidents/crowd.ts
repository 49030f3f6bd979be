import { BURST, BURST_MS } from './ledger/storms.ts';

/**
 * Whether an alert of another system may be told at once. The first few are; where more come at a time they are only recorded, and the
 * ledger of no cluster makes one digest of them, or tells them by themselves after all.
 */
export class Crowd {
  readonly #limits: { readonly incidents: number; readonly withinMs: number };
  /** Channel → when something was told there, the newest last. */
  readonly #toldAt = new Map<string, readonly number[]>();

  /** @param limits `alerts.storm`; `incidents` 0: everything is told. */
  constructor(limits: { readonly incidents: number; readonly withinMs: number }) {
    this.#limits = limits;
  }

  /** Asked once for each incident that is about to be told; a yes counts. */
  mayTell(channel: string, now: number): boolean {
    const { incidents, withinMs } = this.#limits;
    if (incidents === 0) return true;
    const recent = (this.#toldAt.get(channel) ?? []).filter((at) => at > now - withinMs);
    const burst = recent.filter((at) => at > now - BURST_MS);
    const isCrowded = recent.length >= incidents || burst.length >= BURST - 1;
    this.#toldAt.set(channel, isCrowded ? recent : [...recent, now]);
    return !isCrowded;
  }
}
