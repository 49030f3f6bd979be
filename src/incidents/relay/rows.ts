import { matcherOf } from '../../access/policy/glob.ts';
import type { OutgoingAlert } from '../../bridges/alert.ts';
import type { BridgeOutConfig } from '../../config/bridges.ts';
import type { Change, Store, Versioned } from '../../state/store.ts';
import type { Companion } from '../book.ts';
import type { Incident } from '../incident.ts';
import { statusOf, wants } from './outgoing.ts';

/**
 * What other systems have not been told yet: one row per bridge and incident, `relay/rows/<bridge>/<incident id>`, written in the same
 * commit as the incident. It holds the key of the incident, not its text: whoever delivers says what is true then.
 */
export interface RelayRow {
  readonly schemaVersion: 1;
  readonly key: string;
  /** Epoch ms: since when there is something to tell. */
  readonly since: number;
  readonly attempts: number;
  /** Not before this, epoch ms. */
  readonly notBefore: number;
  readonly error?: string | undefined;
  /** When it was first tried in vain, epoch ms. */
  readonly failingSince?: number | undefined;
  /** It is about Shipmate itself: Slack may be the very thing that does not hear of it. */
  readonly isOwn?: boolean | undefined;
}

/** What a bridge was told last about an incident: `relay/told/<bridge>/<incident id>`. */
export interface Told {
  readonly schemaVersion: 1;
  readonly key: string;
  readonly status: OutgoingAlert['status'];
  readonly severity: OutgoingAlert['severity'];
  readonly at: number;
}

/** A row that was given up: kept until somebody replays it, `relay/dead/<bridge>/<incident id>`. */
export interface DeadLetter extends RelayRow {
  readonly gaveUpAt: number;
}

export const ROWS = 'relay/rows/';
export const TOLD = 'relay/told/';
export const DEAD = 'relay/dead/';

export interface Addressed<T> {
  readonly bridge: string;
  readonly incident: string;
  readonly entry: Versioned<T>;
}

const PAGE = 1_000;

/** Rows, told notes or dead letters, of one bridge or of all. */
export async function listAddressed<T>(store: Store, root: string, only?: string): Promise<readonly Addressed<T>[]> {
  const prefix = only === undefined ? root : `${root}${only}/`;
  const entries: Versioned<T>[] = [];
  for (let after: string | undefined; ; after = entries.at(-1)?.path) {
    const page = await store.list<T>(prefix, { limit: PAGE, ...(after !== undefined && { after }) });
    entries.push(...page);
    if (page.length < PAGE) break;
  }
  return entries.map((entry) => {
    const [bridge = '', incident = ''] = entry.path.slice(root.length).split('/');
    return { bridge, incident, entry };
  });
}

export function pathOf(root: string, bridge: string, incident: string): string {
  return `${root}${bridge}/${incident}`;
}

/**
 * The rows that go with a step of an incident. Only what other systems can see makes one: beginning, acknowledgement, a rise, the end.
 * An end is told to whoever was told of the beginning, also when the incident was silenced since; the deliverer looks that up. Pure.
 */
export function relayCompanion(bridges: readonly BridgeOutConfig[]): Companion {
  const listening = bridges.map((bridge) => ({ bridge, isInPlace: placeOf(bridge) }));
  return (before, after) => {
    if (!isNews(before, after)) return [];
    return listening
      .filter(
        ({ bridge, isInPlace }) => wants(bridge, after, isInPlace) || (before && wants(bridge, before, isInPlace)),
      )
      .map(({ bridge }) => rowChange(bridge.name, after));
  };
}

function rowChange(bridge: string, after: Incident): Change {
  const since = after.log.at(-1)?.at ?? after.openedAt;
  const isOwn = after.root.kind === 'Shipmate';
  const row: RelayRow = { schemaVersion: 1, key: after.key, since, attempts: 0, notBefore: 0, ...(isOwn && { isOwn }) };
  return { op: 'put', path: pathOf(ROWS, bridge, after.id), value: row, expect: 'any' };
}

function isNews(before: Incident | undefined, after: Incident): boolean {
  return (
    before === undefined ||
    before.id !== after.id ||
    statusOf(before) !== statusOf(after) ||
    before.severity !== after.severity ||
    before.silencedBy !== after.silencedBy ||
    before.partOf?.id !== after.partOf?.id
  );
}

/** Whether a bridge listens to a place. Pure. */
export function placeOf(bridge: Pick<BridgeOutConfig, 'clusters' | 'namespaces'>) {
  const inCluster = matcherOf(bridge.clusters);
  const inNamespace = matcherOf(bridge.namespaces);
  return (cluster: string, namespace: string): boolean =>
    (inCluster?.(cluster) ?? true) && (inNamespace?.(namespace) ?? true);
}
