import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { delay } from '../../../src/time.ts';

const POLL_MS = 500;
/** The owner touches its lock this often… */
const TOUCH_MS = 5_000;
/** …and one untouched for this long is nobody's, even if some process has its owner's number: in containers numbers repeat. */
const ABANDONED_MS = 60_000;

/**
 * Runs `work` while no other process of this machine runs it under the same lock file. A lock whose owner is dead or silent is taken over; should two
 * processes take over at the same instant both build, which wastes time and breaks nothing: results are renamed into place whole.
 * @param waiting called once when somebody else holds the lock.
 */
export async function withBuildLock<T>(
  file: string,
  waiting: (owner: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  let hasSaid = false;
  while (!(await take(file))) {
    const owner = await ownerOf(file);
    if ((owner !== undefined && !isAlive(owner)) || (await isAbandoned(file))) {
      await rm(file, { force: true });
      continue;
    }
    if (!hasSaid && owner !== undefined) {
      waiting(owner);
      hasSaid = true;
    }
    await delay(POLL_MS);
  }
  const touching = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  touching.unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while it is being written, or when it is gone again. */
async function ownerOf(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function isAbandoned(file: string): Promise<boolean> {
  const touchedAt = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  return touchedAt !== undefined && Date.now() - touchedAt > ABANDONED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
