import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { giveUp, timed } from './steps.mjs';

const OLDEST_NODE = 20;
const NODE = 24;

/**
 * The npm packages exactly as `package-lock.json` has them, among them Node 24 itself; installed only when they are not there yet.
 * @returns the path of the Node 24 binary that everything else runs on.
 */
export function installNpmPackages(root) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    giveUp(`Node ${process.versions.node} is too old to begin with: install Node ${OLDEST_NODE} or newer, with npm.`);
  }
  const why = whyInstall(root);
  if (why) timed(`installing npm packages (npm ci), because ${why}`, () => npmCi(root));
  return nodeBinary(root, major);
}

/**
 * npm writes `node_modules/.package-lock.json` last, so it is the honest record of what is there: absent after an interrupted install, and
 * up to date after a plain `npm install`.
 * @returns the reason to install, or undefined when nothing is missing.
 */
export function whyInstall(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules is not there or not complete';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(record);
  for (const [path, entry] of Object.entries(wanted)) {
    // Packages for other platforms are in the lock file and rightly not here.
    if (path === '' || (entry.optional && !present[path])) continue;
    if (present[path]?.version !== entry.version)
      return `${path.replace(/^.*node_modules\//, '')} ${entry.version} is missing`;
  }
  return undefined;
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function npmCi(root) {
  // `npm run` puts node_modules/.bin first in PATH; npm must not run on the very binary that `npm ci` is about to replace.
  const path = (process.env.PATH ?? '').split(delimiter).filter((dir) => !dir.includes('node_modules'));
  const result = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path.join(delimiter), NODE_ENV: '' },
    shell: process.platform === 'win32',
  });
  if (result.error)
    giveUp(`npm cannot be started: ${result.error.message}`, 'Install Node with npm, then run the command again.');
  if (result.status !== 0)
    giveUp('npm ci failed; its own words stand above.', 'When the registry was out of reach, run the command again.');
}

function nodeBinary(root, major) {
  const binary = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const works =
    existsSync(binary) && spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.startsWith(`v${NODE}.`);
  if (works) return binary;
  if (major >= NODE) return process.execPath;
  return giveUp(
    `The npm package "node" brought no working Node ${NODE} for ${process.platform}-${process.arch}.`,
    `Install Node ${NODE} yourself and run the command with it. (npm 12 needs "allowScripts" in package.json; it is there.)`,
  );
}
