import type { AlertsConfig } from '../../config/alerts.ts';
import { NotFoundError, UsageError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Logger } from '../../log.ts';
import type { Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import { DAY } from '../rule.ts';
import type { Match } from './match.ts';
import { maintenanceWindows, type Quiet, quietOf, type Silence } from './silence.ts';

export interface Silences {
  /** Reads what there is and follows it. @throws UnavailableError */
  start(): Promise<void>;
  /** All that may keep incidents quiet, now or later: silences and maintenance windows. The same array as long as nothing changes. */
  quiets(): readonly Quiet[];
  /** Silences that are in force, those that end first in front; read from etcd. */
  list(): Promise<readonly Silence[]>;
  /**
   * @param wish.id the same one again is the same silence. Default: a new one.
   * @throws UsageError without a reason, without any criterion, or with an end that is past or more than 30 days away.
   */
  add(wish: SilenceWish): Promise<Silence>;
  /** Ends it now; what still fails is told. @throws NotFoundError */
  revoke(id: string): Promise<Silence>;
  /** Forgets those that are over. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export interface SilenceWish extends Omit<Silence, 'id' | 'at'> {
  readonly id?: string | undefined;
}

export interface SilencesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly alerts: AlertsConfig;
}

const ROOT = 'incidents/silences/';
const LONGEST_MS = 30 * DAY;

/** Silences in etcd, as every replica sees them. */
export function createSilences(deps: SilencesDeps): Silences {
  return new EtcdSilences(deps);
}

class EtcdSilences implements Silences {
  readonly #deps: SilencesDeps;
  readonly #windows: readonly Quiet[];
  readonly #known = new Map<string, Silence>();
  #quiets: readonly Quiet[];
  #watch: { stop(): Promise<void> } | undefined;

  constructor(deps: SilencesDeps) {
    this.#deps = deps;
    this.#windows = maintenanceWindows(deps.alerts);
    this.#quiets = this.#windows;
  }

  async start(): Promise<void> {
    this.#watch ??= await this.#deps.store.watch<Silence>(ROOT, ({ path, value }) => {
      this.#note(path.slice(ROOT.length), value?.value);
    });
    for (const { value } of await this.#deps.store.list<Silence>(ROOT)) this.#note(value.id, value);
  }

  quiets(): readonly Quiet[] {
    return this.#quiets;
  }

  async list(): Promise<readonly Silence[]> {
    const now = this.#deps.clock();
    const all = (await this.#deps.store.list<Silence>(ROOT)).map(({ value }) => value);
    return all.filter(({ until }) => until > now).sort((a, b) => a.until - b.until);
  }

  async add({ id, ...wish }: SilenceWish): Promise<Silence> {
    const at = this.#deps.clock();
    mustBeSensible(wish, at);
    const silence: Silence = { ...wish, id: id ?? `s${newId().slice(1, 7)}`, at };
    const path = `${ROOT}${silence.id}`;
    const revision = await this.#deps.store.commit([{ op: 'put', path, value: silence, expect: 'absent' }]);
    // Taken: the same wish again, or, once in a billion, another one's id.
    if (revision === undefined && id !== undefined) return silence;
    if (revision === undefined) return await this.add(wish);
    this.#note(silence.id, silence);
    return silence;
  }

  async revoke(id: string): Promise<Silence> {
    const path = `${ROOT}${id}`;
    const found = await this.#deps.store.get<Silence>(path);
    if (!found || found.value.until <= this.#deps.clock()) {
      throw new NotFoundError(`No silence "${id}" is in force.`, { hint: '`/alerts silences` lists them.' });
    }
    await this.#deps.store.commit([{ op: 'del', path, expect: 'any' }]);
    this.#note(id, undefined);
    return found.value;
  }

  async sweep(): Promise<void> {
    const now = this.#deps.clock();
    for (const { path, value } of await this.#deps.store.list<Silence>(ROOT)) {
      if (value.until <= now) await this.#deps.store.commit([{ op: 'del', path, expect: 'any' }]);
    }
  }

  async stop(): Promise<void> {
    await this.#watch?.stop();
    this.#watch = undefined;
  }

  /** A silence never changes once made, so seeing one twice is nothing new. */
  #note(id: string, silence: Silence | undefined): void {
    if (silence ? this.#known.has(id) : !this.#known.delete(id)) return;
    if (silence) this.#known.set(id, silence);
    this.#quiets = [...[...this.#known.values()].map(quietOf), ...this.#windows];
  }
}

function mustBeSensible(wish: { match: Match; reason: string; until: number }, now: number): void {
  const { clusters, namespaces, rules, severities, labels, names } = wish.match;
  const criteria = [clusters, namespaces, rules, severities, names, labels && Object.keys(labels)];
  if (!criteria.some((criterion) => criterion !== undefined && criterion.length > 0)) {
    throw new UsageError('A silence needs something to match.', {
      hint: 'Name a namespace, a rule, a cluster, a label or an object, for example: /alerts silence -n shop --rule P01 --for 2h --reason "migration"',
    });
  }
  if (wish.reason.trim() === '') {
    throw new UsageError('A silence needs a reason.', {
      hint: 'Say why in a few words, others will ask: --reason "load test"',
    });
  }
  if (wish.until <= now || wish.until > now + LONGEST_MS) {
    throw new UsageError('A silence ends in the future, at most 30 days from now.', {
      hint: 'Give a duration such as --for 2h, or write a maintenance window into the config file.',
    });
  }
}
