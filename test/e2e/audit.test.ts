import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
beforeAll(async () => {
  house = await startBotWorld();
  const slack = driveSlack(house.world.slack.controlUrl);
  ada = slack.person('ada');
});
afterAll(() => house.stop());

async function answerTo(text: string, wanted: string | RegExp): Promise<SeenMessage> {
  const before = (await ada.reads('ops')).at(-1);
  await ada.types(text, { channel: 'ops' });
  return ada.sees('ops', wanted, { withinMs: 20_000, ...(before ? { after: before } : {}) });
}

describe('the audit', () => {
  test('tells the whole story of a change, from the plan to the outcome', async () => {
    const card = await asksFor(ada, '/etcd put /audit/flag on --reason "release 7"', '/audit/flag');
    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded');
    const id = card.metadata?.event_payload.invocation as string;

    await vi.waitFor(
      async () => {
        const shown = await answerTo(`/shipmate audit --id ${id}`, /succeeded/);
        for (const step of ['planned', 'confirmed', 'intent', 'outcome']) expect(shown.plain).toContain(step);
        expect(shown.plain).toMatch(/txn put "\/audit\/flag" on etcd \S+: ok, revision \d+/);
        expect(shown.plain).toContain('release 7');
      },
      { timeout: 15_000, interval: 500 },
    );
  });
});
