import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const HAND_OVER = pathToFileURL(resolve(root, 'deploy/install/hand-over.mjs')).href;

/** A process that hands over to a Node running `program`, which says "up" when it is. */
async function shadowOf(
  program: string,
): Promise<{ shadow: ChildProcess; exit: Promise<number | null>; printed: () => string }> {
  const text = `
    const { handOver } = await import(${JSON.stringify(HAND_OVER)});
    process.exitCode = await handOver(${JSON.stringify(root)}, process.execPath, ['-e', ${JSON.stringify(program)}]);`;
  const shadow = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(shadow, 'exit').then(([code]) => code as number | null);
  let printed = '';
  shadow.stdout?.on('data', (data: Buffer) => {
    printed += data.toString();
  });
  await expect.poll(() => printed, { timeout: 10_000 }).toContain('up');
  return { shadow, exit, printed: () => printed };
}

test('a signal reaches the program, and its exit code comes back', async () => {
  const { shadow, exit } = await shadowOf(
    `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up')`,
  );

  shadow.kill('SIGTERM');

  expect(await exit).toBe(7);
});

test('an interrupt that comes twice is passed on once when there is no terminal', async () => {
  const { shadow, exit, printed } = await shadowOf(
    `process.on('SIGINT', () => console.log('interrupted')); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('up')`,
  );

  shadow.kill('SIGINT');
  await expect.poll(printed).toContain('interrupted');
  shadow.kill('SIGINT');
  shadow.kill('SIGTERM');
  await exit;

  expect(printed().match(/interrupted/g)).toHaveLength(1);
});

test('the program’s own node is Node 24 from node_modules', async () => {
  const { exit, printed } = await shadowOf(
    `console.log(require('node:child_process').execFileSync('node', ['-p', 'process.execPath'], { encoding: 'utf8' }), 'up')`,
  );
  await exit;

  expect(printed()).toContain('node_modules/node/bin/node');
});
