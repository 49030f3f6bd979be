/** Reads JSON of which nothing is certain: what is missing or of a wrong type has a harmless value instead. */
export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);

export function fields(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : NOTHING;
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Kubernetes' IntOrString as it is written: `25%`, `1`. */
export function written(value: unknown): string {
  return typeof value === 'number' ? String(value) : text(value);
}

export function count(value: unknown, otherwise = 0): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

export function countOrNone(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An RFC 3339 time as epoch ms; 0 when there is none. */
export function time(value: unknown): number {
  if (typeof value !== 'string') return 0;
  const epochMs = Date.parse(value);
  return Number.isNaN(epochMs) ? 0 : epochMs;
}

export function timeOrNone(value: unknown): number | undefined {
  return time(value) || undefined;
}

/** Messages can hold whole files (a container's last words, up to 12 KiB); what people read is at the front. */
const MAX_MESSAGE = 2_048;

export function message(value: unknown): string {
  const whole = text(value);
  return whole.length > MAX_MESSAGE ? `${whole.slice(0, MAX_MESSAGE)}…` : whole;
}
