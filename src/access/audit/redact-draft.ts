import { redactTyped } from '../../redact/typed-line.ts';
import { redactValue } from '../../redact/values.ts';
import type { Draft } from './entry.ts';

/** Ours or the servers' own: never a secret, and needed as they are. */
const EXEMPT = new Set(['invocation', 'digest', 'revision', 'who', 'channel']);

/** A draft without what looks like a secret; the lines that were typed with the eyes of somebody who knows commands. */
export function redactDraft<T extends Omit<Draft, 'type'>>(draft: T): T {
  const { typed, parsed } = draft;
  const clean = redactValue(draft, EXEMPT);
  return {
    ...clean,
    ...(typed !== undefined && { typed: redactTyped(typed) }),
    ...(parsed !== undefined && { parsed: redactTyped(parsed) }),
  };
}
