import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/etcd/keys.ts';
import { ownPrefix } from '../../support/services.ts';
import { type Desk, type EtcdUnderTest, openDesk, outputOf } from './desk.ts';

/** Same words, same keys, same text as etcdctl of the same release. Says so and skips where there is no etcdctl. */
export function describeEtcdctlOracle(name: string, start: () => Promise<EtcdUnderTest>): void {
  describe(`etcdctl agrees on ${name}`, () => {
    let etcd: EtcdUnderTest;
    let desk: Desk;
    let own: string;

    beforeAll(async () => {
      etcd = await start();
      desk = openDesk(etcd);
      own = ownPrefix();
      for (const [key, value] of [
        ['a', '1'],
        ['b', 'two words'],
        ['b/c', 'line\nline'],
        ['d', ''],
      ] as const) {
        await desk.cluster.txn({
          compare: [],
          success: [{ put: { key: bytesOf(own + key), value: bytesOf(value) } }],
        });
      }
    });
    afterAll(async () => {
      await desk.close();
      await etcd.stop();
    });

    const oracle = (title: string, run: () => Promise<void>) =>
      it(title, async (context) => {
        if (!etcd.etcdctl) return context.skip('etcdctl is not installed');
        await run();
      });

    const sameText = (title: string, words: () => string[]) =>
      oracle(title, async () => {
        const theirs = await desk.etcdctl('get', ...words());
        const ours = outputOf(await desk.get(...words(), ...(words().includes('-w') ? [] : ['-w', 'simple'])));
        expect(`${ours}\n`).toBe(theirs);
      });

    sameText('one key', () => [`${own}a`]);
    sameText('a prefix', () => [own, '--prefix']);
    sameText('a half-open range', () => [`${own}a`, `${own}d`]);
    sameText('keys only', () => [own, '--prefix', '--keys-only']);
    sameText('values only', () => [`${own}b`, '--print-value-only']);
    sameText('hex', () => [own, '--prefix', '--hex']);
    sameText('the newest first', () => [own, '--prefix', '--sort-by=MODIFY', '--order=DESCEND', '--limit=2']);
    sameText('sorted by value without an order', () => [own, '--prefix', '--sort-by=VALUE']);
    sameText('JSON, with numbers beyond 2^53', () => [own, '--prefix', '-w', 'json']);
    sameText('JSON of nothing', () => [`${own}nope`, '-w', 'json']);
    sameText('fields', () => [own, '--prefix', '-w', 'fields']);

    oracle('a put and a delete from Slack are what etcdctl then sees', async () => {
      await desk.run('put', `${own}new`, 'from Slack');
      expect(await desk.etcdctl('get', `${own}new`)).toBe(`${own}new\nfrom Slack\n`);
      await desk.run('del', `${own}a`, `${own}b`);
      expect(await desk.etcdctl('get', `${own}a`)).toBe('');
      expect(await desk.etcdctl('get', `${own}b`, '--print-value-only')).toBe('two words\n');
    });

    oracle('when the history is compacted, verifying says that it cannot know', async () => {
      const put = await desk.plan('put', `${own}compacted`, 'mine');
      const del = await desk.plan('del', `${own}d`);
      await desk.act('put', put);
      await desk.run('put', `${own}compacted`, 'later');
      await desk.act('del', del);
      await desk.run('put', `${own}d`, 'anew');
      const { revision } = await desk.cluster.range({ key: bytesOf('x') });
      await desk.etcdctl('compaction', revision);

      expect(await desk.verify('put', put)).toMatchObject({
        applied: 'unknown',
        found: expect.stringContaining('is compacted'),
      });
      expect(await desk.verify('del', del)).toMatchObject({ applied: 'unknown' });
      await expect(desk.get(`${own}d`, '--rev', '2')).rejects.toThrow('required revision has been compacted');
    });

    oracle('a put without --lease detaches the lease, which the plan warns of; --ignore-lease keeps it', async () => {
      const lease = /lease ([0-9a-f]+) granted/.exec(await desk.etcdctl('lease', 'grant', '600'))?.[1] as string;
      const attached = async () =>
        (await desk.etcdctl('lease', 'timetolive', lease, '--keys')).includes(`${own}leased`);
      await desk.run('put', `${own}leased`, '1', '--lease', lease);
      expect(await attached()).toBe(true);

      await desk.run('put', `${own}leased`, '2', '--ignore-lease');
      expect(await attached()).toBe(true);

      const plan = await desk.plan('put', `${own}leased`, '3');
      expect(plan.warnings).toContain(`lease ${lease} will be removed from the key; --ignore-lease would keep it`);
      expect(plan.undo).toBeUndefined();
      await desk.act('put', plan);
      expect(await attached()).toBe(false);
    });
  });
}
