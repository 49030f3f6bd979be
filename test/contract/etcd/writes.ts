import { describe, expect, it } from 'vitest';
import { ConflictError, UsageError } from '../../../src/errors.ts';
import { bytesOf } from '../../../src/etcd/keys.ts';
import { ownPrefix } from '../../support/services.ts';
import { type Desk, outputOf } from './desk.ts';

/** The part of the contract about `/etcd put` and `/etcd del`. */
export function describeWrites(desk: () => Desk, write: (key: string, value: string) => Promise<string>): void {
  const shown = async (key: string) => outputOf(await desk().get(key));
  const erase = (key: string) =>
    desk().cluster.txn({
      compare: [],
      success: [{ deleteRange: { key: bytesOf(key) } }],
    });

  describe('/etcd put', () => {
    it('creates a key at low risk and says how to take it back', async () => {
      const key = `${ownPrefix()}new`;

      const plan = await desk().plan('put', key, 'on');
      const said = await desk().act('put', plan);

      expect(plan).toMatchObject({
        risk: 'low',
        targets: [key],
        undo: `/etcd del -- ${key}`,
      });
      expect(plan.changes).toEqual([{ label: key, before: '(no such key)', after: 'on' }]);
      expect(said).toMatch(new RegExp(`^OK: ${key} is written, rev \\d+$`));
      expect(await shown(key)).toBe('on');
    });

    it('shows old and new before it overwrites, at high risk, and the old one afterwards when asked', async () => {
      const key = `${ownPrefix()}k`;
      await write(key, 'old value');

      const plan = await desk().plan('put', key, 'new', '--prev-kv');

      expect(plan).toMatchObject({
        risk: 'high',
        undo: `/etcd put -- ${key} 'old value'`,
      });
      expect(plan.changes).toEqual([{ label: key, before: 'old value', after: 'new' }]);
      expect(await desk().act('put', plan)).toContain('it was "old value"');
    });

    it('writes nothing when somebody changed, created or deleted the key in between', async () => {
      const own = ownPrefix();
      await write(`${own}changed`, '1');
      await write(`${own}deleted`, '1');
      const plans = await Promise.all(
        ['changed', 'created', 'deleted'].map((name) => desk().plan('put', own + name, 'mine')),
      );
      await write(`${own}changed`, 'theirs');
      await write(`${own}created`, 'theirs');
      await erase(`${own}deleted`);

      for (const plan of plans) await expect(desk().act('put', plan)).rejects.toThrow(ConflictError);
      await expect(desk().act('put', plans[0] as never)).rejects.toThrow(/at rev \d+ it is "theirs"/);
      expect(await shown(`${own}changed`)).toBe('theirs');
      expect((await desk().get(`${own}deleted`)).title).toContain('no such key');
    });

    it('refuses an empty key, a value that is too large, and a lease that is no hex number', async () => {
      await expect(desk().plan('put', '', 'x')).rejects.toThrow('key is not provided');
      await expect(desk().plan('put', 'k', 'x'.repeat(70_000))).rejects.toThrow(UsageError);
      await expect(desk().plan('put', 'k', 'x', '--lease', 'xyz')).rejects.toThrow('expecting ID in Hex');
      await expect(desk().run('put', `${ownPrefix()}k`, 'x', '--lease', '7b')).rejects.toThrow(
        'requested lease not found',
      );
    });

    it('can write an empty value and one that starts with a dash', async () => {
      const own = ownPrefix();
      await desk().run('put', `${own}empty`, '');
      await desk().run('put', `${own}dash`, '--', '-5');

      expect(await shown(`${own}empty`)).toBe('');
      expect(await shown(`${own}dash`)).toBe('-5');
    });
  });

  describe('verifying a put after a crash', () => {
    it('finds it not applied while the key stands as planned', async () => {
      const own = ownPrefix();
      await write(`${own}k`, '1');
      const overwrite = await desk().plan('put', `${own}k`, '2');
      const create = await desk().plan('put', `${own}new`, '2');
      // The cluster moves on elsewhere.
      await write(`${own}other`, 'x');

      expect(await desk().verify('put', overwrite)).toEqual({ applied: false });
      expect(await desk().verify('put', create)).toEqual({ applied: false });
    });

    it('finds it applied, also when somebody has overwritten or deleted it since', async () => {
      const own = ownPrefix();
      await write(`${own}k`, '1');
      for (const key of [`${own}k`, `${own}new`]) {
        const plan = await desk().plan('put', key, 'mine');
        await desk().act('put', plan);
        expect(await desk().verify('put', plan)).toMatchObject({
          applied: true,
        });
        await write(key, 'later');
        expect(await desk().verify('put', plan)).toMatchObject({
          applied: true,
        });
        await erase(key);
        expect(await desk().verify('put', plan)).toMatchObject({
          applied: true,
        });
      }
    });

    it('finds it not applied when somebody else wrote first, even the same value later', async () => {
      const key = `${ownPrefix()}k`;
      await write(key, '1');
      const plan = await desk().plan('put', key, 'mine');
      await write(key, 'theirs');
      await write(key, 'mine');

      expect(await desk().verify('put', plan)).toEqual({ applied: false });
    });
  });

  describe('/etcd del', () => {
    it('deletes one key, and nothing when it was changed in between', async () => {
      const key = `${ownPrefix()}k`;
      await write(key, '1');
      const plan = await desk().plan('del', key);
      await write(key, '2');

      expect(plan).toMatchObject({
        risk: 'high',
        targets: [key],
        undo: `/etcd put -- ${key} 1`,
      });
      await expect(desk().act('del', plan)).rejects.toThrow(ConflictError);
      expect(await desk().run('del', key)).toMatch(/^1 key deleted, rev \d+$/);
    });

    it('spells out a half-open range, counts it, and keeps its end', async () => {
      const own = ownPrefix();
      for (const name of ['a', 'b', 'c']) await write(own + name, name);

      const plan = await desk().plan('del', `${own}a`, `${own}c`);
      await desk().act('del', plan);

      expect(plan.summary).toContain(`Delete 2 keys from ${own}a up to but not including ${own}c`);
      expect(plan).toMatchObject({
        risk: 'destructive',
        targets: [`2 keys from ${own}a up to but not including ${own}c`],
      });
      expect(await shown(`${own}c`)).toBe('c');
      expect((await desk().get(`${own}a`)).title).toContain('no such key');
    });

    it('names the keys that somebody wrote under the prefix in between, and deletes none', async () => {
      const own = ownPrefix();
      await write(`${own}a`, '1');
      await write(`${own}b`, '1');
      const plan = await desk().plan('del', own, '--prefix');
      await write(`${own}new`, '1');

      await expect(desk().act('del', plan)).rejects.toThrow(`${own}new since you were shown them`);
      expect((await desk().get(own, '--prefix', '--count-only')).title).toContain('3 keys');
    });

    it('says how many of the planned keys had gone before', async () => {
      const own = ownPrefix();
      for (const name of ['a', 'b', 'c']) await write(own + name, name);
      const plan = await desk().plan('del', own, '--prefix');
      await erase(`${own}b`);

      expect(await desk().act('del', plan)).toMatch(/^2 keys deleted, .*1 of the 3 planned had gone before$/);
    });

    it('treats nothing to delete as a success, and refuses the whole keyspace and too many keys', async () => {
      const own = ownPrefix();
      for (let n = 0; n < 21; n += 1) await write(`${own}${String(n).padStart(2, '0')}`, '');

      expect((await desk().nothingToDo('del', `${own}nope`)).title).toMatch(/^0 keys deleted: no such key/);
      await expect(desk().plan('del', '', '--prefix')).rejects.toThrow('not possible from Slack');
      await expect(desk().plan('del', '', '--from-key')).rejects.toThrow('not possible from Slack');
      await expect(desk().plan('del', own, '--prefix')).rejects.toThrow('That would delete 21 keys');
      const plan = await desk().plan('del', own, '--prefix', '--max-targets', '21');
      expect(plan.targets).toEqual([`21 keys with prefix ${own}`]);
      expect(plan.changes).toHaveLength(10);
      expect(plan.warnings).toEqual(['only the first 10 of 21 keys are shown']);
    });

    it('knows after a crash whether it happened', async () => {
      const own = ownPrefix();
      await write(`${own}a`, '1');
      await write(`${own}b`, '1');
      const plan = await desk().plan('del', own, '--prefix');
      const single = await desk().plan('del', `${own}a`);

      expect(await desk().verify('del', plan)).toEqual({ applied: false });
      expect(await desk().verify('del', single)).toEqual({ applied: false });
      await desk().act('del', plan);
      expect(await desk().verify('del', plan)).toMatchObject({ applied: true });
      await write(`${own}a`, 'anew');
      expect(await desk().verify('del', single)).toMatchObject({
        applied: true,
      });
    });
  });
}
