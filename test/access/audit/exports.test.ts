import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openAudit } from '../../../src/access/audit/audit.ts';
import { type Chain, openChain } from '../../../src/access/audit/chain.ts';
import { type Entry, hashOf } from '../../../src/access/audit/entry.ts';
import { fileSink } from '../../../src/access/audit/file-sink.ts';
import { httpSink } from '../../../src/access/audit/http-sink.ts';
import { redactDraft } from '../../../src/access/audit/redact-draft.ts';
import { createLogger } from '../../../src/log.ts';
import { openStore } from '../../../src/state/etcd-store.ts';
import type { Store } from '../../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../../support/services.ts';

const log = createLogger('silent');

let etcd: EtcdService;
let store: Store;
let chain: Chain;
let dir: string;
beforeAll(async () => {
  etcd = await startEtcd();
  dir = await mkdtemp(join(tmpdir(), 'shipmate-audit-'));
});
afterAll(async () => {
  await etcd.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => {
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
  chain = openChain({ store, clock: Date.now, random: Math.random, linked: () => undefined });
  return () => store.close();
});

async function appendLines(from: number, to: number): Promise<void> {
  for (let index = from; index <= to; index++) {
    await chain.append({ type: 'planned', at: index, invocation: `i${index}`, typed: `line ${index}` });
  }
}

function entriesIn(lines: string): Entry[] {
  return lines
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Entry);
}

describe('the audit file', () => {
  test('has the whole chain, for its owner only, and goes on where it ended', async () => {
    const path = join(dir, 'whole.jsonl');
    await appendLines(1, 3);
    await fileSink(path, store).copy();
    await appendLines(4, 5);
    // Another process, after a crash.
    await fileSink(path, store).copy();

    const entries = entriesIn(await readFile(path, 'utf8'));
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(entries.every((entry) => entry.hash === hashOf(entry))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('ends a line that a crash cut short and writes it again', async () => {
    const path = join(dir, 'torn.jsonl');
    await appendLines(1, 2);
    await fileSink(path, store).copy();
    await appendFile(path, '{"type":"planned","seq":3,"typ');
    await appendLines(3, 3);

    await fileSink(path, store).copy();

    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[3] as string)).toMatchObject({ seq: 3, typed: 'line 3' });
  });

  test('of somebody else is appended to, not overwritten', async () => {
    const path = join(dir, 'foreign.jsonl');
    await writeFile(path, 'a line of somebody else\n');
    await appendLines(1, 1);

    await fileSink(path, store).copy();

    expect(await readFile(path, 'utf8')).toMatch(/^a line of somebody else\n\{.*"seq":1.*\}\n$/);
  });
});

describe('the audit collector', () => {
  let server: Server;
  let url: string;
  let answers: number[];
  let got: { lines: Entry[]; token: string | undefined }[];
  beforeEach(async () => {
    answers = [];
    got = [];
    server = createServer(async (request, response) => {
      const body = await text(request);
      const status = answers.shift() ?? 204;
      if (status < 300) got.push({ lines: entriesIn(body), token: request.headers.authorization });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit`;
    return () => void server.close();
  });

  const received = (): number[] => got.flatMap(({ lines }) => lines.map((entry) => entry.seq));

  test('gets each entry in order, with the token, and what it refused again', async () => {
    await appendLines(1, 150);
    const sink = httpSink(store, { url, token: 'collector-token', owner: 'a' }, Date.now);
    answers = [204, 503];

    await expect(sink.send()).rejects.toThrow('503');
    expect(received()).toHaveLength(100);
    await sink.send();

    expect(received()).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(got[0]?.token).toBe('Bearer collector-token');
  });

  test('gets the rest from another replica when one dies, and nothing twice from two that live', async () => {
    await appendLines(1, 40);
    let now = 1_000_000;
    const [first, second] = ['a', 'b'].map((owner) => httpSink(store, { url, owner }, () => now));
    answers = [500];
    await expect(first?.send()).rejects.toThrow('500');

    await second?.send();
    expect(received()).toEqual([]);
    now += 31_000;
    await Promise.all([first?.send(), second?.send()]);
    await second?.send();

    expect(received()).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });
});

describe('the audit on stdout', () => {
  test('has a line for each entry and read, marked, also when the log is quiet, and no secret', async () => {
    const lines: string[] = [];
    const quiet = createLogger('warn', { write: (line: string) => void lines.push(line) });
    const audit = openAudit(
      { reads: 'stdout', keepMs: 1e12 },
      { store, clock: Date.now, log: quiet, owner: 'a', random: Math.random, redact: redactDraft },
    );
    const who = { team: 'T1', user: 'U1ADA' };

    const entry = await audit.append({
      type: 'intent',
      at: 1,
      who,
      typed: '/etcd put /app/password hunter2hunter2',
      digest: 'ab'.repeat(32),
    });
    audit.read({ at: 2, who, typed: '/k8s get pods --token=abcdef0123456789abcdef' });

    const seen = lines.map((line) => JSON.parse(line) as { audit: boolean; entry: Entry });
    expect(seen).toHaveLength(2);
    expect(seen.every((line) => line.audit)).toBe(true);
    expect(seen[0]?.entry).toEqual(JSON.parse(JSON.stringify(entry)));
    expect(hashOf(seen[0]?.entry as Entry)).toBe(seen[0]?.entry.hash);
    expect(lines.join('')).not.toMatch(/hunter2|abcdef0123456789/);
    expect(JSON.stringify(await audit.find({ limit: 10 }))).not.toContain('hunter2');
    expect((await audit.verify()).entries).toBe(1);
  });

  test('counts a flood of refusals instead of filling etcd', async () => {
    const audit = openAudit(
      { reads: 'off', keepMs: 1e12 },
      { store, clock: () => 5_000, log, owner: 'a', random: Math.random, redact: redactDraft },
    );
    for (let index = 0; index < 500; index++)
      audit.refused({
        at: index,
        who: { team: 'T1', user: 'UEVE' },
        typed: '/k8s delete ns prod',
        result: 'E_FORBIDDEN',
      });

    await expect.poll(async () => (await audit.verify()).entries).toBe(20);
  });
});
