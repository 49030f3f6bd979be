/**
 * Runs one of our programs on Node 24, installing the npm packages first when they are missing: `node deploy/install/run.mjs FILE ARGS…`.
 */
import { resolve } from 'node:path';
import { handOver } from './hand-over.mjs';
import { installNpmPackages } from './npm-packages.mjs';

const root = resolve(import.meta.dirname, '../..');
process.exitCode = await handOver(root, installNpmPackages(root), process.argv.slice(2));
