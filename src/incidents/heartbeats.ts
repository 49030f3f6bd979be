import type { BridgeInConfig } from '../config/bridges.ts';
import type { Logger } from '../log.ts';
import type { Store, Versioned } from '../state/store.ts';
import { type Clock, parseDuration } from '../time.ts';

/**
 * Signs of life of other systems, above all the `Watchdog` alert that a healthy Alertmanager repeats for ever. Any replica hears them and
 * keeps the last one in etcd; whoever watches asks which are overdue. A restart of Shipmate neither forgives a silence that was noticed
 * nor blames a sender for beats that nobody was there to hear.
 */
export interface Heartbeats {
  /** A sign of life came. @param name of its monitor; one that is not monitored is left alone. Throws what the store throws. */
  beat(name: string): Promise<void>;
  /** Monitors that have been silent for longer than twice their interval. @param now epoch ms. */
  overdue(now: number): readonly { readonly name: string; readonly overdueSince: number }[];
  stop(): Promise<void>;
}

export interface Monitor {
  /** Name of the bridge: part of its path in etcd. */
  readonly name: string;
  /** What people read: `Watchdog (alertmanager-eu1)`. */
  readonly title: string;
  readonly everyMs: number;
}

export interface HeartbeatDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly monitors: readonly Monitor[];
}

interface Heard {
  readonly name: string;
  /** Epoch ms. */
  readonly lastAt: number;
  /** It was found overdue, and since when. */
  readonly silentSince?: number;
}

const PREFIX = 'incidents/heartbeats/';
const PATIENCE = 2;
/** Beats that follow each other faster are not written: nobody measures them so finely. */
const WRITES_PER_INTERVAL = 4;

/** The heartbeats that the config file expects. Pure. */
export function monitorsOf(bridges: readonly BridgeInConfig[]): readonly Monitor[] {
  return bridges.flatMap(({ name, heartbeat }) =>
    heartbeat ? [{ name, title: `${heartbeat.alertname} (${name})`, everyMs: parseDuration(heartbeat.every) }] : [],
  );
}

/** @throws UnavailableError when etcd does not answer. */
export async function openHeartbeats(deps: HeartbeatDeps): Promise<Heartbeats> {
  const heard = new Map<string, Versioned<Heard>>();
  const learn = (path: string, value: Versioned<Heard> | undefined): void => {
    if (value) heard.set(path, value);
    else heard.delete(path);
  };
  const watch = await deps.store.watch<Heard>(PREFIX, ({ path, value }) => learn(path, value));
  for (const found of await deps.store.list<Heard>(PREFIX)) learn(found.path, found);
  return new KeptHeartbeats(deps, heard, () => watch.stop());
}

class KeptHeartbeats implements Heartbeats {
  readonly #deps: HeartbeatDeps;
  readonly #heard: ReadonlyMap<string, Versioned<Heard>>;
  readonly #stop: () => Promise<void>;
  readonly #openedAt: number;
  /** Beats of this process that the watch may not have brought back yet. */
  readonly #own = new Map<string, number>();

  constructor(deps: HeartbeatDeps, heard: ReadonlyMap<string, Versioned<Heard>>, stop: () => Promise<void>) {
    this.#deps = deps;
    this.#heard = heard;
    this.#stop = stop;
    this.#openedAt = deps.clock();
  }

  async beat(name: string): Promise<void> {
    const monitor = this.#deps.monitors.find((one) => one.name === name);
    if (!monitor) return;
    const now = this.#deps.clock();
    const isFresh = now - this.#lastAt(monitor) < monitor.everyMs / WRITES_PER_INTERVAL;
    if (isFresh && this.#kept(monitor)?.value.silentSince === undefined) return;
    const value: Heard = { name, lastAt: now };
    // Written whatever stood there: a later beat is as good as this one.
    await this.#deps.store.commit([{ op: 'put', path: pathOf(monitor), value, expect: 'any' }]);
    this.#own.set(name, now);
  }

  overdue(now: number): readonly { readonly name: string; readonly overdueSince: number }[] {
    return this.#deps.monitors.flatMap((monitor) => {
      const overdueSince = this.#overdueSince(monitor, now);
      return overdueSince === undefined ? [] : [{ name: monitor.title, overdueSince }];
    });
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  #overdueSince(monitor: Monitor, now: number): number | undefined {
    const patience = monitor.everyMs * PATIENCE;
    const kept = this.#kept(monitor);
    const lastAt = this.#lastAt(monitor);
    const silentSince = kept?.value.silentSince;
    if (silentSince !== undefined && kept !== undefined && lastAt <= kept.value.lastAt) return silentSince;
    // Beats of the time in which this process was not there went nowhere.
    const dueAt = Math.max(lastAt, this.#openedAt) + patience;
    if (now < dueAt) return undefined;
    this.#note(monitor, kept, { name: monitor.name, lastAt, silentSince: dueAt });
    return dueAt;
  }

  /** Kept, so that the silence is not forgiven by a restart; a beat that came meanwhile wins. */
  #note(monitor: Monitor, kept: Versioned<Heard> | undefined, value: Heard): void {
    const expect = kept ? { revision: kept.revision } : 'absent';
    this.#deps.store
      .commit([{ op: 'put', path: pathOf(monitor), value, expect }])
      .catch((error: unknown) => this.#deps.log.warn({ err: error, monitor: monitor.name }, 'silence not kept'));
  }

  #kept(monitor: Monitor): Versioned<Heard> | undefined {
    return this.#heard.get(pathOf(monitor));
  }

  #lastAt(monitor: Monitor): number {
    return Math.max(this.#own.get(monitor.name) ?? 0, this.#kept(monitor)?.value.lastAt ?? 0);
  }
}

function pathOf({ name }: Monitor): string {
  return `${PREFIX}${name}`;
}
