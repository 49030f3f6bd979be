import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SupervisedBot } from '../../deploy/sandbox/bot.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let bot: SupervisedBot;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0, seeded: false });
  bot = await house.process();
});
afterAll(() => house.stop());

test('SIGHUP reads the policy again and ends nothing', async () => {
  const pid = bot.pid() as number;

  process.kill(pid, 'SIGHUP');

  const ada = driveSlack(house.world.slack.controlUrl).person('ada');
  await ada.types('/shipmate status', { channel: 'ops' });
  expect((await ada.sees('ops', 'SYSTEM')).plain).toMatch(/policy +ok/);
  expect(bot.pid()).toBe(pid);
});
