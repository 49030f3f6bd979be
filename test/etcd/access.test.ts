import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Etcd3 } from 'etcd3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { etcdClusterSchema } from '../../src/config/file.ts';
import { PermissionError, UnavailableError, UsageError } from '../../src/errors.ts';
import { connectEtcdClusters } from '../../src/etcd/connect.ts';
import type { EtcdCluster } from '../../src/etcd/etcd-cluster.ts';
import { bytesOf } from '../../src/etcd/keys.ts';
import { createLogger } from '../../src/log.ts';
import { type EtcdService, freePorts, startEtcd } from '../support/services.ts';

const file = (name: string) => join(import.meta.dirname, 'tls', name);
const opened: EtcdCluster[] = [];
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'shipmate-access-'));
});
afterEach(async () => {
  for (const cluster of opened.splice(0)) await cluster.close();
});
afterAll(() => rmSync(dir, { recursive: true }));

function connect(endpoint: string, config: Record<string, unknown> = {}): EtcdCluster {
  const entry = etcdClusterSchema.parse({ endpoints: [endpoint], ...config });
  const cluster = connectEtcdClusters({ main: entry }, createLogger('silent')).get();
  opened.push(cluster);
  return cluster;
}

const look = (cluster: EtcdCluster, key = 'k') => cluster.range({ key: bytesOf(key) });
const put = (cluster: EtcdCluster, key: string) =>
  cluster.txn({ compare: [], success: [{ put: { key: bytesOf(key), value: bytesOf('1') } }] });

describe('an etcd with TLS and client certificates', () => {
  let etcd: EtcdService;
  let secure: string;

  beforeAll(async () => {
    // A second listener of the same member; the plain one stays for the readiness check.
    const [port, plain] = await freePorts(2);
    secure = `https://127.0.0.1:${port}`;
    const listen = `http://127.0.0.1:${plain},${secure}`;
    etcd = await startEtcd({
      healthEndpoint: `http://127.0.0.1:${plain}`,
      args: [
        ...['--listen-client-urls', listen, '--advertise-client-urls', listen],
        ...['--cert-file', file('server.pem'), '--key-file', file('server.key.pem')],
        ...['--client-cert-auth', '--trusted-ca-file', file('ca.pem')],
      ],
    });
  });
  afterAll(() => etcd.stop());

  it('is used with a certificate of the CA it trusts', async () => {
    const cluster = connect(secure, {
      caFile: file('ca.pem'),
      certFile: file('client.pem'),
      keyFile: file('client.key.pem'),
    });

    await put(cluster, 'k');
    expect((await look(cluster)).count).toBe(1);
  });

  it('is called unavailable, and why, when its certificate is not trusted', async () => {
    await expect(look(connect(secure))).rejects.toThrow(UnavailableError);
    await expect(look(connect(secure))).rejects.toThrow(/certificate/);
  });
});

describe('an etcd with authentication', () => {
  let etcd: EtcdService;
  const password = (text: string) => {
    const path = join(dir, `password-${text.trim()}`);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    etcd = await startEtcd();
    const admin = new Etcd3({ hosts: [etcd.endpoint] });
    await admin.auth.userAdd({ name: 'root', password: 'toor' });
    await admin.auth.roleAdd({ name: 'root' });
    await admin.auth.userGrantRole({ user: 'root', role: 'root' });
    await admin.auth.userAdd({ name: 'reader', password: 'secret' });
    await admin.auth.roleAdd({ name: 'reads' });
    // The types ask for the enum's word in CamelCase, the protocol for upper case; the number is neither.
    const perm = { permType: 'Read' as const, key: Buffer.from('app/'), range_end: Buffer.from('app0') };
    await admin.auth.roleGrantPermission({ name: 'reads', perm });
    await admin.auth.userGrantRole({ user: 'reader', role: 'reads' });
    await admin.auth.authEnable();
    admin.close();
  });
  afterAll(() => etcd.stop());

  it('is used with the password from its file, line end or not', async () => {
    const root = connect(etcd.endpoint, { username: 'root', passwordFile: password('toor\n') });

    await put(root, 'app/x');
    expect((await look(root, 'app/x')).count).toBe(1);
  });

  it('refuses what the role lacks, in etcd’s words', async () => {
    const reader = connect(etcd.endpoint, { username: 'reader', passwordFile: password('secret') });

    expect((await look(reader, 'app/x')).revision).toBeDefined();
    await expect(look(reader, 'other')).rejects.toThrow(PermissionError);
    await expect(put(reader, 'app/x')).rejects.toThrow('etcdserver: permission denied');
  });

  it('refuses a wrong password and nobody at all', async () => {
    const wrong = connect(etcd.endpoint, { username: 'root', passwordFile: password('wrong') });

    await expect(look(wrong)).rejects.toThrow(/authentication failed, invalid user ID or password/);
    await expect(look(connect(etcd.endpoint))).rejects.toThrow(PermissionError);
  });

  it('goes on after etcd forgot its tokens in a restart', async () => {
    const root = connect(etcd.endpoint, { username: 'root', passwordFile: password('toor') });
    await look(root);
    await etcd.restart();

    await expect
      .poll(() =>
        look(root).then(
          (answer) => answer.revision,
          () => undefined,
        ),
      )
      .toBeDefined();
    expect((await put(root, 'app/y')).succeeded).toBe(true);
  });
});

describe('a config that cannot work', () => {
  it('is refused with the file or value that is wrong', () => {
    expect(() => connect('http://127.0.0.1:1', { caFile: '/nowhere/ca.pem' })).toThrow(UsageError);
    expect(() => connect('http://127.0.0.1:1', { caFile: '/nowhere/ca.pem' })).toThrow(
      'etcd.main.caFile: /nowhere/ca.pem cannot be read (ENOENT).',
    );
    expect(() => connect('http://127.0.0.1:1', { clusterId: 'production' })).toThrow('is not a cluster id');
  });
});
