import { canonicalJson } from '../ids.ts';
import type { KubeObject } from './cluster.ts';
import { redact } from './redact.ts';
import { type PodTemplate, withoutHash } from './template.ts';

export interface FieldDiff {
  /** `spec.containers[web].image`, `metadata.annotations[team]`. */
  readonly path: string;
  /** `not set` where there was none. */
  readonly before: string;
  readonly after: string;
}

export const NOT_SET = 'not set';
const LONGEST = 120;

/**
 * What differs between two pod templates, field by field, images first. Lists whose items have names are compared by name. Nothing that
 * looks like a secret is in it; with `hideEnv`, no value of an environment variable at all.
 */
export function templateDiff(before: PodTemplate, after: PodTemplate, hideEnv = false): readonly FieldDiff[] {
  const found: FieldDiff[] = [];
  const [from, to] = [withoutHash(before), withoutHash(after)];
  walk({ path: '', from, to, shownFrom: shown(from), shownTo: shown(to) }, (place) => {
    if (!IGNORED.test(place.path)) found.push(...told(place, hideEnv));
  });
  return found.sort((a, b) => rank(a.path) - rank(b.path));
}

/** Written by the API machinery, not by people. */
const IGNORED = /^(metadata\.creationTimestamp$|\$patch$)/;

interface Place {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
  /** The same places in the redacted trees: compared is what is, shown is what may be. */
  readonly shownFrom: unknown;
  readonly shownTo: unknown;
}

function shown(template: PodTemplate): unknown {
  return redact({ metadata: {}, template } as KubeObject).object.template;
}

function walk(place: Place, report: (place: Place) => void): void {
  const { from, to } = place;
  if (canonicalJson(from ?? null) === canonicalJson(to ?? null)) return;
  const fields = fieldsOf(place);
  if (fields === undefined) report(place);
  else for (const one of fields) walk(one, report);
}

/** The places below, where both sides can be compared part by part; undefined for a leaf. */
function fieldsOf({ path, from, to, shownFrom, shownTo }: Place): readonly Place[] | undefined {
  const [a, b] = [partsOf(from), partsOf(to)];
  if (a === undefined && b === undefined) return undefined;
  const isList = Array.isArray(from ?? to);
  const isBoth = isSet(from) && isSet(to);
  if (isBoth && (a === undefined || b === undefined || isList !== Array.isArray(to))) return undefined;
  // Something new or gone as a whole is told part by part, but an item (a container, a variable) in one line.
  if (!isBoth && path.endsWith(']')) return undefined;
  const [shownA, shownB] = [partsOf(shownFrom), partsOf(shownTo)];
  const keys = [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])];
  return keys.map((key) => ({
    path: isList ? `${path}[${key}]` : joined(path, key),
    from: a?.get(key),
    to: b?.get(key),
    shownFrom: shownA?.get(key),
    shownTo: shownB?.get(key),
  }));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** An object's fields, or a list's items by their name; undefined for everything else. */
function partsOf(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const names = value.map(nameOf);
    const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
    return isNamed ? new Map(value.map((item, index) => [names[index] as string, item])) : undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  return new Map(Object.entries(value));
}

/** The merge keys of the API's lists, as far as templates have them. */
function nameOf(item: unknown): string | undefined {
  if (item === null || typeof item !== 'object') return undefined;
  const { name, mountPath, containerPort } = item as Record<string, unknown>;
  // Of two mounts of one volume, only the path tells which is which.
  const found = mountPath ?? name ?? containerPort;
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

function joined(path: string, key: string): string {
  if (/[^\w-]/.test(key) || /\.(annotations|labels|nodeSelector|limits|requests)$/.test(`.${path}`))
    return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

function told({ path, from, to, shownFrom, shownTo }: Place, hideEnv: boolean): readonly FieldDiff[] {
  if (hideEnv && /\.env\[/.test(path)) {
    const isBoth = isSet(from) && isSet(to);
    return [{ path, before: isSet(from) ? 'set' : NOT_SET, after: isBoth ? 'set anew' : isSet(to) ? 'set' : NOT_SET }];
  }
  const [before, after] = [textOf(shownFrom), textOf(shownTo)];
  return [{ path, before, after: before === after ? `${after} (another value)` : after }];
}

function textOf(value: unknown): string {
  if (!isSet(value)) return NOT_SET;
  const line = wordsOf(value).replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/** A container by its image, a variable by its value; anything else as JSON. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { image, name, value: literal } = (value ?? {}) as Record<string, unknown>;
  if (typeof image === 'string') return `image ${image}`;
  if (typeof name === 'string' && typeof literal === 'string') return literal;
  return JSON.stringify(value);
}

function rank(path: string): number {
  if (/\.image$/.test(path)) return 0;
  return path.startsWith('spec.') ? 1 : 2;
}
