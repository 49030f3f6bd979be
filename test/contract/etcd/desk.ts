import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import del from '../../../commands/etcd/del.ts';
import get from '../../../commands/etcd/get.ts';
import ls from '../../../commands/etcd/ls.ts';
import put from '../../../commands/etcd/put.ts';
import { etcdClusterSchema } from '../../../src/config/file.ts';
import { connectEtcdClusters } from '../../../src/etcd/connect.ts';
import type { EtcdCluster } from '../../../src/etcd/etcd-cluster.ts';
import { createLogger } from '../../../src/log.ts';
import { parseArgv } from '../../../src/pipeline/argv.ts';
import type { AnyCommand, CommandContext, Plan } from '../../../src/pipeline/definition.ts';
import type { Message } from '../../../src/sdk/index.ts';

/** A running etcd for the contract. */
export interface EtcdUnderTest {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** The etcdctl of the same release, the oracle. Absent: sentences that need it are not run. */
  readonly etcdctl?: string | undefined;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** A person's desk: types `/etcd` commands at a real cluster without the pipeline, and asks etcdctl the same. */
export interface Desk {
  readonly cluster: EtcdCluster;
  readonly context: CommandContext;
  get(...words: string[]): Promise<Message>;
  ls(...words: string[]): Promise<Message>;
  /** The plan. Fails the test when there is nothing to do. */
  plan(verb: 'put' | 'del', ...words: string[]): Promise<Plan<never>>;
  nothingToDo(verb: 'put' | 'del', ...words: string[]): Promise<Message>;
  act(verb: 'put' | 'del', plan: Plan<never>): Promise<string>;
  verify(verb: 'put' | 'del', plan: Plan<never>): ReturnType<typeof put.verify>;
  /** Plan and act. */
  run(verb: 'put' | 'del', ...words: string[]): Promise<string>;
  etcdctl(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

const CHANGES = { put, del };

export function openDesk(etcd: EtcdUnderTest, config: Record<string, unknown> = {}): Desk {
  const entry = etcdClusterSchema.parse({
    endpoints: [etcd.endpoint],
    ...config,
  });
  const log = createLogger('silent');
  const etcds = connectEtcdClusters({ main: entry }, log);
  const context: CommandContext = {
    invocation: 'itest',
    person: { team: 'T1', user: 'U1' },
    clusters: {
      names: [],
      all: () => [],
      get: () => {
        throw new Error('no Kubernetes here');
      },
    },
    etcds,
    clock: () => Date.UTC(2026, 10, 20, 9, 41, 7),
    log,
    signal: new AbortController().signal,
    house: { commands: [], may: () => true, status: async () => [] },
  };
  const plan: Desk['plan'] = async (verb, ...words) => {
    const planned = await CHANGES[verb].plan(read(CHANGES[verb], words) as never, context);
    if ('nothingToDo' in planned) throw new Error(`nothing to do: ${planned.nothingToDo.title}`);
    return planned as Plan<never>;
  };
  const act: Desk['act'] = async (verb, planned) => (await CHANGES[verb].act(planned, context)).said;
  return {
    cluster: etcds.get(),
    context,
    get: (...words) => get.run(read(get, words) as never, context),
    ls: (...words) => ls.run(read(ls, words) as never, context),
    plan,
    act,
    nothingToDo: async (verb, ...words) => {
      const planned = await CHANGES[verb].plan(read(CHANGES[verb], words) as never, context);
      if (!('nothingToDo' in planned)) throw new Error(`there is something to do: ${planned.summary}`);
      return planned.nothingToDo;
    },
    verify: (verb, planned) => CHANGES[verb].verify(planned, context),
    run: async (verb, ...words) => act(verb, await plan(verb, ...words)),
    etcdctl: async (...words) => {
      const env = { ...process.env, ETCDCTL_API: '3' };
      const program = etcd.etcdctl as string;
      return (await promisify(execFile)(program, ['--endpoints', etcd.endpoint, ...words], { env })).stdout;
    },
    close: () => etcds.get().close(),
  };
}

/** Typed words to the command's arguments, as the pipeline does it. */
export function read(command: AnyCommand, words: readonly string[]): Record<string, unknown> {
  const args = command.args as Record<string, { schema: { parse(raw: unknown): unknown } }>;
  const raw = parseArgv(
    words.map((text) => ({ text })),
    command.args,
  );
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, arg.schema.parse(raw[name])]));
}

/** The text of a message's output parts. */
export function outputOf(message: Message): string {
  return (message.parts ?? []).flatMap((part) => (part.kind === 'output' ? [part.text] : [])).join('\n');
}

/** The first table's rows. */
export function rowsOf(message: Message): readonly (readonly string[])[] {
  return (message.parts ?? []).flatMap((part) => (part.kind === 'table' ? part.rows : []));
}
