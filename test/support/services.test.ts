import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../deploy/sandbox/child.ts';
import { startEtcd, startRedis } from './services.ts';

/** One command in Redis' inline form, its one-line answer. */
function ask(url: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      resolve(data.toString().trim().split('\r\n').at(-1) as string);
      socket.destroy();
    });
    socket.once('error', reject);
    socket.setTimeout(300, () => {
      reject(new Error('no answer'));
      socket.destroy();
    });
  });
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a private Redis', () => {
  it('keeps its data and address through kill and restart, and is gone after stop', async () => {
    const redis = await startRedis();
    const { url } = redis;
    await ask(url, 'SET k v');

    await redis.kill();
    await expect(ask(url, 'PING')).rejects.toThrow();
    await redis.restart();
    expect(await ask(url, 'GET k')).toBe('v');
    const { pid } = redis;
    await redis.stop();

    expect(isAlive(pid)).toBe(false);
    await expect(ask(url, 'PING')).rejects.toThrow();
  });

  it('answers nothing while paused and everything when resumed', async () => {
    const redis = await startRedis({ persistence: 'none' });
    redis.pause();
    await expect(ask(redis.url, 'PING')).rejects.toThrow('no answer');
    redis.resume();
    expect(await ask(redis.url, 'PING')).toBe('+PONG');
    await redis.stop();
  });
});

describe('a private etcd', () => {
  it('uses the directory it is given and leaves it behind', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'shipmate-services-'));
    const etcd = await startEtcd({ dir });
    expect(existsSync(join(dir, 'member'))).toBe(true);
    // A paused one is stopped all the same.
    etcd.pause();
    const { pid } = etcd;
    await etcd.stop();

    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(dir, 'member'))).toBe(true);
    rmSync(dir, { recursive: true });
  });

  it('that cannot start shows why', async () => {
    await expect(startEtcd({ args: ['--election-timeout', '1'] })).rejects.toThrow(
      /etcd ended while starting[\s\S]*election-timeout/,
    );
  });
});

describe('a program that is not installed', () => {
  it('is named with the way to install it', () => {
    expect(() => findProgram('no-such-server', { debian: 'a-package', homebrew: 'a-formula' })).toThrow(
      'no-such-server is not installed. On Debian or Ubuntu: sudo apt-get install -y a-package · on macOS: brew install a-formula',
    );
  });
});
