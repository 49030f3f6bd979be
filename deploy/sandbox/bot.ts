import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** As `npm start`: a quarter of the memory for what is young spares 70 to 160 MiB and costs nothing that could be measured. */
export const LEAN = ['--max-semi-space-size=4'];

/** The bot as a process of its own, as in production: it can be killed, and is started again like a supervisor would. */
export interface SupervisedBot {
  pid(): number | undefined;
  /** Asks it to stop (SIGTERM) and waits at most 10 s. */
  stop(): Promise<void>;
}

/**
 * @param env the bot's whole environment.
 * @param logFile where its output goes.
 * @param onRestart told when it died by itself and was started again, and with which pid.
 * @throws Error with its last words when it does not become ready.
 */
export async function superviseBot(
  env: NodeJS.ProcessEnv,
  logFile: string,
  onStart: (pid: number, died: string | undefined) => void,
): Promise<SupervisedBot> {
  const log = createWriteStream(logFile, { flags: 'a' });
  let child: ChildProcess;
  let isStopping = false;

  const start = (died: string | undefined): void => {
    child = spawn(process.execPath, [...LEAN, join(ROOT, 'src/main.ts')], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    onStart(child.pid as number, died);
    child.once('exit', (code, signal) => {
      if (!isStopping) setTimeout(() => !isStopping && start(signal ?? `exit code ${code}`), 300);
    });
  };
  start(undefined);

  return {
    pid: () => child.pid,
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(late);
    },
  };
}

/** Waits until `/readyz` answers 200. @throws Error with what is not ready after `timeoutMs`. */
export async function waitUntilReady(url: string, timeoutMs: number): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  for (let last = 'no answer'; ; ) {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      last = await response.text();
    } catch (error) {
      last = (error as Error).message;
    }
    if (Date.now() > giveUpAt) throw new Error(`The bot is not ready: ${last}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
