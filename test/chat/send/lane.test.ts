import { describe, expect, test } from 'vitest';
import { NotDelivered } from '../../../src/chat/delivery.ts';
import { Edits } from '../../../src/chat/send/edits.ts';
import { ChannelLane } from '../../../src/chat/send/lane.ts';

const limited = (retryAfterMs: number) => new NotDelivered('ratelimited', { retryable: true, retryAfterMs });

describe('a channel’s lane', () => {
  test('lets answers pass progress that waits', async () => {
    const lane = new ChannelLane(Date.now, { perSecond: 100, burst: 1 });
    const said: string[] = [];
    const say = (word: string) => async () => void said.push(word);
    let isFirst = true;
    const first = lane.submit('answer', 1, async () => {
      if (isFirst) {
        isFirst = false;
        throw limited(50);
      }
      said.push('first');
    });
    await expect.poll(() => isFirst).toBe(false);

    await Promise.all([
      first,
      lane.submit('progress', 0, say('progress')),
      lane.submit('answer', 1, say('second')),
      lane.submit('answer', 0, say('edit')),
    ]);

    expect(said.indexOf('progress')).toBeGreaterThan(said.indexOf('edit'));
    expect(said.indexOf('first')).toBeLessThan(said.indexOf('second'));
  });

  test('makes a refused call again after the time that Slack asked for', async () => {
    const lane = new ChannelLane(Date.now, { perSecond: 100, burst: 10 });
    const at: number[] = [];

    await lane.submit('answer', 1, async () => {
      at.push(Date.now());
      if (at.length === 1) throw limited(200);
    });

    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(195);
  });

  test('gives up on a refusal that lasts a minute', async () => {
    let now = 0;
    const lane = new ChannelLane(() => now, { perSecond: 100, burst: 10 });

    const outcome = lane.submit('answer', 1, async () => {
      now += 61_000;
      throw limited(10);
    });

    await expect(outcome).rejects.toMatchObject({ slackError: 'ratelimited' });
  });

  test('passes every other failure to its caller, and goes on', async () => {
    const lane = new ChannelLane(Date.now, { perSecond: 100, burst: 10 });

    await expect(lane.submit('answer', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    await expect(lane.submit('answer', 1, async () => 'yes')).resolves.toBe('yes');
    await expect.poll(() => lane.isIdle).toBe(true);
  });
});

describe('edits', () => {
  test('of one message that failed are told to everybody whose edit it was, and the next one goes out', async () => {
    const sent: string[] = [];
    const edits = new Edits<string>(Date.now, async (_key, value) => {
      sent.push(value);
      if (value === 'b') throw new Error('refused');
    });

    await edits.edit('m', 'first');
    const outcomes = await Promise.allSettled([edits.edit('m', 'a'), edits.edit('m', 'b')]);
    await edits.edit('m', 'last');

    expect(sent).toEqual(['first', 'b', 'last']);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  });

  test('of different messages do not wait for each other', async () => {
    const sent: string[] = [];
    const edits = new Edits<string>(Date.now, async (key) => void sent.push(key));

    const startedAt = performance.now();
    await Promise.all([edits.edit('a', 'x'), edits.edit('b', 'x'), edits.edit('c', 'x')]);

    expect(sent.sort()).toEqual(['a', 'b', 'c']);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
