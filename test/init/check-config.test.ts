import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'shipmate-check-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function check(yaml: string): { status: number | null; output: string } {
  const file = join(directory, 'shipmate.yaml');
  writeFileSync(file, yaml);
  const script = resolve(import.meta.dirname, '../../src/init/check-config.ts');
  const result = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status: result.status, output: (result.stdout + result.stderr).replaceAll(`${directory}/`, '') };
}

test('config:check of a valid file says what it holds and what is seldom meant', () => {
  const { status, output } = check('clusters: {prod: {production: true}}\n');

  expect(status).toBe(0);
  expect(output).toBe(
    'shipmate.yaml is valid: clusters prod; etcd none; 0 people.\nMind: `access` names nobody, so nobody may use Shipmate until somebody claims it with the code from its log.\n',
  );
});

test('config:check of a wrong file lists every problem with its place and exits 78', () => {
  const { status, output } = check('clusters:\n  prod: {contxt: a}\nfoo: 1\n');

  expect(status).toBe(78);
  expect(output).toContain('shipmate.yaml:2:10: Unknown key `contxt` in `clusters.prod`. Did you mean `context`?');
  expect(output).toContain('shipmate.yaml:3:1: Unknown key `foo` at the top level.');
  expect(output).toContain('2 problems.');
});

test('config:check explains what the policy cannot mean, with its line', () => {
  const { status, output } = check(
    'access:\n  roles:\n    dev:\n      - {permissions: [k8s:gett]}\n  bindings:\n    - {role: devs, users: [U1]}\n',
  );

  expect(status).toBe(78);
  expect(output).toContain(
    'shipmate.yaml:4:24: `access.roles.dev.0.permissions.0` is unknown: there is no permission k8s:gett.',
  );
  expect(output).toContain('Did you mean `k8s:get`?');
  expect(output).toContain('shipmate.yaml:6:14: `access.bindings.0.role` names the role devs, which is not defined.');
});

test('config:check reads what bridges name, and tells no secret', () => {
  writeFileSync(join(directory, 'short-token'), 'hunter2\n');
  writeFileSync(join(directory, 'empty-key'), '\n');
  const { status, output } = check(
    [
      'clusters: {eu1: {inCluster: true}}',
      'bridges:',
      '  in:',
      '    - {name: prometheus, kind: alertmanager, tokenFile: short-token, cluster: eu}',
      '    - {name: other, kind: generic, tokenFile: gone}',
      '  out:',
      '    - {name: pager, kind: pagerduty, keyFile: empty-key, clusters: [eul]}',
      '',
    ].join('\n'),
  );

  expect(status).toBe(78);
  expect(output).toContain('shipmate.yaml:4:79: `bridges.in.0.cluster` names no cluster. Did you mean `eu1`?');
  expect(output).toMatch(/shipmate.yaml:4:\d+: `bridges.in.0.tokenFile` names a file with fewer than 16 characters/);
  expect(output).toMatch(
    /shipmate.yaml:5:\d+: `bridges.in.1.tokenFile` names gone, which cannot be read: no such file/,
  );
  expect(output).toMatch(/shipmate.yaml:7:\d+: `bridges.out.0.keyFile` names an empty file/);
  expect(output).toMatch(/shipmate.yaml:7:\d+: `bridges.out.0.clusters.0` names no cluster. Did you mean `eu1`/);
  expect(output).not.toContain('hunter2');
});
