import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { fileSchema } from '../../src/config/file.ts';
import { UsageError } from '../../src/errors.ts';
import { connectClusters } from '../../src/kubernetes/connect.ts';
import { createLogger } from '../../src/log.ts';
import { json, kubeconfigText, PODS, type ScriptedServer, startScripted } from './scripted-server.ts';

const directory = mkdtempSync(join(tmpdir(), 'shipmate-connect-'));
afterAll(() => rmSync(directory, { recursive: true }));

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function connect(clusters: object, kubeconfig?: string) {
  return connectClusters(fileSchema.parse({ clusters }).clusters, { kubeconfig }, createLogger('silent'));
}

function problemOf(clusters: object, kubeconfig?: string): UsageError {
  try {
    connect(clusters, kubeconfig);
  } catch (error) {
    return error as UsageError;
  }
  throw new Error('It connected.');
}

const good = file('good', kubeconfigText('http://127.0.0.1:1', 'x'));

test('the first cluster of the file is the default', () => {
  const clusters = connect({ prod: { production: true, namespace: 'web' }, stage: {} }, good);

  expect(clusters.names).toEqual(['prod', 'stage']);
  expect(clusters.get().name).toBe('prod');
  expect(clusters.get('stage')).toMatchObject({ isProduction: false, defaultNamespace: 'shop', context: 'demo' });
  expect(clusters.get('prod')).toMatchObject({ isProduction: true, defaultNamespace: 'web' });
});

test('an alias that is not there gets the nearest one', () => {
  const clusters = connect({ prod: {}, stage: {} }, good);

  expect(() => clusters.get('prdo')).toThrow('There is no cluster called "prdo".');
  expect(() => clusters.get('prdo')).toThrow(expect.objectContaining({ hint: 'Did you mean prod?' }));
  expect(() => clusters.get('x')).toThrow(expect.objectContaining({ hint: 'The clusters are prod, stage.' }));
});

test('without any cluster the next step is told', () => {
  expect(() => connect({}).get()).toThrow(UsageError);
  expect(() => connect({}).get()).toThrow('No Kubernetes cluster is configured.');
});

test('every kubeconfig that cannot be used is listed at once', () => {
  const noServer = kubeconfigText('', 'x');
  const problem = problemOf({
    lost: { kubeconfig: join(directory, 'nowhere') },
    bent: { kubeconfig: file('bent', '{') },
    other: { kubeconfig: good, context: 'nope' },
    empty: { kubeconfig: file('empty', noServer) },
    pod: { inCluster: true },
  });

  expect(problem).toBeInstanceOf(UsageError);
  const lines = problem.message.split('\n');
  expect(lines[0]).toContain('clusters.lost: the kubeconfig');
  expect(lines[0]).toContain('there is no such file');
  expect(lines[1]).toContain('clusters.bent: the kubeconfig');
  expect(lines[2]).toBe('clusters.other: the kubeconfig has no context "nope".');
  expect(lines[3]).toContain('clusters.empty: ');
  expect(lines[4]).toBe('clusters.pod: inCluster is set, but Shipmate does not run in a pod here.');
  expect(problem.hint).toContain('It has: demo.');
});

test('several kubeconfigs are merged as kubectl merges them', () => {
  const second = file(
    'second',
    kubeconfigText('http://127.0.0.1:2', 'y').replaceAll('"demo"', '"second"').replaceAll('"me"', '"you"'),
  );
  const clusters = connect({ one: {}, two: { context: 'second' } }, `${good}:${second}`);

  expect(clusters.all().map((cluster) => cluster.context)).toEqual(['demo', 'second']);
});

test('a cluster whose kube-system is another one gets no request but that question', async () => {
  const uid = 'aaaa';
  server = await startScripted((_, response) => json(response, { metadata: { uid: 'bbbb' } }), { uid });

  const asking = server.cluster.request({ resource: PODS, namespace: 'shop', name: 'web', method: 'DELETE' });

  await expect(asking).rejects.toThrow(
    'Cluster demo is not the one named in the config: its kube-system has uid bbbb, not aaaa.',
  );
  expect(server.asked).toEqual(['GET /api/v1/namespaces/kube-system']);
});

test('the pinned cluster is asked for its uid once', async () => {
  server = await startScripted((_, response) => json(response, { metadata: { uid: 'aaaa' } }), { uid: 'aaaa' });

  await Promise.all([1, 2].map(() => server?.cluster.request({ resource: PODS, namespace: 'shop', name: 'web' })));

  expect(server.asked.filter((line) => line.includes('kube-system'))).toHaveLength(1);
});
