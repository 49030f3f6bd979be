import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/**
 * Runs the real program on Node 24 and becomes its shadow: same terminal, signals passed on, same exit code.
 * @param root the repository; its `node_modules/.bin` comes first in the child's PATH, so that a child's `node` is the same Node 24.
 * @returns the exit code; a signal counts as 128 + its number, as a shell has it.
 */
export function handOver(root, node, args, extraEnv = {}) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...extraEnv, PATH: path } });
  let isInterrupted = false;
  const handlers = {
    // Ctrl-C reaches the whole process group by itself, and npm passes it on as well: hand it over only when it did not come from a
    // terminal, and only once, because programs take a second one for impatience.
    SIGINT: () => {
      if (!process.stdin.isTTY && !isInterrupted) child.kill('SIGINT');
      isInterrupted = true;
    },
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  // Whoever started us may be killed without passing anything on; then nobody is left to stop the child.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
      resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0));
    });
  });
}
