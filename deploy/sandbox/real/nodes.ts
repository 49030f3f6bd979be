import { delay } from '../../../src/time.ts';
import { apiUrl, type Layout } from './components.ts';
import { callHttps } from './https.ts';

const READY_WITHIN_MS = 60_000;
const ZONES = ['zone-a', 'zone-b', 'zone-c'];

/**
 * Registers fake nodes over three zones and waits until they are Ready and the default namespace can run pods.
 * @throws Error that says what is still missing after 60 s.
 */
export async function addNodes(layout: Layout, names: readonly string[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    const answer = await call(layout, '/api/v1/nodes', node(name, index, layout.binaries.kubernetesVersion));
    if (answer.status !== 201) throw new Error(`The API server refused ${name}: ${answer.body}`);
  }
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const missing = await whatIsMissing(layout, names.length);
    if (missing === undefined) return;
    if (performance.now() > giveUpAt)
      throw new Error(`After ${READY_WITHIN_MS / 1_000} s ${missing}. Logs: ${layout.dir}`);
    await delay(50);
  }
}

async function whatIsMissing(layout: Layout, count: number): Promise<string | undefined> {
  const account = await call(layout, '/api/v1/namespaces/default/serviceaccounts/default');
  if (account.status !== 200) return 'the default namespace has no service account (kube-controller-manager makes it)';
  const { items } = JSON.parse((await call(layout, '/api/v1/nodes')).body) as { items?: NodeObject[] };
  const schedulable = items?.filter((item) => isReady(item) && (item.spec?.taints ?? []).length === 0).length ?? 0;
  return schedulable >= count ? undefined : `${schedulable} of ${count} nodes are ready (KWOK does that)`;
}

interface NodeObject {
  spec?: { taints?: unknown[] };
  status?: { conditions?: { type: string; status: string }[] };
}

function isReady(item: NodeObject): boolean {
  return item.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function call(layout: Layout, path: string, body?: unknown): Promise<{ status: number; body: string }> {
  const method = body === undefined ? 'GET' : 'POST';
  return callHttps(`${apiUrl(layout)}${path}`, { method, body, ca: layout.ca, identity: layout.admin });
}

function node(name: string, index: number, kubeletVersion: string): unknown {
  const size = { cpu: '32', memory: '256Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': ZONES[index % ZONES.length],
      },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec: { podCIDR: `10.244.${(index + 1) % 256}.0/24` },
    status: {
      addresses: [
        { type: 'InternalIP', address: `192.168.0.${(index + 1) % 256}` },
        { type: 'Hostname', address: name },
      ],
      ...{ allocatable: size, capacity: size },
      nodeInfo: { kubeletVersion, operatingSystem: 'linux', architecture: 'amd64' },
    },
  };
}
