import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkFile, envSchema } from '../../src/config.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'deploy/kubernetes');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of many kinds; each test reads what it checks.
  readonly [field: string]: any;
}

function manifests(): Manifest[] {
  const { resources } = parse(read('deploy/kubernetes/kustomization.yaml')) as { resources: string[] };
  return resources.flatMap((file) =>
    parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJS()),
  );
}

function find(kind: string): Manifest {
  const found = manifests().find((manifest) => manifest.kind === kind);
  if (!found) throw new Error(`there is no ${kind}`);
  return found;
}

test('kustomize lists every manifest of the folder', () => {
  const { resources } = parse(read('deploy/kubernetes/kustomization.yaml')) as { resources: string[] };

  expect([...resources, 'kustomization.yaml', 'optional'].sort()).toEqual(readdirSync(folder).sort());
});

test('what is optional is applied by hand, and the page about the policy says how', () => {
  for (const file of readdirSync(join(folder, 'optional'))) {
    expect(parseAllDocuments(read(`deploy/kubernetes/optional/${file}`)).flatMap(({ errors }) => errors)).toEqual([]);
    expect(read('docs/policy.md')).toContain(`optional/${file}`);
  }
});

test('every namespaced object is in the namespace shipmate and every binding names its account', () => {
  const clusterWide = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding']);

  for (const manifest of manifests().filter(({ kind }) => !clusterWide.has(kind))) {
    expect(manifest.metadata.namespace, manifest.kind).toBe('shipmate');
  }
  const { name, namespace } = find('ServiceAccount').metadata;
  for (const binding of manifests().filter(({ kind }) => kind === 'ClusterRoleBinding')) {
    expect(binding.subjects).toEqual([{ kind: 'ServiceAccount', name, namespace }]);
  }
});

test('the deployment sets only variables that Shipmate knows', () => {
  const [container] = find('Deployment').spec.template.spec.containers;

  for (const { name } of container.env as { name: string }[]) {
    expect(Object.keys(envSchema.shape)).toContain(name.replace(/(?<=TOKEN|URL)_FILE$/, ''));
  }
  expect(String(container.ports[0].containerPort)).toBe(envSchema.shape.HTTP_PORT.parse(undefined).toString());
});

test('the deployment runs as nobody special and gives Shipmate the time it needs to stop', () => {
  const pod = find('Deployment').spec.template.spec;

  expect(pod.securityContext.runAsNonRoot).toBe(true);
  expect(pod.containers[0].securityContext.capabilities.drop).toEqual(['ALL']);
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(25);
  expect(pod.enableServiceLinks).toBe(false);
});

test('the config in the ConfigMap is valid', () => {
  expect(checkFile('shipmate.yaml', find('ConfigMap').data['shipmate.yaml']).problems).toEqual([]);
});

test('compose runs Redis without eviction and with a log, and waits for both stores', () => {
  const { services } = parse(read('deploy/compose.yaml'));

  expect(services.redis.command.join(' ')).toContain('--appendonly yes --maxmemory-policy noeviction');
  expect(services.shipmate.depends_on).toEqual({
    redis: { condition: 'service_healthy' },
    etcd: { condition: 'service_healthy' },
  });
  const known = [...Object.keys(envSchema.shape), 'HOME'];
  for (const name of Object.keys(services.shipmate.environment)) expect(known).toContain(name);
});

test('the image copies only what exists and what its ignore file lets through', () => {
  const copied = [...read('deploy/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] as string).split(' '),
  );
  const allowed = read('deploy/Dockerfile.dockerignore').split('\n');

  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(allowed).toContain(`!${path}`);
  }
  expect(read('deploy/Dockerfile')).toMatch(/^USER 1000:1000$/m);
});
