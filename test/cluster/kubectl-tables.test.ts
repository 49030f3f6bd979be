import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../deploy/sandbox/real/control-plane.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { listTable } from '../../src/kubernetes/list.ts';
import { layOut } from '../../src/kubernetes/table.ts';
import { systemClock } from '../../src/time.ts';
import { connectTo } from './ours.ts';
import { openShop } from './shop.ts';

const NAMESPACED = [
  ...['pods', 'deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs', 'services', 'configmaps'],
  ...['secrets', 'serviceaccounts', 'persistentvolumeclaims', 'ingresses', 'networkpolicies', 'poddisruptionbudgets'],
  ...[
    'horizontalpodautoscalers',
    'roles',
    'rolebindings',
    'endpointslices',
    'controllerrevisions',
    'events',
    'coupons',
  ],
];
const CLUSTER_WIDE = ['nodes', 'namespaces', 'customresourcedefinitions', 'priorityclasses', 'apiservices'];

describe("our tables show what kubectl's tables show", () => {
  let controlPlane: ControlPlane;
  let cluster: Cluster;
  let close: () => Promise<void>;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: 2 });
    await openShop(controlPlane);
    ({ cluster, close } = await connectTo(controlPlane));
  });
  afterAll(async () => {
    await close?.();
    await controlPlane?.stop();
  });

  test.each(NAMESPACED)('get %s -n shop', async (type) => {
    await agrees(type, ['-n', 'shop'], { namespace: 'shop', isWide: false });
  });

  test.each(NAMESPACED)('get %s -n shop -o wide', async (type) => {
    await agrees(type, ['-n', 'shop', '-o', 'wide'], { namespace: 'shop', isWide: true });
  });

  test('get leases -n kube-node-lease', async () => {
    await agrees('leases', ['-n', 'kube-node-lease'], { namespace: 'kube-node-lease', isWide: false });
  });

  test.each(CLUSTER_WIDE)('get %s -o wide', async (type) => {
    await agrees(type, ['-o', 'wide'], { namespace: undefined, isWide: true });
  });

  test.each(['pods', 'services', 'coupons'])('get %s -A --show-labels', async (type) => {
    await agrees(type, ['-A', '--show-labels'], { namespace: undefined, isWide: false, all: true });
  });

  test('get pods with a label selector and a label column', async () => {
    await agrees('pods', ['-n', 'shop', '-l', 'app in (web,db)', '-L', 'app'], {
      ...{ namespace: 'shop', isWide: false, labelSelector: 'app in (web,db)', labelColumns: ['app'] },
    });
  });

  test('get pods with a field selector', async () => {
    await agrees('pods', ['-n', 'shop', '--field-selector', 'status.phase=Pending'], {
      ...{ namespace: 'shop', isWide: false, fieldSelector: 'status.phase=Pending' },
    });
  });

  interface Asked {
    readonly namespace: string | undefined;
    readonly isWide: boolean;
    readonly all?: boolean;
    readonly labelSelector?: string;
    readonly fieldSelector?: string;
    readonly labelColumns?: readonly string[];
  }

  /** Asked again until both fall into the same second, as ages are part of what is shown. */
  async function agrees(type: string, args: readonly string[], asked: Asked): Promise<void> {
    await vi.waitFor(
      async () => {
        const [theirs, ours] = await Promise.all([controlPlane.kubectl(['get', type, ...args]), ourCells(type, asked)]);
        expect(cellsOf(theirs, ours[0] ?? [])).toEqual(ours);
      },
      { timeout: 10_000, interval: 100 },
    );
  }

  async function ourCells(type: string, asked: Asked): Promise<string[][]> {
    const [resource] = await cluster.resolve(type);
    if (!resource) throw new Error(`${type} resolved to nothing`);
    const { table } = await listTable(cluster, resource, asked, systemClock());
    const { columns, rows } = layOut(table, {
      ...{ namespaces: asked.all ?? false, labels: asked.all ?? false, labelColumns: asked.labelColumns ?? [] },
    });
    const shown = columns.flatMap((column, index) => (asked.isWide || column.priority === 0 ? [index] : []));
    const pick = (cells: readonly string[]): string[] => shown.map((index) => (cells[index] ?? '').trim());
    return [pick(columns.map(({ name }) => name)), ...rows.map(pick)];
  }
});

/** kubectl pads every column to its widest cell: the header says where each begins. */
function cellsOf(output: string, header: readonly string[]): string[][] {
  const lines = output.trimEnd().split('\n');
  const first = lines[0] ?? '';
  let from = 0;
  const starts = header.map((name) => {
    const at = first.indexOf(name, from);
    if (at < 0) throw new Error(`kubectl shows no column ${name}: ${first}`);
    from = at + name.length;
    return at;
  });
  if (first.slice(from).trim() !== '') throw new Error(`kubectl shows more columns: ${first.slice(from)}`);
  return lines.map((line) => {
    const characters = [...line];
    return starts.map((start, index) =>
      characters
        .slice(start, starts[index + 1])
        .join('')
        .trim(),
    );
  });
}
