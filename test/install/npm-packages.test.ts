import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { whyInstall } from '../../deploy/install/npm-packages.mjs';
import { instructions, REDIS } from '../../deploy/install/programs.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shipmate-install-'));
  mkdirSync(join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lock(file: string, packages: Record<string, object>): void {
  writeFileSync(join(root, file), JSON.stringify({ packages: { '': {}, ...packages } }));
}

test('packages are installed when npm has not finished an installation', () => {
  lock('package-lock.json', {});

  expect(whyInstall(root)).toBe('node_modules is not there or not complete');
});

test('nothing is installed when every package of the lock file is there', () => {
  lock('package-lock.json', { 'node_modules/zod': { version: '4.0.0' } });
  lock('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.0.0' } });

  expect(whyInstall(root)).toBeUndefined();
});

test('a package in another version is named as the reason', () => {
  lock('package-lock.json', { 'node_modules/a/node_modules/zod': { version: '4.0.1' } });
  lock('node_modules/.package-lock.json', { 'node_modules/a/node_modules/zod': { version: '4.0.0' } });

  expect(whyInstall(root)).toBe('zod 4.0.1 is missing');
});

test('packages for other platforms are not missed', () => {
  lock('package-lock.json', { 'node_modules/biome-darwin': { version: '1.0.0', optional: true } });
  lock('node_modules/.package-lock.json', {});

  expect(whyInstall(root)).toBeUndefined();
});

test('a program that cannot be installed is explained with the line to type', () => {
  expect(instructions([REDIS]).join('\n')).toContain('sudo apt-get update && sudo apt-get install -y redis-server');
});
