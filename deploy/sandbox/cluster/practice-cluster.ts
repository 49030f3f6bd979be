import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../../src/time.ts';
import type { Access } from './api/access.ts';
import { startDefinitions } from './controllers/definitions.ts';
import { startControllers } from './controllers/start.ts';
import { ApiServer } from './http/server.ts';
import type { Json } from './object.ts';
import { plant } from './seed.ts';
import type { Store } from './store.ts';
import { World } from './world.ts';

export interface PracticeClusterOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  clock?: Clock;
  /** Plain objects to begin with, statuses included. Without any Node among them, three healthy nodes are made. */
  seed?: readonly Json[];
  /** How much faster than life the controllers and kubelets are. 1 takes about two seconds to a ready pod. Default 1. */
  speed?: number;
  /** Timestamps run as fast as the controllers do, and `clock` of the result tells that time. Default false: they are the machine's. */
  isTimeFast?: boolean;
  /** Controllers, scheduler and kubelets; without them objects lie still. Default true. */
  isAlive?: boolean;
  /** Changes remembered per resource, for watches that come back. Default 20,000. */
  historySize?: number;
  /** Told about an error in a controller, so that a long-lived sandbox survives it; without it the error is thrown. */
  onFailure?: (error: unknown) => void;
}

export interface PracticeCluster {
  readonly url: string;
  readonly token: string;
  /** A kubeconfig as YAML: one context `practice`, bearer token. */
  readonly kubeconfig: string;
  /** The time that its timestamps are made from. */
  readonly clock: Clock;
  /** The objects, past the API: for looking, and for seeding in bulk. */
  readonly store: Store;
  /** Takes rights away from the token's owner, to try a 403. */
  readonly access: Access;
  readonly faults: {
    /** Forgets history: watches from an old resourceVersion and old continue tokens get 410. */
    compact(): void;
    /** Ends open watches cleanly, or with a 410 ERROR event; of one resource (`pods`, `deployments.apps`) or of all. */
    endWatches(options?: { isGone?: boolean; key?: string }): void;
  };
  /** Adds objects as they are, statuses included, as `seed` does. */
  plant(objects: readonly Json[]): void;
  stop(): Promise<void>;
}

/** Starts a Kubernetes API server with controllers in this process, on 127.0.0.1, without any other program. */
export async function startPracticeCluster(options: PracticeClusterOptions = {}): Promise<PracticeCluster> {
  const world = new World({
    clock: options.clock ?? systemClock,
    speed: options.speed ?? 1,
    isTimeFast: options.isTimeFast,
    onFailure: options.onFailure,
    ...(options.historySize === undefined ? {} : { historySize: options.historySize }),
  });
  const token = randomBytes(16).toString('hex');
  const server = new ApiServer(world, token);
  const isAlive = options.isAlive ?? true;
  startDefinitions(world);
  if (isAlive) startControllers(world);
  plant(world, options.seed ?? []);
  if (isAlive && world.store.list('nodes').length === 0)
    plant(
      world,
      [1, 2, 3].map((n) => ({ kind: 'Node', apiVersion: 'v1', metadata: { name: `node-${n}` } })),
    );
  await server.listen(options.port ?? 0);
  return {
    url: server.url,
    token,
    kubeconfig: kubeconfigOf(server.url, token),
    clock: world.clock,
    store: world.store,
    access: server.access,
    faults: {
      compact: () => {
        world.store.compact();
        server.lister.expireAll();
      },
      endWatches: (which) => server.endWatches(which),
    },
    plant: (objects) => plant(world, objects),
    stop: async () => {
      world.stop();
      await server.stop();
    },
  };
}

function kubeconfigOf(url: string, token: string): string {
  return `apiVersion: v1
kind: Config
current-context: practice
clusters:
  - name: practice
    cluster:
      server: ${url}
      insecure-skip-tls-verify: true
contexts:
  - name: practice
    context:
      cluster: practice
      user: shipmate
      namespace: default
users:
  - name: shipmate
    user:
      token: ${token}
`;
}
