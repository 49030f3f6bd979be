import type { SeenEvent } from '../seen/surroundings.ts';

const PER_OBJECT = 10;
const KEPT_MS = 3_600_000;
/** Over all objects: an event storm must not become a memory problem. The objects heard of longest ago are forgotten first. */
const MAX_OBJECTS = 10_000;

/** What was said about objects lately: per object the 10 newest of the last hour. */
export class EventShelf {
  /** In the order in which they were last heard of. */
  readonly #byObject = new Map<string, readonly SeenEvent[]>();

  /** @returns whether anything is new: a relist tells everything again. */
  add(event: SeenEvent, now: number): boolean {
    if (event.about === '' || event.lastTimestamp <= now - KEPT_MS) return false;
    const known = this.of(event.about, now);
    const same = known.find((other) => isRepeat(other, event));
    if (same !== undefined && same.count >= event.count && same.lastTimestamp >= event.lastTimestamp) return false;
    const others = known.filter((other) => other !== same);
    const sorted = [...others, event].sort((a, b) => b.lastTimestamp - a.lastTimestamp).slice(0, PER_OBJECT);
    this.#byObject.delete(event.about);
    this.#byObject.set(event.about, sorted);
    this.#forgetOldest(now);
    return sorted.includes(event);
  }

  /** Newest first. */
  of(uid: string, now: number): readonly SeenEvent[] {
    const known = this.#byObject.get(uid);
    if (known === undefined) return [];
    const oldest = known.at(-1);
    if (oldest === undefined || oldest.lastTimestamp > now - KEPT_MS) return known;
    const kept = known.filter((event) => event.lastTimestamp > now - KEPT_MS);
    if (kept.length === 0) this.#byObject.delete(uid);
    else this.#byObject.set(uid, kept);
    return kept;
  }

  remove(uid: string): void {
    this.#byObject.delete(uid);
  }

  #forgetOldest(now: number): void {
    for (const [uid, events] of this.#byObject) {
      const isOld = (events[0]?.lastTimestamp ?? 0) <= now - KEPT_MS;
      if (!isOld && this.#byObject.size <= MAX_OBJECTS) return;
      this.#byObject.delete(uid);
    }
  }
}

/** The API counts a repeated event up; some clients write a new one each time. Both are one line for people. */
function isRepeat(a: SeenEvent, b: SeenEvent): boolean {
  return a.reason === b.reason && a.type === b.type && a.message === b.message;
}
