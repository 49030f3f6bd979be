import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { lookUp } from '../child.ts';

/** Minutes of all cores must not stop the person's own work. By `nice`, because setting it later reaches one thread of Go's only. */
const NICE = ['-n', '10'];
const TAIL_LINES = 15;

/** The Go toolchain of this machine. */
export interface Go {
  /** `go1.26.8-linux-amd64`: what, besides the sources, decides the bytes of a binary. */
  readonly target: string;
  /** `go ARGS` in a module's directory; its output. @throws Error with the end of its messages. */
  run(directory: string, args: readonly string[]): Promise<string>;
}

/** Undefined when there is no Go. */
export async function findGo(): Promise<Go | undefined> {
  // Go's own installer puts it in /usr/local/go/bin, which not every shell has in its PATH.
  const file = lookUp('go') ?? lookUp('../go/bin/go');
  if (!file) return undefined;
  const { stdout } = await promisify(execFile)(file, ['env', 'GOVERSION', 'GOOS', 'GOARCH']);
  return {
    target: stdout.trim().split('\n').join('-'),
    run: (directory, args) => runGo(file, directory, args),
  };
}

async function runGo(file: string, directory: string, args: readonly string[]): Promise<string> {
  const nice = lookUp('nice');
  const child = spawn(nice ?? file, nice ? [...NICE, file, ...args] : args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    // What a person set for their own Go work (a workspace, vendoring) must not change what is built here.
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' },
  });
  const output: string[] = [];
  const messages: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => messages.push(chunk));
  const onExit = (): void => void child.kill('SIGTERM');
  process.once('exit', onExit);
  const [code] = (await once(child, 'close').finally(() => process.off('exit', onExit))) as [number | null];
  if (code === 0) return output.join('').trim();
  const tail = messages.join('').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  throw new Error(`"go ${args[0]}" failed in ${directory}.\n${tail}`);
}
