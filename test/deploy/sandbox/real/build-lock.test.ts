import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withBuildLock } from '../../../../deploy/sandbox/real/build-lock.ts';

let dir: string;
let lock: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shipmate-lock-'));
  lock = join(dir, 'new', 'build.lock');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('two builds never overlap, and the second is told whom it waits for', async () => {
  const events: string[] = [];
  const owners: number[] = [];
  let finishFirst = (): void => {};
  const firstMayEnd = new Promise<void>((resolve) => {
    finishFirst = resolve;
  });
  const first = withBuildLock(
    lock,
    () => {},
    async () => {
      events.push('first begins');
      await firstMayEnd;
      events.push('first ends');
    },
  );
  await expect.poll(() => events).toEqual(['first begins']);

  const second = withBuildLock(
    lock,
    (owner) => {
      owners.push(owner);
      finishFirst();
    },
    async () => void events.push('second begins'),
  );
  await Promise.all([first, second]);

  expect(events).toEqual(['first begins', 'first ends', 'second begins']);
  expect(owners).toEqual([process.pid]);
});

test('a lock whose owner is dead is taken over', async () => {
  await withBuildLock(
    lock,
    () => {},
    async () => {},
  );
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await writeFile(lock, `${child.pid}`);

  expect(
    await withBuildLock(
      lock,
      () => {},
      async () => 'built',
    ),
  ).toBe('built');
});

test('a failed build gives the lock back', async () => {
  const failing = withBuildLock(
    lock,
    () => {},
    () => Promise.reject(new Error('no space left')),
  );

  await expect(failing).rejects.toThrow('no space left');
  expect(existsSync(lock)).toBe(false);
});

test('a lock that nobody has touched for long is taken over, whoever has its number now', async () => {
  await withBuildLock(
    lock,
    () => {},
    async () => {},
  );
  await writeFile(lock, `${process.pid}`);
  await utimes(lock, new Date(), new Date(Date.now() - 120_000));

  expect(
    await withBuildLock(
      lock,
      () => {},
      async () => 'built',
    ),
  ).toBe('built');
});
