import { createHash } from 'node:crypto';
import type { Person } from '../../chat/invocation.ts';
import { canonicalJson } from '../../ids.ts';

/**
 * What the audit says about one thing that was asked for, decided, begun or ended. `invocation` is the thread through all of it: everything that
 * came of one typed line carries the same one.
 */
export interface Draft {
  readonly type: EntryType;
  /** Epoch milliseconds at which it happened. */
  readonly at: number;
  readonly invocation?: string | undefined;
  /** Who did this step: who asked, who confirmed, who cancelled. */
  readonly who?: Person | undefined;
  readonly command?: string | undefined;
  /** The line as it was typed, and as it was understood. */
  readonly typed?: string | undefined;
  readonly parsed?: string | undefined;
  readonly where?: Where | undefined;
  /** Whole names; a long list is cut and says how many there were. */
  readonly targets?: readonly string[] | undefined;
  /** SHA-256 of the plan's canonical JSON. */
  readonly digest?: string | undefined;
  readonly reason?: string | undefined;
  /** How it ended: `succeeded`, `failed`, `unknown`, `E_FORBIDDEN`, … */
  readonly result?: string | undefined;
  /** The words that the person saw. */
  readonly said?: string | undefined;
  readonly calls?: readonly ApiCall[] | undefined;
  /** What only this type of entry knows (votes, attempts, what was pruned). */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** Open for others: approvals add `approved`, `denied`, … */
export type EntryType =
  | 'refused'
  | 'planned'
  | 'confirmed'
  | 'cancelled'
  | 'expired'
  | 'intent'
  | 'outcome'
  | 'read'
  | 'checkpoint'
  | (string & {});

export interface Where {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly etcd?: string | undefined;
  readonly channel?: string | undefined;
}

/** One call that could change something, as it was answered. */
export interface ApiCall {
  /** `PATCH apps/v1 deployments/web/scale -n shop on demo`, `txn on main`. */
  readonly call: string;
  /** `ok`, or the code of the error: `E_CONFLICT`. */
  readonly status: string;
  /** What the server said that it made: resourceVersion or etcd revision. */
  readonly revision?: string | undefined;
  readonly generation?: number | undefined;
}

/** A link of the chain. */
export interface Entry extends Draft {
  readonly schemaVersion: 1;
  /** 1, 2, 3 … without a gap. */
  readonly seq: number;
  /** `hash` of the entry before; 64 zeros for the very first. */
  readonly previous: string;
  /** SHA-256 over the canonical JSON of all the rest. */
  readonly hash: string;
}

/** Where the chain ends, kept apart from the entries so that a cut tail is seen. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
  /** The last entry that retention removed; the chain begins right after it. */
  readonly base?: Base | undefined;
}

export interface Base {
  readonly through: number;
  readonly hash: string;
}

export const GENESIS: Base = { through: 0, hash: '0'.repeat(64) };

/** Makes a draft the next link. Pure. */
export function seal(draft: Draft, after: Pick<Head, 'seq' | 'hash'>): Entry {
  const content = { ...draft, schemaVersion: 1 as const, seq: after.seq + 1, previous: after.hash };
  return { ...content, hash: hashOf(content) };
}

/** The hash that an entry with these contents must have; its own `hash` field is left out. */
export function hashOf(entry: object): string {
  const { hash: _own, ...content } = entry as { hash?: unknown };
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

export const ROOT = 'audit/';
/** Text order is then the order of numbers. */
const DIGITS = 20;

export function entryPath(seq: number): string {
  return ROOT + String(seq).padStart(DIGITS, '0');
}

export function seqOf(path: string): number {
  return Number(path.slice(ROOT.length));
}

export const HEAD_PATH = `${ROOT}head`;
