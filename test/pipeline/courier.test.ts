import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NotDelivered } from '../../src/chat/delivery.ts';
import { createLogger } from '../../src/log.ts';
import { claimRow, holdClaim, knownCards, settle } from '../../src/pipeline/claimed-row.ts';
import { type CourierDeps, createCourier, type Rendering } from '../../src/pipeline/courier.ts';
import { followOutbox } from '../../src/pipeline/follow-outbox.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import { outboxChange, pending } from '../../src/state/outbox.ts';
import type { Store } from '../../src/state/store.ts';
import { type EtcdService, ownPrefix, startEtcd } from '../support/services.ts';

const log = createLogger('silent');
let etcd: EtcdService;
let store: Store;
let now: number;

beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());
beforeEach(() => {
  now = 1_000_000;
  store = openStore({ endpoints: [etcd.endpoint] }, { prefix: ownPrefix(), log });
  return () => store.close();
});

/** A Slack of a few channels: some refuse for good, some never answer. */
class SmallSlack {
  readonly said: string[] = [];
  asked = 0;
  readonly refusing = new Set<string>();
  readonly hanging = new Set<string>();

  async post({ channel }: { channel: string }, { title }: { title: string }) {
    this.asked += 1;
    if (this.hanging.has(channel)) return await new Promise<never>(() => undefined);
    if (this.refusing.has(channel)) throw new NotDelivered('is_archived');
    this.said.push(`${channel} ${title}`);
    return { channel, ts: String(this.asked) };
  }

  async update({ channel, ts }: { channel: string; ts: string }, { title }: { title: string }) {
    if (this.refusing.has(channel)) throw new NotDelivered('is_archived');
    this.said.push(`${channel} ${ts} ${title}`);
  }

  async find() {
    return undefined;
  }
}

/** Ids are `<channel>.<anything>`. */
function courierOn(slack: SmallSlack, fallbackUser: string, rendered: () => string = () => 'words') {
  const rendering = async (id: string): Promise<Rendering> => ({
    ...{ generation: 1, channel: id.split('.')[0] ?? '', fallbackUser, since: 0 },
    ...{ message: { title: rendered(), parts: [] }, metadata: { incident: id } },
  });
  return createCourier(
    { thing: rendering },
    {
      ...{ store, chat: slack as unknown as CourierDeps['chat'], clock: () => now, log, worker: 'w1' },
      pending: (limit, kind, after) => pending(store, limit, kind, after),
      isRefusedChannel: (error) => error instanceof NotDelivered && error.slackError === 'is_archived',
      isGoneMessage: () => false,
      isShared: async () => false,
    },
  );
}

const row = (id: string) =>
  outboxChange({
    ...{ subjectKind: 'thing', subjectId: id, generation: 1 },
    channel: id.split('.')[0] ?? '',
    since: 0,
  });
const says = (id: string) => store.commit([row(id)]);

describe('a channel that Slack refuses', () => {
  it('is not asked for each row, and its rows wait until it takes them', async () => {
    const slack = new SmallSlack();
    slack.refusing.add('CGONE');
    const courier = courierOn(slack, '');
    await Promise.all(['CGONE.1', 'CGONE.2', 'CGONE.3'].map(says));

    await courier.deliverPending();
    await courier.deliverPending();
    expect(slack.asked).toBeLessThanOrEqual(3);
    expect(await pending(store)).toHaveLength(3);

    slack.refusing.clear();
    now += 61_000;
    await courier.deliverPending();
    expect(slack.said).toHaveLength(3);
    expect(await pending(store)).toEqual([]);
  });

  it('is replaced by the fallback, also for a message that cannot be edited any more', async () => {
    const slack = new SmallSlack();
    let words = 'first';
    const courier = courierOn(slack, 'UADA', () => words);
    await says('CGONE.1');
    await courier.deliverPending();

    slack.refusing.add('CGONE');
    words = 'second';
    await says('CGONE.1');
    await courier.deliverPending();

    expect(slack.said).toEqual(['CGONE first', 'UADA second']);
    expect(await pending(store)).toEqual([]);
  });
});

describe('a backlog', () => {
  it('of one channel holds up no other', async () => {
    const slack = new SmallSlack();
    slack.hanging.add('CSLOW');
    const courier = courierOn(slack, '');
    await store.commit(Array.from({ length: 100 }, (_, n) => row(`CSLOW.${n}`)));
    await says('CZ.1');

    void courier.deliverPending();

    await expect.poll(() => slack.said).toEqual(['CZ words']);
    await courier.stop(10);
  });
});

describe('a claim', () => {
  it('lasts as long as the delivery, however slow Slack takes it', async () => {
    const own = { store, clock: () => now, worker: 'w1', cards: knownCards() };
    const other = { ...own, worker: 'w2', cards: knownCards() };
    await says('C1.1');
    const claimed = await claimRow('thing', 'C1.1', own);
    if (!claimed) throw new Error('not claimed');
    const holding = holdClaim('thing', 'C1.1', claimed, own, 5);

    for (let seconds = 0; seconds < 120; seconds += 10) {
      now += 10_000;
      const until = now + 15_000;
      await expect.poll(async () => (await store.get<{ until: number }>('claims/thing/C1.1'))?.value.until).toBe(until);
      expect(await claimRow('thing', 'C1.1', other)).toBeUndefined();
    }

    expect(await settle('thing', 'C1.1', await holding.end(), { ref: { channel: 'C1', ts: '1' } }, own)).toBe(true);
    expect(await pending(store)).toEqual([]);
    expect(await store.get('claims/thing/C1.1')).toBeUndefined();
  });

  it('of one who died ends by itself', async () => {
    const own = { store, clock: () => now, worker: 'w1', cards: knownCards() };
    await says('C1.1');
    await claimRow('thing', 'C1.1', own);
    now += 16_000;

    expect(await claimRow('thing', 'C1.1', { ...own, worker: 'w2' })).toMatchObject({ wasAttempted: true });
  });
});

describe('a row that another replica wrote', () => {
  it('is delivered soon, unless its writer does', async () => {
    const kicked: string[] = [];
    const following = followOutbox({ store, log, kick: (kind, id) => kicked.push(`${kind} ${id}`), patienceMs: 300 });
    await expect
      .poll(async () => {
        await says('C1.left');
        return kicked;
      })
      .toContain('thing C1.left');

    await says('C1.seen-to');
    await store.commit([{ op: 'del', path: 'outbox/thing/C1.seen-to', expect: 'any' }]);
    kicked.length = 0;
    await says('C1.last');
    await expect.poll(() => kicked).toContain('thing C1.last');
    expect(kicked).not.toContain('thing C1.seen-to');
    await following.stop();
  });
});
