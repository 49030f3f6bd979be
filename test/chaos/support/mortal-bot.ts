import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntilReady } from '../../../deploy/sandbox/bot.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The bot as a process of its own that dies and comes back exactly when the test says so. */
export interface MortalBot {
  readonly pid: number;
  /** SIGKILL; resolved when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again. Resolved at once, not when it is ready. */
  start(): void;
  ready(): Promise<void>;
}

/** Starts it and waits until it is ready. @param env the whole environment; HTTP_PORT is one of its own. */
export async function startMortalBot(env: Record<string, string>, logFile: string): Promise<MortalBot> {
  let child: ChildProcess;
  const bot: MortalBot = {
    get pid() {
      return child.pid as number;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
    start() {
      const log = openSync(logFile, 'a');
      child = spawn(process.execPath, [join(ROOT, 'src/main.ts')], { cwd: ROOT, env, stdio: ['ignore', log, log] });
      closeSync(log);
    },
    ready: () => waitUntilReady(`http://127.0.0.1:${env.HTTP_PORT}`, 60_000),
  };
  bot.start();
  await bot.ready();
  return bot;
}
