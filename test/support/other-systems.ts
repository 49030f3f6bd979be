import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One request that another system got. */
export interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON of it. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent is asserted on by shape.
  readonly body: any;
  readonly at: number;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** PagerDuty, JSM, Alertmanager and the like, as far as they take what is posted: remembers all, and answers as it is told to. */
export interface OtherSystems {
  readonly url: string;
  readonly got: readonly Got[];
  /** Requests whose path begins so, oldest first. */
  to(path: string): readonly Got[];
  /** From now on requests whose path begins so are answered by this; undefined: taken again. */
  answer(path: string, reply: Reply | undefined): void;
  stop(): Promise<void>;
}

export async function startOtherSystems(): Promise<OtherSystems> {
  const got: Got[] = [];
  const replies = new Map<string, Reply>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(pieces).toString();
      got.push({ path, headers: request.headers, text, body: JSON.parse(text), at: Date.now() });
      const reply = [...replies].find(([prefix]) => path.startsWith(prefix))?.[1] ?? { status: 202, body: '{}' };
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    to: (path) => got.filter((one) => one.path.startsWith(path)),
    answer(path, reply) {
      if (reply) replies.set(path, reply);
      else replies.delete(path);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Files with tokens and keys, as the config names them. */
export async function keyFiles<K extends string>(
  texts: Readonly<Record<K, string>>,
): Promise<{ readonly files: Readonly<Record<K, string>>; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'shipmate-keys-'));
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, text, join(directory, name)] as const);
  for (const [, text, file] of entries) await writeFile(file, `${text}\n`, { mode: 0o600 });
  return {
    files: Object.fromEntries(entries.map(([name, , file]) => [name, file])) as Record<K, string>,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
