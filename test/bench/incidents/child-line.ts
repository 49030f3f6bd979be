import { type ChildProcess, spawn } from 'node:child_process';

/** A script of ours as a process, and the first line that it prints. */
export async function startScript(
  file: string,
  args: readonly string[] = [],
  nodeArgs: readonly string[] = [],
): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [...nodeArgs, file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0) return { child, line: text.slice(0, end) };
  }
  throw new Error(`${file} ended without a word`);
}
