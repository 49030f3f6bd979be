import type { RootState } from '../signal.ts';

/**
 * What a ledger remembers beside the book. Nothing that matters is lost with it: hold-downs begin anew, details are seen again.
 */
export interface Memory {
  /** Key → nodes of the root's ill pods. */
  readonly nodes: Map<string, readonly string[]>;
  /** Key → when something that flaps may be called over. */
  readonly holding: Map<string, number>;
  /** Key → details that wait for their turn. */
  readonly details: Map<string, { readonly state: RootState; readonly at: number }>;
  /** Key → when it was recorded last. */
  readonly recordedAt: Map<string, number>;
  /** Umbrella's key → how often its list was written, and when it may be written again. */
  readonly umbrellas: Map<string, { readonly updates: number; readonly nextAt: number; readonly isWaiting: boolean }>;
  /** Keys of what was open at the take-over and has not been seen to be wrong since: it waits for its hold-down. */
  readonly unseen: Set<string>;
}

export function emptyMemory(): Memory {
  return {
    nodes: new Map(),
    holding: new Map(),
    details: new Map(),
    recordedAt: new Map(),
    umbrellas: new Map(),
    unseen: new Set(),
  };
}

export function forget(memory: Memory, key: string): void {
  memory.holding.delete(key);
  memory.details.delete(key);
}
