import { afterEach, expect, test } from 'vitest';
import { Gone } from '../../src/kubernetes/errors.ts';
import { listTable } from '../../src/kubernetes/list.ts';
import { linesOf } from '../../src/kubernetes/watch.ts';
import { known } from './known.ts';
import { json, PODS, type ScriptedServer, startScripted } from './scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const pods = known[0] as (typeof known)[number];
const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'The provided continue parameter is too old' };

function page(names: readonly string[], token?: string): object {
  return {
    kind: 'Table',
    columnDefinitions: [{ name: 'Name', priority: 0 }],
    rows: names.map((name) => ({ cells: [name], object: { metadata: { name } } })),
    metadata: { continue: token },
  };
}

test('when the server has forgotten the first pages the list starts again, once', async () => {
  let firstPages = 0;
  server = await startScripted((request, response) => {
    const isNext = request.url?.includes('continue=');
    if (!isNext) return json(response, page([`a${++firstPages}`], `token-${firstPages}`));
    if (request.url?.includes('token-1')) return json(response, expired, 410);
    return json(response, page(['b']));
  });

  const { table, isRestarted } = await listTable(server.cluster, pods, { namespace: 'shop' }, 0);

  expect(isRestarted).toBe(true);
  expect(table.rows.map((row) => row.cells[0])).toEqual(['a2', 'b']);
});

test('a server that keeps forgetting is not asked for ever', async () => {
  server = await startScripted((request, response) =>
    request.url?.includes('continue=') ? json(response, expired, 410) : json(response, page(['a'], 'token')),
  );

  await expect(listTable(server.cluster, pods, { namespace: 'shop' }, 0)).rejects.toThrow(Gone);
  expect(server.asked).toHaveLength(4);
});

test('a watch goes on from the last version when the server closes it in good order', async () => {
  const versions: (string | null)[] = [];
  server = await startScripted((request, response) => {
    const resourceVersion = new URL(request.url ?? '', 'http://x').searchParams.get('resourceVersion');
    versions.push(resourceVersion);
    const next = Number(resourceVersion) + 1;
    response.end(`${JSON.stringify({ type: 'MODIFIED', object: { metadata: { resourceVersion: String(next) } } })}\n`);
  });
  const stop = new AbortController();
  const seen: (string | undefined)[] = [];

  for await (const event of server.cluster.watch({
    resource: PODS,
    namespace: 'shop',
    resourceVersion: '5',
    signal: stop.signal,
  })) {
    seen.push(event.object.metadata.resourceVersion);
    if (seen.length === 3) stop.abort();
  }

  expect(seen).toEqual(['6', '7', '8']);
  expect(versions).toEqual(['5', '6', '7']);
});

test('a watch whose version is too old ends with Gone, wherever the server says so', async () => {
  server = await startScripted((request, response) =>
    request.url?.includes('resourceVersion=1&') || request.url?.endsWith('resourceVersion=1')
      ? json(response, expired, 410)
      : response.end(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`),
  );
  const watch = async (resourceVersion: string) => {
    for await (const _ of server?.cluster.watch({ resource: PODS, namespace: 'shop', resourceVersion }) ?? []);
  };

  await expect(watch('1')).rejects.toThrow(Gone);
  await expect(watch('2')).rejects.toThrow(Gone);
});

test('a watch that is closed at once again and again is given up', async () => {
  server = await startScripted((_, response) => response.end());
  const watch = async () => {
    for await (const _ of server?.cluster.watch({ resource: PODS, namespace: 'shop', resourceVersion: '1' }) ?? []);
  };

  await expect(watch()).rejects.toThrow('Cluster demo keeps closing the watch of pods.');
});

test('lines are put together from chunks cut anywhere, even inside a character', async () => {
  const bytes = Buffer.from('{"a":"ü"}\n\n{"b":"€"}\nrest');
  for (let size = 1; size < bytes.length; size += 1) {
    const chunks = async function* () {
      for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
    };
    const lines: string[] = [];
    for await (const line of linesOf(chunks())) lines.push(line);

    expect(lines, `chunks of ${size}`).toEqual(['{"a":"ü"}', '{"b":"€"}']);
  }
});
