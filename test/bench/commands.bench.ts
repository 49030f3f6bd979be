import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { type Figures, figuresOf, type Result } from './figures.ts';
import { type Typist, typist } from './slack-client.ts';

const PER_SECOND = 50;

/** Acknowledgement under load, and `/k8s get pods` from typing to seeing, each against the bare Bolt handler in the same world. */
export async function benchCommands(seconds: number, rounds: number): Promise<Result[]> {
  const house = await startBotWorld({ bots: 0 });
  try {
    await postSettings(house);
    const bare = await withBare(house, (ada) => measure(ada, seconds, rounds));
    const whole = await withWhole(house, (ada) => measure(ada, seconds, rounds));
    return [
      {
        what: `ack at ${PER_SECOND}/s`,
        baseline: bare.acks,
        shipmate: whole.acks,
        target: 'p99 <= 3x, none over 3000',
      },
      {
        what: '/k8s get pods, typed to visible',
        baseline: bare.gets,
        shipmate: whole.gets,
        target: 'p50 <= 1.5x, p99 <= 2x',
      },
    ];
  } finally {
    await house.stop();
  }
}

interface Measured {
  readonly acks: Figures;
  readonly gets: Figures;
}

async function measure(ada: Typist, seconds: number, rounds: number): Promise<Measured> {
  for (let round = 0; round < 30; round++) await ada.typeAndSee('/k8s get pods -n shop');
  const gets: number[] = [];
  for (let round = 0; round < rounds; round++) gets.push(await ada.typeAndSee('/k8s get pods -n shop'));
  const acks: Promise<number>[] = [];
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      acks.push(ada.type('/k8s get pods -n shop'));
      if (acks.length < seconds * PER_SECOND) return;
      clearInterval(timer);
      resolve();
    }, 1_000 / PER_SECOND);
  });
  return { gets: figuresOf(gets), acks: figuresOf(await Promise.all(acks)) };
}

async function withBare<T>(house: BotWorld, work: (ada: Typist) => Promise<T>): Promise<T> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'bare-bolt.ts')], {
    env: house.world.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the baseline has no output');
  for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break;
  const ada = await typist(house.world.slack.controlUrl, 'ada', 'ops');
  try {
    return await work(ada);
  } finally {
    ada.close();
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function withWhole<T>(house: BotWorld, work: (ada: Typist) => Promise<T>): Promise<T> {
  const bot = await house.process({ LOG_LEVEL: 'warn' });
  const ada = await typist(house.world.slack.controlUrl, 'ada', 'ops');
  try {
    return await work(ada);
  } finally {
    ada.close();
    await bot.stop();
  }
}

/** No limits and no call log: it is the bot that is measured. */
async function postSettings(house: BotWorld): Promise<void> {
  await fetch(`${house.world.slack.controlUrl}/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ postLimit: false, keepCalls: 0 }),
  });
}
