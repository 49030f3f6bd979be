import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { delay } from '../../src/time.ts';

/**
 * One private server program and its whole life: found, started on free ports, waited for by asking it, paused, killed, restarted on the
 * same ports and data, stopped. Only the process started here is ever signalled, by its own pid.
 */
export interface Service {
  /** Changes with every restart. */
  readonly pid: number;
  /** SIGSTOP: the process keeps its sockets and answers nothing. On Linux it has stopped when this returns. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGKILL, resolved when the process is gone. Its data stays for `restart`. */
  kill(): Promise<void>;
  /** Same ports, same data; stops a running process first (SIGTERM). Resolves when it answers again. */
  restart(): Promise<void>;
  /** Ends it for good and removes the data directory if it was a temporary one. */
  stop(): Promise<void>;
}

export interface Program {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** The whole environment of the program; this process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Asks once whether it is ready; false or a throw means "not yet". */
  readonly isReady: () => Promise<boolean>;
  /** Removes temporary data; synchronous, because it also runs while this process exits. */
  readonly cleanUp: () => void;
}

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 5_000;
const EXTRA_DIRS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Children still running, ended when this process exits; for a SIGKILLed parent see `launch`. */
const running = new Map<ChildProcess, Program>();
process.once('exit', () => {
  for (const [child, program] of running) {
    child.kill('SIGKILL');
    program.cleanUp();
  }
});

/**
 * Absolute path of a program.
 * @throws Error that says how to install it.
 */
export function findProgram(name: string, install: { debian: string; homebrew: string }): string {
  const found = lookUp(name);
  if (found) return found;
  throw new Error(
    `${name} is not installed. On Debian or Ubuntu: sudo apt-get install -y ${install.debian} · on macOS: brew install ${install.homebrew}`,
  );
}

/** Absolute path of a program in PATH or the usual directories, or undefined. */
export function lookUp(name: string): string | undefined {
  for (const dir of [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_DIRS]) {
    const file = join(dir, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return undefined;
}

/** Ports that nobody on 127.0.0.1 listened on a moment ago; held open together, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The program could not start because another took its port in between: choose others. */
export class PortTaken extends Error {}

/**
 * Starts a program and waits until it is ready.
 * @throws PortTaken; Error with the end of its log when it exits or is not ready within 30 s, its temporary data removed.
 */
export async function startProgram(program: Program): Promise<Service> {
  let child = await launch(program).catch((error: unknown) => {
    if (!(error instanceof PortTaken)) program.cleanUp();
    throw error;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (hasExited(child)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // While somebody waits for its end, it counts as work that keeps this process alive.
    child.ref();
    child.kill(signal);
    child.kill('SIGCONT');
    const hardKill = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(hardKill);
  };
  return {
    get pid() {
      return child.pid as number;
    },
    pause: () => {
      child.kill('SIGSTOP');
      waitUntilStopped(child.pid as number);
    },
    resume: () => void child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM');
      child = await launch(program);
    },
    stop: async () => {
      await end('SIGTERM');
      program.cleanUp();
    },
  };
}

/** A signal is only a request: a busy thread may answer one more question before it stops. Blocks for at most 200 ms. */
function waitUntilStopped(pid: number): void {
  if (process.platform !== 'linux') return;
  const tasks = `/proc/${pid}/task`;
  const isStopped = (task: string) => {
    try {
      // `pid (name) STATE …`; the name may hold spaces and brackets.
      return /\) [TtZX] /.test(readFileSync(join(tasks, task, 'stat'), 'utf8'));
    } catch {
      return true;
    }
  };
  const pauseCell = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; waitedMs < 200 && !readdirSync(tasks).every(isStopped); waitedMs += 1) {
    Atomics.wait(pauseCell, 0, 0, 1);
  }
}

async function launch(program: Program): Promise<ChildProcess> {
  const log = openSync(program.logFile, 'w');
  // Linux ends the child even when this process is SIGKILLed; elsewhere the exit handler above must do.
  const guard = process.platform === 'linux' ? lookUp('setpriv') : undefined;
  const [file, ...args] = guard
    ? [guard, '--pdeathsig', 'KILL', '--', program.file, ...program.args]
    : [program.file, ...program.args];
  const child = spawn(file as string, args, { stdio: ['ignore', log, log], env: program.env ?? process.env });
  closeSync(log);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  running.set(child, program);
  child.once('exit', () => running.delete(child));
  child.unref();

  const giveUpAt = performance.now() + READY_WITHIN_MS;
  while (performance.now() < giveUpAt) {
    if (failure || hasExited(child)) throw startFailure(program, failure);
    if (await program.isReady().catch(() => false)) return child;
    await delay(20);
  }
  child.kill('SIGKILL');
  throw new Error(`${program.name} was not ready within ${READY_WITHIN_MS / 1000} s.\n${logTail(program)}`);
}

function startFailure(program: Program, cause: Error | undefined): Error {
  const tail = logTail(program);
  if (/address already in use/i.test(tail)) return new PortTaken(`${program.name}: address already in use`);
  return new Error(`${program.name} ended while starting.\n${tail}`, { cause });
}

function logTail(program: Program): string {
  return readFileSync(program.logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
