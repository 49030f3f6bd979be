import type { Versioned } from '../../state/store.ts';
import type { KeptBook } from '../book/book.ts';
import type { Incident } from '../incident.ts';

/**
 * A copy of what is current in the book, with revisions, so that recording needs no reading. Others' writes arrive by a watch; of two
 * versions the later one counts, in whatever order they come.
 */
export class Shelf {
  readonly #book: KeptBook;
  readonly #isOurs: (incident: Incident) => boolean;
  readonly #known = new Map<string, Versioned<Incident>>();
  readonly #lively = new Map<string, Incident>();
  #version = 0;
  #watch: Promise<{ stop(): Promise<void> }> | undefined;
  /** Keys that were written while a list was being read. */
  #arrived: Set<string> | undefined;

  readonly #onOthers: (after: Incident, before: Incident | undefined) => void;

  /** @param onOthers called with what somebody else wrote. */
  constructor(
    book: KeptBook,
    isOurs: (incident: Incident) => boolean,
    onOthers: (after: Incident, before: Incident | undefined) => void = () => undefined,
  ) {
    this.#onOthers = onOthers;
    this.#book = book;
    this.#isOurs = isOurs;
  }

  get known(): ReadonlyMap<string, Versioned<Incident>> {
    return this.#known;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Young ones (opened after `since`), nodes, umbrellas and what is under them. */
  lively(since: number): ReadonlyMap<string, Incident> {
    for (const [key, incident] of this.#lively) if (!isLively(incident, since)) this.#lively.delete(key);
    return this.#lively;
  }

  *incidents(): Generator<Incident> {
    for (const { value } of this.#known.values()) yield value;
  }

  /** Reads everything. @throws UnavailableError */
  async load(): Promise<void> {
    // First the watch, so that nothing falls between.
    this.#watch ??= this.#book.watch((key, found) => this.#follow(key, found));
    await this.#watch.catch((error: unknown) => {
      this.#watch = undefined;
      throw error;
    });
    this.#arrived = new Set();
    const listed = (await this.#book.current()).filter(({ value }) => this.#isOurs(value));
    const arrived = this.#arrived;
    this.#arrived = undefined;
    const keys = new Set(listed.map(({ value }) => value.key));
    for (const key of this.#known.keys()) if (!keys.has(key) && !arrived.has(key)) this.#drop(key);
    for (const found of listed) this.note(found.value.key, found);
  }

  #follow(key: string, found: Versioned<Incident> | undefined): void {
    const before = this.#known.get(key)?.value;
    this.note(key, found);
    const after = this.#known.get(key)?.value;
    if (after && after !== before) this.#onOthers(after, before);
  }

  note(key: string, found: Versioned<Incident> | undefined): void {
    this.#arrived?.add(key);
    if (!found) {
      this.#drop(key);
      return;
    }
    if (!this.#isOurs(found.value)) return;
    const known = this.#known.get(key);
    if (known && BigInt(known.revision) >= BigInt(found.revision)) return;
    this.#version += 1;
    this.#known.set(key, found);
    this.#lively.set(key, found.value);
  }

  #drop(key: string): void {
    this.#version += 1;
    this.#known.delete(key);
    this.#lively.delete(key);
  }

  async reread(key: string): Promise<void> {
    this.note(key, await this.#book.byKey(key));
  }

  async stop(): Promise<void> {
    const watch = await this.#watch?.catch(() => undefined);
    this.#watch = undefined;
    await watch?.stop();
  }
}

function isLively({ openedAt, kind, domain, partOf }: Incident, since: number): boolean {
  return openedAt > since || kind === 'storm' || domain === 'node' || partOf?.why === 'storm';
}
