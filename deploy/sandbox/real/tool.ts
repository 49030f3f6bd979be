import { spawn } from 'node:child_process';
import { once } from 'node:events';

const DEADLINE_MS = 60_000;

/**
 * Runs a command-line tool to its end and gives its output as it is.
 * @param options.home where it may keep caches; the person's own home and settings stay out of it.
 * @param options.input goes to its standard input.
 * @throws Error whose message is what it wrote to stderr.
 */
export async function runTool(
  file: string,
  args: readonly string[],
  options: { home: string; input?: string | undefined },
): Promise<string> {
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, HOME: options.home },
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const output: Buffer[] = [];
  const messages: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => messages.push(chunk));
  // A tool that ends without reading its input is judged by its exit code, not by the broken pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === 0) return Buffer.concat(output).toString('utf8');
  throw new Error(Buffer.concat(messages).toString('utf8').trim() || `${file} ended with ${signal ?? code}.`);
}
