import type { AnyRule, Domain } from '../rule.ts';
import { refOf } from '../scene/roots.ts';
import type { SeenObject } from '../seen/kinds.ts';
import type { RuleSettings } from '../settings.ts';
import type { ObjectRef } from '../sight.ts';
import type { Found, Judged } from './judge.ts';
import { lineLabel, newLine, readLabel, restoredLine, rootMoved, settle } from './lines.ts';
import type { Remembered } from './remembered.ts';
import { addressOf, type Group, type Ill, type Line, type Root, type Track } from './trouble.ts';
import { Wakes } from './wakes.ts';

/** Everything that is wrong, or may be soon; each change marks its group as one whose state must be told anew. */
export class Troubles {
  readonly ills = new Map<string, Ill>();
  readonly wakes = new Wakes<Ill | Line>();
  readonly #roots = new Map<string, Root>();
  readonly #rootsByUid = new Map<string, Root>();
  #dirty = new Set<Group>();
  /** Roots of lines that fired before a restart, until somebody names them again. */
  readonly #unclaimed = new Set<string>();
  readonly #rules: ReadonlyMap<string, AnyRule>;
  readonly #settings: RuleSettings;
  readonly #remembered: Remembered;

  constructor(rules: readonly AnyRule[], settings: RuleSettings, remembered: Remembered) {
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    this.#settings = settings;
    this.#remembered = remembered;
    for (const uid of remembered.uids())
      if ([...(remembered.of(uid)?.keys() ?? [])].some((label) => readLabel(label))) this.#unclaimed.add(uid);
  }

  get roots(): IterableIterator<Root> {
    return this.#roots.values();
  }

  get unclaimed(): ReadonlySet<string> {
    return this.#unclaimed;
  }

  rootAt(object: SeenObject): Root | undefined {
    if (this.#roots.size === 0) return undefined;
    return this.#roots.get(addressOf({ kind: object.kind, ...object.metadata }));
  }

  rootOfUid(uid: string): Root | undefined {
    return this.#rootsByUid.get(uid);
  }

  /** The root is named, and what is remembered about its lines comes back with it. */
  claim(ref: ObjectRef, now: number): Root {
    const address = addressOf(ref);
    const known = this.#roots.get(address);
    if (known) {
      if (known.ref.uid !== ref.uid) this.#move(known, ref);
      return known;
    }
    const root: Root = { address, ref, groups: new Map(), isSeen: false, annotations: undefined };
    this.#roots.set(address, root);
    this.#rootsByUid.set(ref.uid, root);
    if (this.#unclaimed.delete(ref.uid)) this.#restore(root, now);
    return root;
  }

  /** What was found about an object, against what was found before. */
  note(object: SeenObject, rootRef: ObjectRef, judged: Judged, now: number): void {
    const { uid } = object.metadata;
    const known = this.ills.get(uid);
    if (known === undefined && judged.found.length === 0 && judged.lookAgainAt === undefined) return;
    const ill: Ill = known ?? { uid, ref: refOf(object), tracks: new Map(), node: undefined, wakeAt: undefined };
    this.ills.set(uid, ill);
    ill.node = object.kind === 'Pod' ? object.spec.nodeName : undefined;
    const seen = new Set<string>();
    for (const found of judged.found) seen.add(this.#track(ill, rootRef, found, now));
    for (const [label, track] of ill.tracks)
      if (!seen.has(label) && !judged.failed.has(track.rule)) this.#untrack(label, track);
    this.#setWake(ill, judged.lookAgainAt);
  }

  /** The object is gone, and with it everything that was found about it. */
  drop(uid: string): void {
    const ill = this.ills.get(uid);
    if (ill === undefined) return;
    for (const [label, track] of ill.tracks) this.#untrack(label, track);
    this.wakes.set(ill, undefined);
    this.ills.delete(uid);
  }

  /** The root is gone: nothing can be wrong with it any more. @returns what its groups were. */
  dropRoot(root: Root): readonly Group[] {
    const groups = [...root.groups.values()];
    for (const group of groups) {
      for (const line of group.lines.values()) {
        this.wakes.set(line, undefined);
        for (const track of [...line.tracks]) this.#untrack(trackLabel(track.rule, track.key), track);
        this.#remembered.delete(root.ref.uid, line.label);
      }
      group.lines.clear();
      this.#dirty.delete(group);
    }
    this.#forgetRoot(root);
    return groups;
  }

  touch(root: Root): void {
    for (const group of root.groups.values()) this.#dirty.add(group);
  }

  touchLine(line: Line): void {
    this.#dirty.add(line.group);
  }

  /** Groups that must be told anew, each line brought up to date. */
  takeDirty(now: number): ReadonlySet<Group> {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const group of dirty) for (const line of group.lines.values()) this.#settle(line, now);
    return dirty;
  }

  /** Forgets a group in which nothing is left. */
  tidy(group: Group): void {
    if (group.lines.size > 0) return;
    group.root.groups.delete(group.domain);
    if (group.root.groups.size === 0) this.#forgetRoot(group.root);
  }

  #forgetRoot(root: Root): void {
    if (this.#roots.get(root.address) === root) this.#roots.delete(root.address);
    this.#rootsByUid.delete(root.ref.uid);
  }

  #settle(line: Line, now: number): void {
    const { resolveAfterMs } = this.#settings.rule(line.rule.id);
    this.wakes.set(line, settle(line, now, resolveAfterMs, this.#remembered));
    if (line.firing === undefined && line.tracks.size === 0) line.group.lines.delete(line.label);
  }

  #track(ill: Ill, rootRef: ObjectRef, { rule, finding, holdMs }: Found, now: number): string {
    const { key = '' } = finding;
    const label = trackLabel(rule, key);
    const line = this.#line(rootRef, rule, ill.ref, key, now);
    const before = ill.tracks.get(label);
    if (before && before.line !== line) this.#leave(before);
    const mark = this.#remembered.get(ill.uid, label);
    const isDated = finding.since !== undefined && finding.since <= now;
    const since = isDated ? (finding.since as number) : (mark?.since ?? now);
    const fireAt = since + holdMs;
    const hasFired = fireAt <= now || (before?.hasFired ?? mark?.value === 'fired');
    const track: Track = before?.line === line ? before : { ill, rule, key, line, finding, since, fireAt, hasFired };
    Object.assign(track, { finding, since, fireAt, hasFired });
    ill.tracks.set(label, track);
    line.tracks.add(track);
    this.#dirty.add(line.group);
    this.#remember(track, label, isDated, mark?.since ?? since, now);
    return label;
  }

  /** Only what the API does not tell again after a restart is remembered. */
  #remember({ ill, hasFired, fireAt }: Track, label: string, isDated: boolean, since: number, now: number): void {
    const isNeeded = !isDated || (hasFired && fireAt > now);
    const value = hasFired ? 'fired' : 'held';
    const mark = this.#remembered.get(ill.uid, label);
    if (!isNeeded) this.#remembered.delete(ill.uid, label);
    else if (mark?.value !== value || mark.since !== since)
      this.#remembered.set(ill.uid, label, { value, since, round: Infinity });
  }

  #untrack(label: string, track: Track): void {
    track.ill.tracks.delete(label);
    this.#leave(track);
    this.#remembered.delete(track.ill.uid, label);
    // What the object's rules remember is kept in etcd only while something is found.
    this.#remembered.touch(track.ill.uid);
  }

  #leave(track: Track): void {
    track.line.tracks.delete(track);
    this.#dirty.add(track.line.group);
  }

  #setWake(ill: Ill, lookAgainAt: number | undefined): void {
    let at = lookAgainAt ?? Infinity;
    for (const { hasFired, fireAt } of ill.tracks.values()) if (!hasFired) at = Math.min(at, fireAt);
    this.wakes.set(ill, at === Infinity ? undefined : at);
    if (ill.tracks.size === 0 && at === Infinity) this.ills.delete(ill.uid);
  }

  #line(rootRef: ObjectRef, rule: AnyRule, object: ObjectRef, key: string, now: number): Line {
    const root = this.claim(rootRef, now);
    const group = this.#group(root, rule.domain);
    const label = lineLabel(rule, root.ref, object, key);
    return group.lines.get(label) ?? newLine(group, rule, label, key);
  }

  #group(root: Root, domain: Domain): Group {
    const known = root.groups.get(domain);
    if (known) return known;
    const group: Group = { root, domain, lines: new Map(), said: undefined, quietSince: undefined };
    root.groups.set(domain, group);
    return group;
  }

  #restore(root: Root, now: number): void {
    for (const [label, mark] of [...(this.#remembered.of(root.ref.uid) ?? [])]) {
      const read = readLabel(label);
      if (read === undefined) continue;
      const rule = this.#rules.get(read.rule);
      if (rule === undefined) {
        this.#remembered.delete(root.ref.uid, label);
        continue;
      }
      const group = this.#group(root, rule.domain);
      group.said = TOLD;
      restoredLine(group, rule, label, read.key, mark, now);
      this.#dirty.add(group);
    }
  }

  #move(root: Root, ref: ObjectRef): void {
    const before = root.ref.uid;
    this.#rootsByUid.delete(before);
    root.ref = ref;
    this.#rootsByUid.set(ref.uid, root);
    rootMoved(root, before, this.#remembered);
  }
}

/** Something was said of a group; what it was does not matter. */
export const TOLD = '';

function trackLabel(rule: AnyRule, key: string): string {
  return `${rule.id}!${key}`;
}
