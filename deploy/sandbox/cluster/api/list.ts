import { randomUUID } from 'node:crypto';
import type { ListMeta } from '../http/render.ts';
import type { Obj } from '../object.ts';
import type { Resource } from '../resources.ts';
import { ApiError, badRequest, expired, invalid } from '../status.ts';
import type { World } from '../world.ts';
import { parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';

export type Matches = (object: Obj) => boolean;

/** The predicate of a request's labelSelector and fieldSelector (and of the name in `…/pods/NAME?watch`). @throws ApiError 400. */
export function matcherOf(resource: Resource, query: URLSearchParams): Matches {
  const labelText = query.get('labelSelector') ?? '';
  const fieldText = query.get('fieldSelector') ?? '';
  const label = labelText === '' ? undefined : parseLabelSelector(labelText);
  const field = fieldText === '' ? undefined : parseFieldSelector(fieldText, resource);
  return (object) => (!label || label(object.metadata.labels)) && (!field || field(object));
}

interface Snapshot {
  items: readonly Obj[];
  revision: number;
  takenAt: number;
}

const SNAPSHOT_LIFE_MS = 300_000;
const SNAPSHOTS_KEPT = 200;

/**
 * Lists in chunks. The first chunk freezes the matching objects; a `continue` token pages through exactly that picture, and
 * expires like a compacted one: after five minutes or when `expireAll` is called.
 */
export class Lister {
  readonly #world: World;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(world: World) {
    this.#world = world;
  }

  list(
    resource: Resource,
    namespace: string | undefined,
    query: URLSearchParams,
  ): { items: readonly Obj[]; meta: ListMeta } {
    const limit = Number(query.get('limit') ?? 0);
    const token = query.get('continue');
    if (token) return this.#next(token, limit);
    this.#checkVersion(query);
    const { store } = this.#world;
    const all = store.list(resource.key, namespace);
    const hasSelector = Boolean(query.get('labelSelector') || query.get('fieldSelector'));
    const items = hasSelector ? all.filter(matcherOf(resource, query)) : all;
    const snapshot = { items, revision: store.revision, takenAt: this.#world.clock() };
    // With a selector the server does not know how many more will match, and says nothing.
    return this.#page(snapshot, 0, limit, !hasSelector);
  }

  /** Makes every `continue` token answer 410. */
  expireAll(): void {
    this.#snapshots.clear();
  }

  #page(
    snapshot: Snapshot,
    from: number,
    limit: number,
    isCounted: boolean,
  ): { items: readonly Obj[]; meta: ListMeta } {
    const meta: ListMeta = { resourceVersion: String(snapshot.revision) };
    if (!(limit > 0) || snapshot.items.length - from <= limit) {
      return { items: from === 0 ? snapshot.items : snapshot.items.slice(from), meta };
    }
    const id = randomUUID();
    this.#snapshots.set(id, snapshot);
    if (this.#snapshots.size > SNAPSHOTS_KEPT) this.#snapshots.delete(this.#snapshots.keys().next().value as string);
    meta.continue = Buffer.from(JSON.stringify({ v: 'practice', id, at: from + limit, counted: isCounted })).toString(
      'base64url',
    );
    if (isCounted) meta.remainingItemCount = snapshot.items.length - from - limit;
    return { items: snapshot.items.slice(from, from + limit), meta };
  }

  #next(token: string, limit: number): { items: readonly Obj[]; meta: ListMeta } {
    let decoded: { id: string; at: number; counted: boolean };
    try {
      decoded = JSON.parse(Buffer.from(token, 'base64url').toString());
    } catch {
      throw badRequest(
        'invalid continue token: continue key is not valid: invalid character looking for beginning of value',
      );
    }
    const snapshot = this.#snapshots.get(decoded.id);
    if (!snapshot || this.#world.clock() - snapshot.takenAt > SNAPSHOT_LIFE_MS) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      );
    }
    return this.#page(snapshot, decoded.at, limit, decoded.counted);
  }

  #checkVersion(query: URLSearchParams): void {
    const text = query.get('resourceVersion');
    const match = query.get('resourceVersionMatch');
    if (match && !text) {
      throw invalid('meta.k8s.io', 'ListOptions', '', [
        {
          field: 'resourceVersionMatch',
          type: 'Forbidden',
          detail: 'resourceVersionMatch is forbidden unless resourceVersion is provided',
        },
      ]);
    }
    if (!text || text === '0') return;
    const asked = Number(text);
    if (!Number.isInteger(asked) || asked < 0) {
      throw badRequest(`invalid resource version: ${notANumber(text)}`);
    }
    const { revision } = this.#world.store;
    if (asked > revision) {
      throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${revision}`, {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      });
    }
    if (match === 'Exact' && asked < revision) {
      throw expired(`The resourceVersion for the provided list is too old.`);
    }
  }
}

/** `strconv.ParseUint`'s complaint about a resourceVersion. */
export function notANumber(text: string): string {
  return `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
}
