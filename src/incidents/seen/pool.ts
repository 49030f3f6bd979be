import { isSame } from './same.ts';

/** Beyond this many values the older half may be forgotten: they are then merely not shared with newcomers. */
const GENERATION = 16_384;
/** V8 itself keeps one of each string of JSON up to this length. */
const SHORT_TEXT = 10;
/** Longer texts (a scheduler's reasons, a command) are seldom twice the same, and would make the bound above a large one. */
const MAX_TEXT = 256;

/**
 * Keeps one of each equal value. A cluster of 50,000 pods has some hundred different sets of labels and containers; without sharing they
 * would be most of Shipmate's memory. Bounded: two generations, of which the older one falls away when the younger is full.
 */
export class Pool {
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();

  /** The first equal string seen. Strings from JSON are new ones each time. */
  text(value: string): string {
    const { length } = value;
    return length <= SHORT_TEXT || length > MAX_TEXT ? value : (this.#find(value, value) as string);
  }

  /** @param key equal for equal values and cheap to make; where it is equal for different values, the newest is the one shared. */
  share<T extends object>(key: string, value: T): T {
    const known = this.#find(key, value) as T;
    if (known === value || isSame(known, value)) return known;
    this.#young.set(key, value);
    return value;
  }

  #find(key: string, value: unknown): unknown {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const older = this.#old.get(key) ?? value;
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, older);
    return older;
  }
}

/** Shared by the projections of all clusters: most names and images are the same in them. */
export const texts = new Pool();
export const values = new Pool();
