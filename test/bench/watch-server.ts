import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bigCount, bigObject, bigPod } from './big-cluster.ts';

/**
 * `node watch-server.ts PODS`: serves the lists of a large cluster in pages, and watches; `POST /events?count=N` sends changes of pods to
 * the open watch of pods. A process of its own, so that its work is not counted. Prints its URL.
 */
const pods = Number(process.argv[2]);
const LIST_VERSION = 1_000_000;
const pages = new Map<string, string>();
let podWatch: ServerResponse | undefined;

function page(plural: string, from: number, limit: number): string {
  const key = `${plural} ${from} ${limit}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const all = bigCount(plural, pods);
  const to = Math.min(all, from + limit);
  const items = Array.from({ length: to - from }, (_, at) => bigObject(plural, from + at));
  const metadata = { resourceVersion: String(LIST_VERSION), ...(to < all ? { continue: String(to) } : {}) };
  const text = JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items });
  pages.set(key, text);
  return text;
}

export function changeLine(n: number): string {
  const type = 'MODIFIED';
  return `${JSON.stringify({ type, object: { kind: 'Pod', apiVersion: 'v1', ...bigPod(n % pods, 1 + Math.floor(n / pods), LIST_VERSION + 1 + n) } })}\n`;
}

function initial(plural: string, response: ServerResponse): void {
  for (let n = 0; n < bigCount(plural, pods); n++)
    response.write(
      `${JSON.stringify({ type: 'ADDED', object: { kind: plural, apiVersion: 'v1', ...bigObject(plural, n) } })}\n`,
    );
  const metadata = { resourceVersion: String(LIST_VERSION), annotations: { 'k8s.io/initial-events-end': 'true' } };
  response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
}

let sent = 0;
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const plural = url.pathname.split('/').at(-1) ?? '';
  if (plural === 'change-events') {
    const count = Number(url.searchParams.get('count'));
    for (let n = 0; n < count; n++) podWatch?.write(changeLine(sent + n));
    sent += count;
    response.end();
    return;
  }
  if (plural === 'rollouts') {
    response.writeHead(404).end('404 page not found');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (url.searchParams.get('watch') === 'true') {
    response.flushHeaders();
    if (plural === 'pods') podWatch = response;
    if (url.searchParams.get('sendInitialEvents') === 'true') initial(plural, response);
    return;
  }
  response.end(
    page(plural, Number(url.searchParams.get('continue') ?? 0), Number(url.searchParams.get('limit') ?? pods)),
  );
});

if (pods > 0) {
  // Made beforehand: the server must not be what is waited for.
  for (const plural of ['pods', 'replicasets', 'deployments'])
    for (let from = 0; from < bigCount(plural, pods); from += 500) page(plural, from, 500);
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
}
