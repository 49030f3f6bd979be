import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const FILE = join(import.meta.dirname, '../../src/kubernetes/kube-config.ts');
/** Prints every file of client-node that the import of our file loads. */
const SCRIPT = `
import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => { if (url.includes('/client-node/dist/')) console.log(url); return next(url, context); } });
const { KubeConfig, HttpMethod, RequestContext } = await import(${JSON.stringify(FILE)});
console.log(typeof KubeConfig, typeof RequestContext, HttpMethod.GET);
`;

test('kubeconfigs are read without loading the API client that is generated for every kind', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT]);

  expect(stdout).toMatch(/^function function GET$/m);
  expect(stdout).toContain('/client-node/dist/config.js');
  expect(stdout).not.toMatch(/\/gen\/(index|models|apis|types)/);
});
