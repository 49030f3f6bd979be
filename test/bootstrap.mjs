/**
 * `npm test`, on a machine with nothing but Node 20 or newer: installs what is missing, then runs Vitest. Plain Node without dependencies.
 * Arguments go on to `vitest run`: `npm test -- test/pipeline`.
 */
import { resolve } from 'node:path';
import { handOver } from '../deploy/install/hand-over.mjs';
import { installNpmPackages } from '../deploy/install/npm-packages.mjs';
import { ETCD, ETCDCTL, installPrograms, REDIS } from '../deploy/install/programs.mjs';
import { say } from '../deploy/install/steps.mjs';

const root = resolve(import.meta.dirname, '..');
const node = installNpmPackages(root);
installPrograms([REDIS, ETCD, ETCDCTL]);
process.exitCode = await handOver(root, node, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]);

say('not part of npm test, each for a reason:');
say('  npm run test:cluster  the real control plane: needs Go, and minutes to build the first time');
say('  npm run test:chaos    kills and restarts everything: takes minutes');
say('  npm run test:browser  needs Chromium');
say('  npm run bench         measures; asserts nothing');
