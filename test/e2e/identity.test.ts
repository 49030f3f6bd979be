import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/time.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

const OSCAR = { id: 'U9OSCAR', name: 'oscar', realName: 'Oscar (Otherwhere Ltd)', teamId: 'T9OTHER' };

let house: BotWorld;
let slack: ReturnType<typeof driveSlack>;
let ada: Actor;
let linus: Actor;
let eve: Actor;
let oscar: Actor;
/** Added to the bot's clock: channels are looked at again after a minute. */
let aheadMs = 0;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0, newcomers: [OSCAR], speed: 1 });
  slack = driveSlack(house.world.slack.controlUrl);
  await slack.settings({ postLimit: false });
  [ada, linus, eve, oscar] = ['ada', 'linus', 'eve', 'oscar'].map((name) => slack.person(name)) as [
    Actor,
    Actor,
    Actor,
    Actor,
  ];
  await house.replica({ SHIPMATE_ROLES: 'gateway' }, () => systemClock() + aheadMs);
});
afterAll(() => house.stop());

const replicas = async (name: string): Promise<number | undefined> =>
  (await deploymentIn(house, name)).spec.replicas as number | undefined;
const worker = () => house.replica({ SHIPMATE_ROLES: 'worker' }, () => systemClock() + aheadMs);

describe('T19: judged by who clicks and types', () => {
  let working: Awaited<ReturnType<typeof worker>>;
  beforeAll(async () => {
    working = await worker();
  });

  test('Eve, a guest, is refused at a command, at help and at her Home', async () => {
    await eve.types('/k8s get pods -n shop', { channel: 'ops' });
    const refused = await eve.sees('ops', /Denied.*does not work for guests[\s\S]*full member/);
    expect(refused.ephemeral).toBe(true);

    await eve.types('/k8s help', { channel: 'ops' });
    await eve.sees('ops', /does not work for guests/, { after: refused });
    expect((await eve.home('guests')).plain).not.toContain('/k8s scale');
  });

  test('Eve clicks Ada’s button, and nothing happens', async () => {
    const card = await asksFor(ada, '/k8s scale deploy/cart 3 -n shop', 'Scale deployment.apps/cart from 2 to 3');
    const before = (await eve.reads('ops')).at(-1);

    await eve.clicks(card, 'cancel');
    await eve.sees('ops', /Denied.*does not work for guests/, before ? { after: before } : {});

    expect((await ada.seesOn(card, 'Needs confirmation')).plain).toContain('Cancel');
  });

  test('a stranger of another workspace is refused at a mention and at a button', async () => {
    await oscar.types('@Shipmate k8s get pods -n shop', { channel: 'ops' });
    const asked = (await oscar.reads('ops')).findLast((message) => message.plain.includes('get pods'));
    await oscar.sees('ops', /Denied.*other workspaces/, asked ? { thread: asked } : {});

    const card = await asksFor(ada, '/k8s scale deploy/catalog 4 -n shop', 'Scale deployment.apps/catalog');
    await oscar.clicks(card, 'cancel');
    await oscar.sees('ops', /Denied.*other workspaces/);
    await ada.seesOn(card, 'Needs confirmation');
  });

  test('Linus is deactivated while his click waits: nothing is changed', async () => {
    const card = await asksFor(linus, '/k8s scale deploy/web 4 -n shop', 'Scale deployment.apps/web from 2 to 4');
    await working.stop(3_000);
    await linus.clicks(card, 'confirm', { confirmed: true });
    await slack.breaks({ deactivate: 'linus' });

    working = await worker();

    await expect
      .poll(
        async () => {
          await ada.types('/shipmate audit --user <@U0LINUS>', { channel: 'ops' });
          return (await ada.sees('ops', /audit|record/i)).plain;
        },
        { timeout: 15_000, interval: 500 },
      )
      .toMatch(/deploy\/web 4.*refused E_FORBIDDEN/s);
    expect(await replicas('web')).toBe(2);
    await slack.breaks({ reactivate: 'linus' });
  });
});

describe('a channel that becomes shared with another organisation', () => {
  test('in the middle of a rollout hears no more of it, and Ada gets the outcome directly', async () => {
    const card = await asksFor(ada, '/k8s scale deploy/web 6 -n shop', 'Scale deployment.apps/web from 2 to 6');
    const waiting = await asksFor(ada, '/k8s scale deploy/search 4 -n shop', 'Scale deployment.apps/search');
    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Running');
    await slack.breaks({ extShare: 'ops' });
    aheadMs += 61_000;

    await ada.sees('@Shipmate', /Succeeded.*successfully rolled out/s, { withinMs: 30_000 });
    await ada.seesOn(card, 'Running');
    const said = await ada.sawOnly('ops', { thread: card });
    expect(said.join('\n')).not.toMatch(/Succeeded/);

    await ada.clicks(waiting, 'confirm', { confirmed: true });
    await ada.sees('@Shipmate', /Denied.*shared with another organisation[\s\S]*internal channel/);
    expect(await replicas('search')).not.toBe(4);
  });

  test('answers no command there, not even privately: the person is told directly', async () => {
    const before = (await ada.reads('@Shipmate')).at(-1);
    const heard = (await ada.reads('ops')).length;

    await ada.types('/k8s get pods -n shop', { channel: 'ops' });
    await ada.sees('@Shipmate', /internal channel/, before ? { after: before } : {});
    await ada.types('k8s get pods -n shop', { channel: '@Shipmate' });
    await ada.sees('@Shipmate', /pods in shop/);

    expect((await ada.reads('ops')).length).toBe(heard);
  });
});

describe('a scope that the workspace does not grant', () => {
  test('costs the look at shared channels only, and is told in the status', async () => {
    await slack.breaks({ removeScope: 'channels:read' });
    aheadMs += 61_000;

    await ada.types('/k8s get pods -n shop', { channel: 'prod-alerts' });
    await ada.sees('prod-alerts', /pods in shop/);
    await ada.types('/shipmate status', { channel: 'prod-alerts' });
    await ada.sees('prod-alerts', /noticing shared public channels/);
  });

  test('to read who people are refuses everybody, with the reason', async () => {
    await slack.breaks({ removeScope: 'users:read' });
    aheadMs += 61 * 60_000;

    await ada.types('/k8s get pods -n shop', { channel: 'prod-alerts' });
    await ada.sees('prod-alerts', /Denied.*users:read is missing/);
  });
});
