import { stringify } from 'yaml';
import { UsageError } from '../errors.ts';
import type { KubeObject } from './cluster.ts';
import { redact } from './redact.ts';

const MAX_CHARS = 1024 * 1024;

/**
 * Whole objects as `-o yaml` or `-o json` prints them, keys in alphabetical order, one object bare and several as a List; without
 * anything that must not reach Slack.
 * @returns the text, and how many values were hidden in it.
 * @throws UsageError when it is more than anybody reads.
 */
export function printObjects(
  objects: readonly KubeObject[],
  format: 'yaml' | 'json',
  isList: boolean,
): { readonly text: string; readonly hidden: number } {
  const redacted = objects.map(redact);
  const shown = redacted.map(({ object }) => object);
  const value = sortKeys(
    isList ? { apiVersion: 'v1', items: shown, kind: 'List', metadata: { resourceVersion: '' } } : shown[0],
  );
  const text =
    format === 'json'
      ? JSON.stringify(value, undefined, 4)
      : stringify(value, { version: '1.1', lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false }).trimEnd();
  if (text.length > MAX_CHARS)
    throw new UsageError(`That is ${objects.length} objects, more than 1 MiB of text.`, {
      hint: 'Name one, or narrow it with -n or -l.',
    });
  return { text, hidden: redacted.reduce((sum, { hidden }) => sum + hidden, 0) };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
