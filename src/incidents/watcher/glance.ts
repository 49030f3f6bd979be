import { NotFoundError, PermissionError, UnavailableError } from '../../errors.ts';
import type { Cluster, KubeObject } from '../../kubernetes/cluster.ts';
import { listObjects } from '../../kubernetes/list.ts';
import type { Store } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import type { Watched as Explaining } from '../desk/explain.ts';
import { createEngine } from '../engine/engine.ts';
import type { Scene } from '../engine-contract.ts';
import type { AnyRule } from '../rule.ts';
import { createScene } from '../scene/scene.ts';
import { EVENT_STREAMS, WATCHED, type Watched } from '../scene/watched.ts';
import { seenEvent, seenOf } from '../seen/projection.ts';
import type { RuleSettings } from '../settings.ts';
import { loadMarks } from './marks.ts';

export interface GlanceDeps {
  readonly cluster: Cluster;
  readonly store: Store;
  readonly rules: readonly AnyRule[];
  readonly settings: RuleSettings;
  readonly clock: Clock;
}

/** What is asked about: an object in a namespace, or a node, whose pods are in any. */
export interface GlanceAt {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** Nobody waits longer for an answer in Slack. */
const WITHIN_MS = 10_000;
/** The nodes of so many pods are looked at. */
const MAX_NODES = 50;
/** Of these a cluster has many, and rules need single ones. */
const BY_NAME = ['Node', 'Namespace', 'PersistentVolume'];

/**
 * One look at a namespace and what it stands on, for a replica that does not watch the cluster: lists, and what the rules remember. What may
 * not be listed is left out, as the watch does.
 * @throws UnavailableError when the cluster does not answer within 10 s.
 */
export async function glance(deps: GlanceDeps, at: GlanceAt): Promise<Explaining> {
  const { cluster, store, clock } = deps;
  const scene = createScene(cluster.name, clock);
  const signal = AbortSignal.timeout(WITHIN_MS);
  const looking = { cluster, scene, signal, at, clock };
  try {
    const [marks] = await Promise.all([loadMarks(store, cluster.name), lookAround(looking)]);
    await lookAtSurroundings(looking);
    const engine = createEngine({ scene, rules: deps.rules, settings: deps.settings, marks });
    for (let isDone = false; !isDone; ) isDone = engine.sweep(clock(), Infinity).done;
    return { sight: scene.sight, engine };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new UnavailableError(`${cluster.name} did not answer within ${WITHIN_MS / 1_000} s.`, { cause: error });
  }
}

interface Looking {
  readonly cluster: Cluster;
  readonly scene: Scene;
  readonly signal: AbortSignal;
  readonly at: GlanceAt;
  readonly clock: Clock;
}

/** Everything in the namespace; of a node its pods, wherever they are. */
async function lookAround(looking: Looking): Promise<void> {
  const { cluster, scene, signal, at, clock } = looking;
  const isNode = at.kind === 'Node';
  const kinds = WATCHED.filter(({ kind }) => !BY_NAME.includes(kind) && (!isNode || kind === 'Pod'));
  await Promise.all([
    ...kinds.map((watched) =>
      asAllowed(async () => {
        const fieldSelector = isNode ? `spec.nodeName=${at.name}` : undefined;
        const namespace = isNode || !watched.namespaced ? undefined : at.namespace;
        const found = await listObjects(cluster, watched, { namespace, fieldSelector, signal });
        for (const raw of found) scene.put(seenOf(watched.kind, raw));
      }),
    ),
    ...EVENT_STREAMS.map(({ query, ...resource }) =>
      asAllowed(async () => {
        const options = { namespace: isNode ? undefined : at.namespace, signal };
        const about = isNode ? `,involvedObject.name=${at.name}` : '';
        const fieldSelector = `${query.fieldSelector}${about}`;
        for (const raw of await listObjects(cluster, resource, { ...options, fieldSelector }))
          scene.event(seenEvent(raw), clock());
      }),
    ),
  ]);
}

/** The namespace, the nodes that its pods are on, the volumes that its claims are bound to. */
async function lookAtSurroundings(looking: Looking): Promise<void> {
  const { scene, at } = looking;
  const { sight } = scene;
  const nodes = new Set([...sight.all('Pod')].map(({ spec }) => spec.nodeName).filter((name) => name !== undefined));
  const names: [Watched['kind'], string][] = [
    ...(at.kind === 'Node' || at.kind === 'PersistentVolume' ? [[at.kind, at.name] as [Watched['kind'], string]] : []),
    ...(at.namespace === '' ? [] : [['Namespace', at.namespace] as [Watched['kind'], string]]),
    ...[...nodes].slice(0, MAX_NODES).map((name): [Watched['kind'], string] => ['Node', name]),
  ];
  await Promise.all(names.map(([kind, name]) => asAllowed(() => lookAtOne(looking, kind, name))));
}

async function lookAtOne({ cluster, scene, signal }: Looking, kind: Watched['kind'], name: string): Promise<void> {
  const resource = WATCHED.find((one) => one.kind === kind);
  if (!resource) return;
  const raw: KubeObject = await cluster.request({ resource, name, signal, deadlineMs: WITHIN_MS });
  scene.put(seenOf(kind, raw));
}

async function asAllowed(look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof NotFoundError) && !(error instanceof PermissionError)) throw error;
  }
}
