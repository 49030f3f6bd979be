import type { Logger } from '../log.ts';
import {
  type ApiGroup,
  type ApiResource,
  type Discovered,
  fromAggregated,
  fromResourceLists,
  type GroupDiscovery,
} from './discovery-read.ts';
import type { Transport } from './transport.ts';

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');
const MAX_AGE_MS = 10 * 60_000;
/** A word nobody knows must not make every typo ask the whole cluster again. */
const MIN_REFRESH_MS = 5_000;
const PARALLEL = 8;

/** Discovery with a cache of ten minutes; aggregated where the server has it (≥ 1.26), else group by group. */
export class Discovery {
  readonly #cluster: string;
  readonly #transport: Transport;
  readonly #log: Logger;
  readonly #now: () => number;
  #cached: { found: Discovered; at: number } | undefined;
  #asking: Promise<Discovered> | undefined;

  constructor(cluster: string, transport: Transport, log: Logger, now: () => number) {
    this.#cluster = cluster;
    this.#transport = transport;
    this.#log = log;
    this.#now = now;
  }

  /** What is served, at most ten minutes old. */
  async known(): Promise<Discovered> {
    if (this.#cached && this.#now() - this.#cached.at < MAX_AGE_MS) return this.#cached.found;
    return this.#ask();
  }

  /** What is served now: for a word that was not found, such as that of a CRD made a minute ago. */
  async refreshed(): Promise<Discovered> {
    if (this.#cached && this.#now() - this.#cached.at < MIN_REFRESH_MS) return this.#cached.found;
    return this.#ask();
  }

  #ask(): Promise<Discovered> {
    this.#asking ??= this.#read()
      .then((found) => {
        this.#cached = { found, at: this.#now() };
        if (found.missing.length > 0)
          this.#log.warn({ cluster: this.#cluster, groups: found.missing }, 'some API groups could not be discovered');
        return found;
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #read(): Promise<Discovered> {
    const [core, groups] = await Promise.all([this.#group('/api'), this.#group('/apis')]);
    return {
      resources: [...core.resources, ...groups.resources],
      missing: [...core.missing, ...groups.missing],
    };
  }

  async #group(path: '/api' | '/apis'): Promise<Discovered> {
    const answer = await this.#transport.json<GroupDiscovery>({ path, accept: AGGREGATED });
    if (answer.kind === 'APIGroupDiscoveryList') return fromAggregated(answer.items ?? []);
    const groups: readonly ApiGroup[] =
      path === '/api'
        ? [{ name: '', versions: (answer.versions ?? []).map((version) => ({ groupVersion: version, version })) }]
        : (answer.groups ?? []);
    return this.#oneByOne(groups);
  }

  async #oneByOne(groups: readonly ApiGroup[]): Promise<Discovered> {
    const wanted = groups.flatMap((group) => group.versions.map((version) => ({ group, ...version })));
    const lists = new Map<string, readonly ApiResource[]>();
    const missing: string[] = [];
    const queue = [...wanted];
    const ask = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const path = next.group.name === '' ? `/api/${next.version}` : `/apis/${next.groupVersion}`;
        try {
          const list = await this.#transport.json<{ resources?: ApiResource[] }>({ path });
          lists.set(next.groupVersion, list.resources ?? []);
        } catch (error) {
          // Without the core group nothing can be resolved; any other may be missing for a while.
          if (next.group.name === '') throw error;
          missing.push(next.groupVersion);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, ask));
    return { resources: fromResourceLists(groups, lists), missing };
  }
}
