import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let grace: Actor;
let margaret: Actor;
beforeAll(async () => {
  house = await startBotWorld({ bots: 2 });
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, grace, margaret] = [slack.person('ada'), slack.person('grace'), slack.person('margaret')];
  await slack.settings({ postLimit: false });
});
afterAll(() => house.stop());

const replicasOf = async (name: string): Promise<number> =>
  (await deploymentIn(house, name, 'payments')).spec.replicas;

/** Ada asks and confirms; returns her card and the one in #approvals. */
async function asksForApproval(line: string, summary: string) {
  const before = (await grace.reads('approvals')).at(-1);
  const card = await asksFor(ada, line, summary);
  await ada.clicks(card, 'confirm', { confirmed: true });
  await ada.seesOn(card, 'Needs approval');
  const request = await grace.sees('approvals', summary, before ? { after: before } : {});
  return { card, request };
}

describe('a change that needs the yes of somebody else', () => {
  test('is asked for by Ada, approved by Grace in #approvals, and done once', async () => {
    const now = await replicasOf('api');
    const line = `/k8s scale deploy/api ${now + 1} -n payments --reason "pay day"`;
    const { card, request } = await asksForApproval(line, `Scale deployment.apps/api from ${now} to ${now + 1}`);

    expect(request.plain).toContain('Needs 1 approval');
    expect(request.plain).toContain('pay day');
    expect(request.plain).toContain('payments');
    expect(request.plain).toContain(`replicas: ${now} → ${now + 1}`);
    expect(request.plain).toMatch(/Nothing happens unless it is approved by \d\d:\d\d:\d\dZ/);
    expect(await replicasOf('api')).toBe(now);

    await grace.clicks(request, 'approve');
    const done = await ada.seesOn(card, /Succeeded[\s\S]*Approved by/);
    await grace.seesOn(request, /Succeeded[\s\S]*Approved by/);

    expect(done.plain).not.toContain('Needs 1 approval');
    expect(await replicasOf('api')).toBe(now + 1);
  });
});
