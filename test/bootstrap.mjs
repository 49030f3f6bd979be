/**
 * `npm test`, on a machine with nothing but Node 20 or newer: installs what is missing, then runs Vitest. Plain Node without dependencies.
 * Arguments go on to `vitest run`: `npm test -- test/pipeline`.
 *
 * The longer tiers come through here too: `--tier=cluster|browser|chaos` runs `test/<tier>` instead. `--short` is the quick form of the
 * chaos tier.
 */
import { resolve } from 'node:path';
import { handOver } from '../deploy/install/hand-over.mjs';
import { installNpmPackages } from '../deploy/install/npm-packages.mjs';
import { CHROMIUM, ETCD, ETCDCTL, installPrograms, REDIS } from '../deploy/install/programs.mjs';
import { say } from '../deploy/install/steps.mjs';

const root = resolve(import.meta.dirname, '..');
const given = process.argv.slice(2);
const tier = given.find((word) => word.startsWith('--tier='))?.slice('--tier='.length);
const isShort = given.includes('--short');
const args = given.filter((word) => !word.startsWith('--tier=') && word !== '--short');

const node = installNpmPackages(root);
installPrograms([REDIS, ETCD, ETCDCTL, ...(tier === 'browser' ? [CHROMIUM] : [])]);

const vitest = ['node_modules/vitest/vitest.mjs', 'run'];
if (tier) {
  const env = isShort ? { SHIPMATE_SHORT: '1' } : {};
  process.exitCode = await handOver(root, node, [...vitest, '--config', `vitest.${tier}.config.ts`, ...args], env);
} else {
  process.exitCode = await handOver(root, node, [...vitest, ...args]);
  say('not part of npm test, each for a reason:');
  say('  npm run test:cluster  the real control plane: needs Go, and minutes to build the first time');
  say('  npm run test:chaos    kills and restarts everything: takes minutes');
  say('  npm run test:browser  needs Chromium');
  say('  npm run bench         measures; asserts nothing');
}
