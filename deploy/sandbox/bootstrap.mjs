/**
 * `npm run sandbox`, on a machine with nothing but Node 20 or newer: installs what is missing, then starts the practice world. Plain Node
 * without dependencies. Arguments go on to `deploy/sandbox/main.ts`.
 */
import { resolve } from 'node:path';
import { handOver } from '../install/hand-over.mjs';
import { installNpmPackages } from '../install/npm-packages.mjs';
import { ETCD, installPrograms, REDIS } from '../install/programs.mjs';

const root = resolve(import.meta.dirname, '../..');
const node = installNpmPackages(root);
installPrograms([REDIS, ETCD]);
process.exitCode = await handOver(root, node, ['deploy/sandbox/main.ts', ...process.argv.slice(2)]);
