import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SupervisedBot, waitUntilReady } from '../../deploy/sandbox/bot.ts';
import { delay } from '../../src/time.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn, messagesOf } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

const ROUNDS = process.env.SHIPMATE_SHORT ? 5 : 40;

let house: BotWorld;
let bot: SupervisedBot;
let ada: Actor;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0 });
  bot = await house.process();
  ada = driveSlack(house.world.slack.controlUrl).person('ada');
});
afterAll(() => house.stop());

/** The supervisor has started it again and it hears Slack. */
const isBack = (): Promise<void> => waitUntilReady(`http://127.0.0.1:${house.world.httpPort}`, 30_000);

describe('the bot killed with SIGKILL', () => {
  test(`at a different moment of ${ROUNDS} changes loses none, does none twice and tells each outcome on one message`, async () => {
    let wanted = 2;
    for (let round = 0; round < ROUNDS; round++) {
      wanted = wanted === 2 ? 4 : 2;
      await isBack();
      const before = await deploymentIn(house, 'cart');
      const card = await asksFor(ada, `/k8s scale deploy/cart ${wanted} -n shop`, `to ${wanted} replicas`);

      await ada.clicks(card, 'confirm', { confirmed: true });
      // From right after the click to well into the rollout, in steps that differ from round to round.
      await delay((round * 37) % 260);
      process.kill(bot.pid() as number, 'SIGKILL');
      const over = await ada.seesOn(card, /^(Succeeded|Failed|Unknown)/, { withinMs: 60_000 });

      const after = await deploymentIn(house, 'cart');
      expect(over.plain, `round ${round}`).toMatch(/^Succeeded/);
      expect(after.spec.replicas).toBe(wanted);
      expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
      expect(await messagesOf(ada, card)).toHaveLength(1);
    }
  }, 1_800_000);

  test('between the command and its card still shows one card', async () => {
    for (let round = 0; round < Math.min(ROUNDS, 10); round++) {
      await isBack();
      const before = (await ada.reads('ops')).at(-1);
      const typed = ada.types(`/etcd put /chaos/round-${round} value`, { channel: 'ops' });
      await delay((round * 23) % 90);
      process.kill(bot.pid() as number, 'SIGKILL');
      const answer = await typed;

      // Not acknowledged means that Slack itself tells the person; acknowledged means that the card comes.
      if (answer.kind !== 'command' || !answer.acknowledged) continue;
      const card = await ada.sees('ops', `/chaos/round-${round}`, {
        withinMs: 60_000,
        ...(before ? { after: before } : {}),
      });
      expect(await messagesOf(ada, card)).toHaveLength(1);
    }
  }, 900_000);
});
