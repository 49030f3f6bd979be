import type { AnyRule } from '../rule.ts';
import type { ObjectRef } from '../sight.ts';
import type { Mark, Remembered } from './remembered.ts';
import type { Group, Line, Root, Shown, Track } from './trouble.ts';

/** What tells the lines of a group apart. */
export function lineLabel(rule: AnyRule, root: ObjectRef, object: ObjectRef, key: string): string {
  return `${rule.id}=${whoOf(root, object)}|${key}`;
}

/** The parts of a line's label, as it stands among the root's marks. */
export function readLabel(label: string): { rule: string; key: string } | undefined {
  const [, rule, key] = /^([^=/!]+)=[^|]*\|(.*)$/s.exec(label) ?? [];
  return rule === undefined || key === undefined ? undefined : { rule, key };
}

/** Pods of a workload are twins; the static pods of a node are not, but come again under their names. */
function whoOf(root: ObjectRef, object: ObjectRef): string {
  if (object.uid === root.uid) return '';
  if (object.kind !== 'Pod') return object.uid;
  return root.kind === 'Node' ? object.name : '';
}

export function newLine(group: Group, rule: AnyRule, label: string, key: string): Line {
  const line: Line = {
    group,
    rule,
    label,
    key,
    tracks: new Set(),
    firing: undefined,
    clearSince: undefined,
    shown: undefined,
    wakeAt: undefined,
  };
  group.lines.set(label, line);
  return line;
}

/** A line that fired before a restart. */
export function restoredLine(group: Group, rule: AnyRule, label: string, key: string, mark: Mark, now: number): void {
  const line = newLine(group, rule, label, key);
  const [since, clearSince] = mark.ring?.[0] ?? [mark.since, 0];
  line.firing = { since, firedAt: mark.since };
  line.clearSince = clearSince || now;
}

/**
 * Brings a line up to date: it fires with its first fired track, is clear when it has none, and ends after the hold-down.
 * A track that began before that end and is still held postpones it: the pod that replaced an ill one is not well until its hold has
 * passed without firing.
 * @returns when it must be looked at again although no track changes; undefined: not at all. A line without firing and tracks is over.
 */
export function settle(line: Line, now: number, resolveAfterMs: number, remembered: Remembered): number | undefined {
  const fired = [...line.tracks].filter((track) => track.hasFired);
  if (fired.length > 0) {
    fire(line, fired, remembered);
    return undefined;
  }
  if (line.firing === undefined) return undefined;
  if (line.clearSince === undefined) {
    line.clearSince = now;
    remember(line, remembered);
  }
  const endsAt = line.clearSince + resolveAfterMs;
  if (now < endsAt) return endsAt;
  if ([...line.tracks].some(({ since }) => since <= endsAt)) return undefined;
  end(line, now, remembered);
  return undefined;
}

/** Ends a line, whatever its tracks are. */
export function end(line: Line, now: number, remembered: Remembered): void {
  line.firing = undefined;
  line.clearSince = undefined;
  line.shown = undefined;
  line.group.quietSince = now;
  remembered.delete(line.group.root.ref.uid, line.label);
}

function fire(line: Line, fired: readonly Track[], remembered: Remembered): void {
  const isNews = line.firing === undefined || line.clearSince !== undefined;
  line.firing ??= {
    since: Math.min(...fired.map(({ since }) => since)),
    firedAt: Math.min(...fired.map(({ fireAt }) => fireAt)),
  };
  line.clearSince = undefined;
  line.shown = shownOf(fired);
  if (isNews) remember(line, remembered);
}

/** The oldest speaks for all, so that the words do not change with every twin. */
function shownOf(fired: readonly Track[]): Shown {
  const first = fired.reduce((a, b) => (isBefore(b, a) ? b : a));
  return {
    ref: first.ill.ref,
    finding: first.finding,
    count: fired.length,
    severities: new Set(fired.map(({ finding }) => finding.severity)),
  };
}

function isBefore(a: Track, b: Track): boolean {
  return a.since === b.since ? a.ill.ref.name < b.ill.ref.name : a.since < b.since;
}

function remember(line: Line, remembered: Remembered): void {
  const { firing, clearSince = 0 } = line;
  if (firing === undefined) return;
  const ring: [number, number][] = [[firing.since, clearSince]];
  remembered.set(line.group.root.ref.uid, line.label, {
    value: 'firing',
    since: firing.firedAt,
    ring,
    round: Infinity,
  });
}

/** The root was deleted and made again: what is remembered about its lines moves to the new uid. */
export function rootMoved(root: Root, before: string, remembered: Remembered): void {
  for (const group of root.groups.values())
    for (const line of group.lines.values()) {
      remembered.delete(before, line.label);
      remember(line, remembered);
    }
}
