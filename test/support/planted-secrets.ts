import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { askEtcd } from './dumps.ts';

/** One value of each kind; none may be found in anything that left the bot. */
export const PLANTED = {
  secret: 'planted-secret-data-71f0',
  stringly: 'planted-config-password-82a1',
  token: `ghp_${'Planted7Token4'.repeat(3)}`,
  dsn: 'planted-dsn-password-93b2',
  env: 'planted-env-value-a4c3',
  random: 'Pl4nT3dR4nd0mV4lu3Q8zR3Lk0T',
  argument: 'planted-argument-b5d4',
  annotation: 'planted-annotation-c6e5',
  applied: 'planted-last-applied-d7f6',
  pem: 'MIIEplantedPrivateKeyBodyE8',
  etcd: 'planted-etcd-value-f901',
  etcdJson: 'planted-etcd-json-0a12',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.plantedSignature1b23',
  slack: 'xoxb-1234567890-plantedSlackToken',
  typed: 'planted-typed-2c34',
  release: `H4sIAAAAAAAA${'PlantedRelease3d45'.repeat(10)}`,
};
const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${PLANTED.pem}\n-----END RSA PRIVATE KEY-----`;

/** Looks for each value as it is, in base64 (three alignments) and as hex. */
export function plantedIn(text: string): string[] {
  return Object.entries(PLANTED).flatMap(([kind, value]) =>
    formsOf(value)
      .filter((form) => text.includes(form))
      .map(
        (form) => `${kind} as ${form}: …${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + 80)}`,
      ),
  );
}

function formsOf(value: string): string[] {
  const inner = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'_'.repeat(shift)}${value}`).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  const hex = [...Buffer.from(value)].map((byte) => byte.toString(16).padStart(2, '0'));
  return [
    value,
    ...inner,
    hex.join(''),
    hex.map((byte) => `\\x${byte}`).join(''),
    hex.map((byte) => `\\\\x${byte}`).join(''),
  ];
}

export async function plantInCluster(cluster: Cluster): Promise<void> {
  const meta = (name: string, extra: object = {}) => ({ name, namespace: 'shop', ...extra });
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { x: PLANTED.applied } }),
    'example.com/note': `login with password=${PLANTED.annotation}`,
  };
  const core = (plural: string) => ({ group: '', version: 'v1', plural, namespaced: true });
  const b64 = (text: string): string => Buffer.from(text).toString('base64');
  await cluster.request({
    method: 'POST',
    resource: core('secrets'),
    namespace: 'shop',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('leaky', { annotations }),
      type: 'Opaque',
      data: { innocent: b64(PLANTED.secret), 'tls.key': b64(PEM), release: b64(b64(PLANTED.release)) },
    },
  });
  await cluster.request({
    method: 'POST',
    resource: core('configmaps'),
    namespace: 'shop',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta('leaky', { annotations }),
      data: {
        'app.yaml': `host: db\npassword: ${PLANTED.stringly}\ntoken: ${PLANTED.jwt}\n`,
        'app.json': JSON.stringify({ url: `postgres://app:${PLANTED.dsn}@db/shop`, slack: PLANTED.slack }),
        'key.pem': PEM,
      },
    },
  });
  await cluster.request({
    method: 'POST',
    resource: core('configmaps'),
    namespace: 'shop',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta('release', { labels: { owner: 'helm' } }),
      data: { release: PLANTED.release },
    },
  });
  await cluster.request({
    method: 'POST',
    resource: { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true },
    namespace: 'shop',
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('leaky', { annotations }),
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'leaky' } },
        template: {
          metadata: { labels: { app: 'leaky' }, annotations },
          spec: {
            containers: [
              {
                name: 'main',
                image: 'registry.example/leaky:1',
                env: [
                  { name: 'DB_PASSWORD', value: PLANTED.env },
                  { name: 'INNOCENT', value: PLANTED.random },
                  { name: 'DATABASE', value: `mysql://app:${PLANTED.dsn}@db/shop` },
                ],
                args: [`--password=${PLANTED.argument}`, '--token', PLANTED.argument, PLANTED.token],
                command: ['sh', '-c', `PGPASSWORD=${PLANTED.argument} exec app --api-key ${PLANTED.argument}`],
              },
            ],
          },
        },
      },
    },
  });
}

export async function plantInEtcd(endpoint: string): Promise<void> {
  const values = {
    '/planted/db/password': PLANTED.etcd,
    '/planted/dsn': `postgres://app:${PLANTED.dsn}@db/shop`,
    '/planted/json': JSON.stringify({ db: { password: PLANTED.etcdJson, port: 5432 } }),
    '/planted/pem': PEM,
    '/planted/token-holder': `bearer is ${PLANTED.jwt}`,
  };
  for (const [key, value] of Object.entries(values))
    await askEtcd(endpoint, 'put', { key: b64(key), value: b64(value) });
}

function b64(text: string): string {
  return Buffer.from(text).toString('base64');
}
