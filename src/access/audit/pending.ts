import type { Change, Store, Versioned } from '../../state/store.ts';
import type { Draft } from './entry.ts';

/**
 * Drafts that wait for their place in the chain. A step of a change and its draft are written in one transaction, so neither is ever there
 * without the other, and the step does not wait for the chain. Whoever links them removes them in the transaction that adds the link.
 */
const ROOT = 'audit-pending/';
const DIGITS = 15;

/** Put it into the commit that makes the draft true. Safe to repeat: the same step has the same key. */
export function pendingChange(draft: Draft & { readonly invocation: string }): Change {
  const at = String(Math.max(0, Math.floor(draft.at))).padStart(DIGITS, '0');
  return { op: 'put', path: `${ROOT}${at}-${draft.invocation}-${draft.type}`, value: draft, expect: 'any' };
}

/** The oldest that wait. */
export function listPending(store: Store, limit: number): Promise<readonly Versioned<Draft>[]> {
  return store.list<Draft>(ROOT, { limit });
}
