import { Etcd3 } from 'etcd3';
import getCommand from '../../commands/etcd/get.ts';
import putCommand from '../../commands/etcd/put.ts';
import { startEtcd } from '../../deploy/sandbox/services.ts';
import { normalise } from '../../src/chat/text/normalise.ts';
import { connectEtcdClusters } from '../../src/etcd/connect.ts';
import { createLogger } from '../../src/log.ts';
import type { AnyChange, AnyRead, CommandContext, FollowContext } from '../../src/pipeline/definition.ts';
import { parseLine } from '../../src/pipeline/parse.ts';
import { createRegistry } from '../../src/pipeline/registry.ts';
import { figuresOf, type Result, timed } from './figures.ts';

/** What `/etcd get` and `/etcd put` (plan and act) add over the raw client, without queue and Slack. */
export async function benchEtcd(rounds: number): Promise<Result[]> {
  const etcd = await startEtcd();
  const raw = new Etcd3({ hosts: etcd.endpoint });
  const log = createLogger('silent');
  const etcds = connectEtcdClusters(
    { main: { endpoints: [etcd.endpoint], production: false, protectedPrefixes: ['/registry/'] } },
    log,
  );
  const context = {
    etcds,
    log,
    clock: Date.now,
    signal: new AbortController().signal,
    invocation: 'ibench',
    person: { team: 'T1', user: 'U1' },
    progress: () => undefined,
  } as unknown as CommandContext & FollowContext;
  const get: AnyRead = getCommand;
  const put: AnyChange = putCommand;
  const registry = createRegistry([get, put]);
  const args = (line: string): never => {
    const parsed = parseLine(normalise(line).words, registry);
    if (parsed.kind !== 'command') throw new Error(line);
    return parsed.args as never;
  };
  const ourGet = (): Promise<unknown> => get.run(args('/etcd get /bench/key'), context);
  const ourPut = async (round: number): Promise<unknown> => {
    const plan = await put.plan(args(`/etcd put /bench/key value-${round}-${Math.random()}`), context);
    if ('nothingToDo' in plan) throw new Error('nothing to do');
    return put.act(plan, context);
  };
  try {
    await raw.put('/bench/key').value('value');
    await timed(100, ourGet);
    await timed(100, ourPut);
    await timed(100, async (round) => await raw.put('/bench/key').value(String(round)));
    return [
      {
        what: '/etcd get, command over raw client',
        baseline: figuresOf(await timed(rounds, () => raw.get('/bench/key').string())),
        shipmate: figuresOf(await timed(rounds, ourGet)),
        target: 'p50 <= baseline + 5 ms',
      },
      {
        what: '/etcd put, plan and act over raw client',
        baseline: figuresOf(await timed(rounds, async (round) => await raw.put('/bench/key').value(`value ${round}`))),
        shipmate: figuresOf(await timed(rounds, ourPut)),
        target: 'p50 <= baseline + 5 ms',
      },
    ];
  } finally {
    raw.close();
    await etcds.get().close();
    await etcd.stop();
  }
}
