import { humanDuration } from '../../time.ts';
import type { KubeObject } from '../cluster.ts';

/** What `describe` tells about one object, short enough for a phone: a few facts, then lists under headings. Redacted input only. */
export interface Description {
  readonly fields: readonly Fact[];
  readonly sections: readonly Section[];
}
export interface Fact {
  readonly label: string;
  readonly value: string;
}
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What describers may look at beside the object. */
export interface Beside {
  /** Epoch ms. */
  readonly now: number;
  /** The pods behind it, or those on the node; undefined where they could not be read or mean nothing. */
  readonly pods?: readonly KubeObject[] | undefined;
}

/** `3m12s`, as kubectl writes ages; `<unknown>` without a time. */
export function ago(time: unknown, now: number): string {
  const at = typeof time === 'number' ? time : Date.parse(String(time ?? ''));
  return Number.isNaN(at) || at === 0 ? '<unknown>' : humanDuration(now - at);
}

/** Facts without those that have nothing to say. */
export function facts(...pairs: readonly (readonly [string, unknown])[]): readonly Fact[] {
  return pairs
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([label, value]) => ({ label, value: String(value) }));
}

/** A section, or none when it would be empty. */
export function section(title: string, lines: readonly string[]): readonly Section[] {
  return lines.length === 0 ? [] : [{ title, lines }];
}

/** `cpu 100m, memory 128Mi`. */
export function quantities(map: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(map ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** First `max` of a list, and how many there are beyond. */
export function atMost(lines: readonly string[], max: number): readonly string[] {
  return lines.length <= max ? lines : [...lines.slice(0, max), `… and ${lines.length - max} more`];
}

/** Which conditions a kind wants to be False; all others are well when True. */
const WELL_WHEN_FALSE =
  /Pressure$|^(?:NetworkUnavailable|ReplicaFailure|Failed|FailureTarget|Suspended|DisruptionTarget|PodResizePending)$/;

/** The conditions, those in trouble first: `✗ Ready=False ContainersNotReady: …`. */
export function conditionLines(object: KubeObject, now: number): readonly string[] {
  const conditions: readonly Record<string, string>[] = Array.isArray(object.status?.conditions)
    ? object.status.conditions
    : [];
  return conditions
    .map((condition) => {
      const { type = '', status = '', reason = '', message = '', lastTransitionTime } = condition;
      const isWell = status === (WELL_WHEN_FALSE.test(type) ? 'False' : 'True');
      const why = isWell ? '' : [reason, message].filter(Boolean).join(': ');
      const since = lastTransitionTime ? ` for ${ago(lastTransitionTime, now)}` : '';
      return { isWell, line: `${isWell ? '' : '! '}${type}=${status}${since}${why === '' ? '' : ` · ${cut(why)}`}` };
    })
    .sort((a, b) => Number(a.isWell) - Number(b.isWell))
    .map(({ line }) => line);
}

/** One line of at most 240 characters. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}

/** `ReplicaSet/web-7c9d5`, the controlling owner. */
export function ownerOf({ metadata }: KubeObject): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && `${owner.kind}/${owner.name}`;
}
