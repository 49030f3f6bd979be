import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn, messagesOf } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let slack: ReturnType<typeof driveSlack>;
let ada: Actor;
beforeAll(async () => {
  house = await startBotWorld({ bots: 2 });
  slack = driveSlack(house.world.slack.controlUrl);
  ada = slack.person('ada');
  await slack.settings({ postLimit: false });
});
afterAll(() => house.stop());

describe('two replicas', () => {
  test('answer each command once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ada.types(`/k8s get deploy/web -n shop -l round=${index}`, { channel: 'approvals' }),
      ),
    );

    await expect.poll(async () => (await ada.reads('approvals')).length, { timeout: 15_000 }).toBe(20);
  });

  test('hear an envelope that Slack delivers twice as one', async () => {
    await slack.breaks({ sockets: { duplicateNext: 1 } });
    const card = await asksFor(ada, '/etcd put /replicas/twice value', '/replicas/twice');

    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded');

    expect(await messagesOf(ada, card)).toHaveLength(1);
  });

  test('let one of two simultaneous decisions win', async () => {
    const before = (await deploymentIn(house, 'cart')).metadata.generation ?? 0;
    const card = await asksFor(ada, '/k8s scale deploy/cart 3 -n shop', 'to 3 replicas');

    await Promise.all([ada.clicks(card, 'confirm', { confirmed: true }), slack.person('grace').clicks(card, 'cancel')]);
    const over = await ada.seesOn(card, /^(Succeeded|Cancelled)/);

    const after = await deploymentIn(house, 'cart');
    expect(after.metadata.generation).toBe(before + (over.plain.startsWith('Succeeded') ? 1 : 0));
  });

  test('show a change as expired when nobody confirms in time, whoever made its card', async () => {
    const card = await asksFor(ada, '/etcd put /replicas/late value', '/replicas/late');

    // The bot's own clock decides; a record is aged in etcd instead of waiting ten minutes.
    const id = String(card.metadata?.event_payload.invocation);
    await house.age(id, 11 * 60_000);

    await ada.clicks(card, 'confirm', { confirmed: true });
    const expired = await ada.seesOn(card, /^Expired/);
    expect(expired.plain).toContain('nothing was changed');
    await ada.types('/etcd get /replicas/late', { channel: 'ops' });
    await ada.sees('ops', 'no such key');
  });
});
