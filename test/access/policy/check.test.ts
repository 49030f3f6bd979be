import { expect, test } from 'vitest';
import { checkPolicy } from '../../../src/access/policy/check.ts';
import { reread } from '../../../src/access/policy/reread.ts';
import { checkFile } from '../../../src/config.ts';

const PERMISSIONS = ['k8s:get', 'k8s:scale', 'etcd:read', 'etcd:write'];
const START = 'clusters: {demo: {}}\netcd: {main: {endpoints: [http://127.0.0.1:2379]}}\naccess:\n';

function problems(access: string): string[] {
  const text = START + access;
  const { file, problems: wrong } = checkFile('shipmate.yaml', text);
  if (!file) throw new Error(JSON.stringify(wrong));
  return checkPolicy('shipmate.yaml', text, file, PERMISSIONS).map(({ where, message, fix }) =>
    [where, message, fix].filter(Boolean).join(' '),
  );
}

const rule = (text: string): string => `  roles:\n    r:\n      - ${text}\n`;

test('a sound policy has no problems', () => {
  expect(problems(`${rule('{permissions: [k8s:*], clusters: [demo]}')}  bindings: [{role: r, users: [U1]}]\n`)).toEqual(
    [],
  );
});

test.each([
  ['{permissions: [k8s:gett]}', 'is unknown: there is no permission k8s:gett. Did you mean `k8s:get`?'],
  ['{permissions: [helm:*]}', 'matches no permission that exists.'],
  ['{permissions: [k8s:get], clusters: [dem]}', 'names no cluster of this file. Did you mean `demo`?'],
  ['{permissions: [etcd:read], etcd: [mian]}', 'names no etcd cluster of this file. Did you mean `main`?'],
  [
    '{permissions: [k8s:get], resources: [deploy]}',
    'can never match: kinds are named by their plural. Write `deployments`.',
  ],
  ['{permissions: [k8s:get], namespaces: [Shop]}', 'can never match: a namespace is lower-case'],
  ['{permissions: [k8s:get], keys: [/a/]}', 'can never match: k8s:get has no keys.'],
  ['{permissions: [etcd:read], namespaces: [shop]}', 'can never match: etcd:read has no namespaces.'],
  ['{permissions: ["*"], namespaces: [shop], keys: [/a/]}', 'nothing is in Kubernetes and in etcd at once'],
])('%s', (text, expected) => {
  const [only, ...more] = problems(rule(text));

  expect(only).toContain(expected);
  expect(only).toMatch(/^shipmate\.yaml:6:/);
  expect(more).toEqual([]);
});

test('a binding to a role that is not there is told with the nearest one', () => {
  expect(problems(`${rule('{permissions: [k8s:get]}')}  bindings: [{role: s, users: [U1]}]\n`)).toEqual([
    'shipmate.yaml:7:21 `access.bindings.0.role` names the role s, which is not defined. Did you mean `r`?',
  ]);
});

test('re-reading takes only access into use and names what else has changed', () => {
  const { file } = checkFile('shipmate.yaml', START.replace('access:\n', ''));
  if (!file) throw new Error('wrong start');

  const fine = reread('shipmate.yaml', `${START}  people: [U1]\nchannels: {ops: C1}\n`, file, PERMISSIONS, undefined);
  expect(fine.access?.people).toEqual(['U1']);
  expect(fine.needsRestart).toEqual(['channels']);

  const wrong = reread('shipmate.yaml', `${START}  peopel: [U1]\n`, file, PERMISSIONS, undefined);
  expect(wrong.access).toBeUndefined();
  expect(wrong.problems[0]?.where).toBe('shipmate.yaml:4:3');
});
