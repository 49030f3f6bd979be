import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFoundError, PermissionError, UnavailableError, UsageError } from '../../../src/errors.ts';
import { bytesOf, prefixRange } from '../../../src/etcd/keys.ts';
import { ownPrefix } from '../../support/services.ts';
import { type Desk, type EtcdUnderTest, openDesk, outputOf, rowsOf } from './desk.ts';
import { describeWrites } from './writes.ts';

/**
 * What must hold on every etcd that Shipmate operates. `test/contract/etcd/debian.test.ts` runs it on the system's etcd,
 * `test/cluster` on a newer one built from source.
 * @param start starts a private member; called once.
 */
export function describeEtcdContract(name: string, start: () => Promise<EtcdUnderTest>): void {
  describe(`etcd contract on ${name}`, () => {
    let etcd: EtcdUnderTest;
    let desk: Desk;

    beforeAll(async () => {
      etcd = await start();
      desk = openDesk(etcd);
    });
    afterAll(async () => {
      await desk.close();
      await etcd.stop();
    });

    const write = async (key: string, value: string | Uint8Array): Promise<string> => {
      const bytes = typeof value === 'string' ? bytesOf(value) : value;
      const answer = await desk.cluster.txn({
        compare: [],
        success: [{ put: { key: bytesOf(key), value: bytes } }],
      });
      return answer.revision;
    };

    describe('/etcd get', () => {
      it('shows one key with its value, revision and size', async () => {
        const key = `${ownPrefix()}config`;
        const revision = await write(key, 'on');

        const message = await desk.get(key);

        expect(message.title).toBe(`key ${key}`);
        expect(outputOf(message)).toBe('on');
        expect(JSON.stringify(message.parts)).toContain(`rev ${revision}`);
        expect(message.footer).toContain(etcd.endpoint);
      });

      it('answers a missing key with success and the revision', async () => {
        const message = await desk.get(`${ownPrefix()}nope`);

        expect(message.status).toBe('succeeded');
        expect(message.title).toMatch(/^no such key \(rev \d+\)$/);
      });

      it('takes [KEY, END) half-open, a prefix, and everything from a key on', async () => {
        const own = ownPrefix();
        for (const name of ['a', 'b', 'c']) await write(`${own}${name}`, name);
        const keys = async (...words: string[]) =>
          outputOf(await desk.get(...words, '--keys-only', '-w', 'simple'))
            .split('\n')
            .filter(Boolean);

        expect(await keys(`${own}a`, `${own}c`)).toEqual([`${own}a`, `${own}b`]);
        expect(await keys(own, '--prefix')).toEqual(['a', 'b', 'c'].map((name) => own + name));
        expect((await keys(`${own}b`, `${own}~`))[0]).toBe(`${own}b`);
      });

      it('shows many keys as a table, limited, and says how many there are', async () => {
        const own = ownPrefix();
        for (let n = 0; n < 5; n += 1) await write(`${own}${n}`, `v${n}`);

        const message = await desk.get(own, '--prefix', '--limit', '2');

        expect(message.title).toBe(`2 of 5 keys with prefix ${own}`);
        expect(rowsOf(message).map((row) => row[0])).toEqual([`${own}0`, `${own}1`]);
        expect(JSON.stringify(message.parts)).toContain('3 more');
        expect((await desk.get(own, '--prefix', '--count-only')).title).toBe(`5 keys with prefix ${own}`);
      });

      it('shows binary values as size and hex, and spells out what hides in keys', async () => {
        const own = ownPrefix();
        await write(`${own}bin`, Uint8Array.of(0, 255, 7));
        await write(`${own}аdmin\u202e`, 'x');

        expect(outputOf(await desk.get(`${own}bin`))).toBe('(binary, 3 bytes) \\x00\\xff\\x07');
        expect(rowsOf(await desk.get(own, '--prefix', '-w', 'table')).map((row) => row[0])).toEqual([
          `${own}bin`,
          `${own}\\u{430}dmin\\u{202e}`,
        ]);
      });

      it('reads an old revision, and says in etcd’s words when that is compacted or still to come', async () => {
        const key = `${ownPrefix()}k`;
        const old = await write(key, 'old');
        const now = await write(key, 'new');

        expect(outputOf(await desk.get(key, '--rev', old))).toBe('old');
        await expect(desk.get(key, '--rev', `${Number(now) + 1_000}`)).rejects.toThrow(UsageError);
        await expect(desk.get(key, '--rev', `${Number(now) + 1_000}`)).rejects.toThrow(
          'etcdserver: mvcc: required revision is a future revision',
        );
      });

      it.each([
        [['a', 'b', '--prefix'], 'too many arguments, only accept one argument'],
        [['a', '--prefix', '--from-key'], 'cannot be set at the same time'],
        [[''], 'key is not provided'],
        [['b', 'a'], 'does not come after'],
        [['a', '--print-value-only', '-w', 'json'], 'print-value-only is only for'],
      ])('refuses %j as etcdctl does', async (words, message) => {
        await expect(desk.get(...words)).rejects.toThrow(message);
      });
    });

    describe('protected prefixes', () => {
      it.each([
        [['/registry/secrets/default/x']],
        [['/registry/', '--prefix']],
        [['/reg', '--prefix']],
        [['', '--prefix']],
        [['', '--from-key']],
        [['/q', '/s']],
        [['/registry', '/registry0']],
      ])('are not read by %j', async (words) => {
        await expect(desk.get(...words)).rejects.toThrow(PermissionError);
      });

      it('leave alone what only looks near', async () => {
        // In byte order letters come after "/", so this starts behind all of /registry/.
        expect((await desk.get('a', '--from-key')).status).toBe('succeeded');
        expect((await desk.get('/registry')).status).toBe('succeeded');
      });

      it('are neither written nor deleted, whatever the plan says', async () => {
        const key = bytesOf('/registry/x');
        const refused = [
          desk.plan('put', '/registry/x', '1'),
          desk.plan('del', '/', '0'),
          desk.cluster.txn({
            compare: [],
            success: [{ put: { key, value: key } }],
          }),
          desk.cluster.txn({
            compare: [{ key, target: 'VERSION', result: 'EQUAL', value: '0' }],
            success: [],
          }),
          desk.cluster.history(key, '1'),
        ];
        for (const attempt of refused) await expect(attempt).rejects.toThrow(PermissionError);
      });
    });

    describe('/etcd ls', () => {
      it('shows one level with counts, and around protected prefixes', async () => {
        const own = ownPrefix();
        for (const name of ['a/1', 'a/2/x', 'a/2/y', 'b', 'b/1', '/abs/x']) await write(own + name, '');
        await write('t', '');

        expect(rowsOf(await desk.ls(own))).toEqual([
          [`${own}/abs/`, '1'],
          [`${own}a/`, '3'],
          [`${own}b`, '-'],
          [`${own}b/`, '1'],
        ]);
        const root = await desk.ls();
        expect(rowsOf(root).map((row) => row[0])).toContain('t/');
        expect(JSON.stringify(root.parts)).toContain('Protected and not read: /registry/');
        await expect(desk.ls('/registry/')).rejects.toThrow(PermissionError);
      });
    });

    describeWrites(() => desk, write);

    describe('a member that does not answer', () => {
      it('is reported within 5 s by every call', async () => {
        await desk.cluster.range({ key: bytesOf('warm-up') });
        etcd.pause();
        const startedAt = performance.now();
        const attempts = await Promise.allSettled([
          desk.get('x'),
          desk.ls(ownPrefix()),
          desk.plan('put', 'x', '1'),
          desk.cluster.txn({
            compare: [],
            success: [{ put: { key: bytesOf(ownPrefix()), value: bytesOf('') } }],
          }),
        ]);
        const statuses = await desk.cluster.status();
        const tookMs = performance.now() - startedAt;
        etcd.resume();

        for (const attempt of attempts) {
          expect(attempt.status).toBe('rejected');
          expect((attempt as PromiseRejectedResult).reason).toBeInstanceOf(UnavailableError);
        }
        expect(statuses[0]?.error).toContain('context deadline exceeded');
        expect(tookMs).toBeLessThan(4_000 + 2_000 + 900);
        await expect
          .poll(() =>
            desk.get('x').then(
              (message) => message.status,
              () => 'failed',
            ),
          )
          .toBe('succeeded');
      });
    });

    describe('the cluster', () => {
      it('is refused when it is not the pinned one', async () => {
        const wrong = openDesk(etcd, { clusterId: 'deadbeef' });
        const { origin } = await desk.cluster.range({ key: bytesOf('x') });
        const right = openDesk(etcd, {
          clusterId: BigInt(origin?.clusterId ?? 0).toString(16),
        });

        await expect(wrong.get('x')).rejects.toThrow(/answers as cluster .* but etcd "main" is deadbeef/);
        await expect(wrong.run('put', 'x', '1')).rejects.toThrow(PermissionError);
        expect((await right.get('x')).status).toBe('succeeded');
        await Promise.all([wrong.close(), right.close()]);
      });

      it('is found by its alias, with the nearest one for a typo', () => {
        expect(() => desk.context.etcds.get('mian')).toThrow(NotFoundError);
        expect(() => desk.context.etcds.get('mian')).toThrow('There is no etcd cluster "mian".');
      });

      it('tells its version, leader and size', async () => {
        const [status] = await desk.cluster.status();

        expect(status).toMatchObject({
          endpoint: etcd.endpoint,
          isLeader: true,
        });
        expect(status?.version).toMatch(/^3\./);
        expect(status?.dbSize).toBeGreaterThan(0);
      });

      it('compares over a whole range, in one transaction', async () => {
        const own = ownPrefix();
        const seenAt = await write(`${own}a`, '1');
        const range = prefixRange(bytesOf(own));
        const compare = [
          {
            ...range,
            target: 'MOD',
            result: 'LESS',
            value: `${Number(seenAt) + 1}`,
          } as const,
        ];
        const attempt = () =>
          desk.cluster.txn({
            compare,
            success: [{ range: { ...range, countOnly: true } }],
          });

        expect((await attempt()).succeeded).toBe(true);
        await write(`${own}b`, '2');
        expect((await attempt()).succeeded).toBe(false);
      });
    });
  });
}
