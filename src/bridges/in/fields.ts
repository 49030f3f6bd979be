import type { AlertSeverity } from '../alert.ts';

/** A body of a webhook that cannot be understood: answered with 400 and this text, which says what was wrong where. */
export class BadBody extends Error {}

/** @throws BadBody when it is not a JSON object. */
export function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadBody(`${where} should be a JSON object, not ${kindOf(value)}.`);
  return value as Record<string, unknown>;
}

/** The text of a field, or undefined where there is none; numbers and booleans count as their text. */
export function textOf(value: unknown, maxChars = 4_000): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return value.length > maxChars ? `${value.slice(0, maxChars - 1).toWellFormed()}…` : value;
}

/** Labels or annotations: a flat map of texts, bounded. */
export function mapOf(value: unknown): Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  const entries = Object.entries(value).slice(0, 64);
  return Object.fromEntries(
    entries.flatMap(([key, inner]) => {
      const text = textOf(inner, 1_000);
      return text === undefined || key === '__proto__' ? [] : [[key.slice(0, 200), text]];
    }),
  );
}

/** RFC 3339 as epoch ms; Go's zero time and anything else is undefined. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(value);
  return Number.isFinite(time) && time > 0 ? time : undefined;
}

/** An absolute http(s) address, or undefined: nothing else may become a link. */
export function urlOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2_000) return undefined;
  const url = URL.parse(value);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
}

const WORDS: Readonly<Record<string, AlertSeverity>> = {
  critical: 'critical',
  page: 'critical',
  emergency: 'critical',
  fatal: 'critical',
  p1: 'critical',
  high: 'high',
  error: 'high',
  major: 'high',
  p2: 'high',
  warning: 'warning',
  warn: 'warning',
  minor: 'warning',
  p3: 'warning',
  info: 'info',
  informational: 'info',
  none: 'info',
  debug: 'info',
  p4: 'info',
  p5: 'info',
};

/** Their word for how bad it is, in ours: first by the config's own words, then by the usual ones; `warning` for none and unknown ones. */
export function severityOf(word: unknown, own: Readonly<Record<string, AlertSeverity>>): AlertSeverity {
  const text = typeof word === 'string' ? word.trim().toLowerCase() : '';
  return Object.hasOwn(own, text) ? (own[text] as AlertSeverity) : (WORDS[text] ?? 'warning');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** A value as an error message shows it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79).toWellFormed()}…` : text;
}
