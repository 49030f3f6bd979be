import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, Part } from '../../../src/chat/message.ts';
import { fileSchema } from '../../../src/config/file.ts';
import type { Cluster, Resource } from '../../../src/kubernetes/cluster.ts';
import { connectClusters } from '../../../src/kubernetes/connect.ts';
import { createLogger } from '../../../src/log.ts';
import type {
  ChangeCommand,
  CommandContext,
  FollowContext,
  Plan,
  ReadCommand,
} from '../../../src/pipeline/definition.ts';
import { parseLine } from '../../../src/pipeline/parse.ts';
import { createRegistry, loadCommands } from '../../../src/pipeline/registry.ts';
import { systemClock } from '../../../src/time.ts';
import {
  type PracticeCluster,
  type PracticeClusterOptions,
  startPracticeCluster,
} from '../../support/practice-cluster.ts';

/** The real commands on a practice cluster, typed as people type them; Slack and the queues are left out. */
export interface Typed {
  readonly practice: PracticeCluster;
  readonly cluster: Cluster;
  readonly context: CommandContext;
  /** Runs a read. */
  reads(line: string): Promise<Message>;
  /** Plans a change. @throws what the command throws; Error when there is nothing to do. */
  plans(line: string): Promise<{ plan: Plan; command: ChangeCommand; answer?: Message }>;
  /** What `plan` says when there is nothing to do. */
  hasNothingToDo(line: string): Promise<Message>;
  follow(onProgress?: FollowContext['progress']): FollowContext;
  object(type: string, name: string): Promise<import('../../../src/kubernetes/cluster.ts').KubeObject>;
  stop(): Promise<void>;
}

export async function startTyping(options: PracticeClusterOptions): Promise<Typed> {
  const practice = await startPracticeCluster({ speed: 4, ...options });
  const directory = await mkdtemp(join(tmpdir(), 'shipmate-typed-'));
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, practice.kubeconfig);
  const config = fileSchema.parse({
    clusters: { demo: { kubeconfig, namespace: 'shop' }, prod: { kubeconfig, production: true } },
  });
  const clusters = connectClusters(config.clusters, {}, createLogger('silent'));
  const cluster = clusters.get();
  const registry = createRegistry(await loadCommands(join(import.meta.dirname, '../../../commands')));
  const context: CommandContext = {
    invocation: 'i-test',
    person: { team: 'T1', user: 'UADA' },
    clusters,
    etcds: {
      names: [],
      get: () => {
        throw new Error('No etcd here.');
      },
      all: () => [],
    } as unknown as CommandContext['etcds'],
    clock: systemClock,
    log: createLogger('silent'),
    signal: new AbortController().signal,
    house: { commands: registry.commands, may: () => true, status: async () => [] },
  };
  const parse = (line: string) => {
    const parsed = parseLine(
      line.split(' ').map((text) => ({ text })),
      registry,
    );
    if (parsed.kind !== 'command') throw new Error(`"${line}" asks for help.`);
    return parsed;
  };
  const plan = async (line: string) => {
    const { command, args } = parse(line);
    return {
      command: command as ChangeCommand,
      planned: await (command as ChangeCommand).plan(args as never, context),
    };
  };
  return {
    practice,
    cluster,
    context,
    reads: async (line) => {
      const { command, args } = parse(line);
      return (command as ReadCommand).run(args as never, context);
    },
    plans: async (line) => {
      const { command, planned } = await plan(line);
      if ('nothingToDo' in planned) throw new Error(planned.nothingToDo.title);
      // A plan is kept as JSON between the phases.
      return { command, plan: JSON.parse(JSON.stringify(planned)) as Plan };
    },
    hasNothingToDo: async (line) => {
      const { planned } = await plan(line);
      if (!('nothingToDo' in planned)) throw new Error('There is something to do.');
      return planned.nothingToDo;
    },
    follow: (progress = () => undefined) => ({ ...context, progress }),
    object: async (type, name) => {
      const [resource] = (await cluster.resolve(type)) as [Resource];
      return cluster.request({ resource, namespace: resource.namespaced ? 'shop' : undefined, name });
    },
    stop: async () => {
      await clusters.close();
      await practice.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** The only part of a kind. */
export function partOf<K extends Part['kind']>(message: Pick<Message, 'parts'>, kind: K): Extract<Part, { kind: K }> {
  const found = (message.parts ?? []).filter((part): part is Extract<Part, { kind: K }> => part.kind === kind);
  if (found.length !== 1) throw new Error(`There are ${found.length} parts of kind ${kind}.`);
  return found[0] as Extract<Part, { kind: K }>;
}

/** A Deployment or StatefulSet of the shop, for seeds. */
export function workload(
  kind: string,
  name: string,
  replicas: number,
  more: { metadata?: object; spec?: object } = {},
): object {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop', labels: { app: name }, ...more.metadata },
    spec: {
      replicas,
      ...(kind === 'StatefulSet' ? { serviceName: name, podManagementPolicy: 'Parallel' } : {}),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'registry.example/main:1' }] },
      },
      ...more.spec,
    },
  };
}
