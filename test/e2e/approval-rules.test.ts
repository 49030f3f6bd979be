import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import type { App } from '../../src/app.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let apps: App[];
let ada: Actor;
let grace: Actor;
let linus: Actor;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0 });
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, grace, linus] = [slack.person('ada'), slack.person('grace'), slack.person('linus')];
  await slack.settings({ postLimit: false });
  apps = [await house.replica(), await house.replica()];
});
afterAll(() => house.stop());

const PAYMENTS = { permissions: ['k8s:*'], namespaces: ['payments'] };

/** The rules as they are from now on, on both replicas. */
async function rulesAre(approvals: object): Promise<void> {
  const file = house.world.env.SHIPMATE_CONFIG as string;
  const whole = parse(await readFile(file, 'utf8')) as { access: Record<string, unknown> };
  whole.access.approvals = approvals;
  await writeFile(file, stringify(whole));
  for (const app of apps) app.reload();
}

const replicas = async (): Promise<number> => (await deploymentIn(house, 'api', 'payments')).spec.replicas;

async function adaAsks(): Promise<{ now: number; card: SeenMessage }> {
  const now = await replicas();
  const line = `/k8s scale deploy/api ${now + 1} -n payments`;
  const card = await asksFor(ada, line, `Scale deployment.apps/api from ${now} to ${now + 1}`);
  await ada.clicks(card, 'confirm', { confirmed: true });
  return { now, card: await ada.seesOn(card, 'Needs approval') };
}

describe('approval rules', () => {
  test('may want two, and do nothing after the first', async () => {
    await rulesAre({ rules: [{ ...PAYMENTS, approvers: { users: ['U0GRACE', 'U0LINUS'] }, count: 2 }] });
    const { now, card } = await adaAsks();
    expect(card.plain).toContain('Needs 2 approvals (0 of 2)');

    await grace.clicks(card, 'approve');
    const half = await ada.seesOn(card, 'Needs 1 more approval (1 of 2)');
    expect(await replicas()).toBe(now);
    await grace.clicks(half, 'approve');
    await linus.clicks(half, 'approve');
    await ada.seesOn(card, 'Succeeded');

    expect(await replicas()).toBe(now + 1);
  });

  test('that change while a request waits void it, and the card says why (T16)', async () => {
    await rulesAre({ rules: [{ ...PAYMENTS, approvers: { users: ['U0GRACE'] } }] });
    const { now, card } = await adaAsks();

    await rulesAre({ rules: [{ ...PAYMENTS, approvers: { users: ['U0GRACE', 'U0LINUS'] }, count: 2 }] });
    await grace.clicks(card, 'approve');

    await ada.seesOn(card, /Failed[\s\S]*The approval is void: approval rule 1 has changed/);
    expect(await replicas()).toBe(now);
  });

  test('may name a user group; the second group may approve once nobody answered in time', async () => {
    await rulesAre({
      rules: [{ ...PAYMENTS, approvers: { groups: ['S0PAYMENTS'] } }],
      expires: '10m',
      escalateAfter: '1s',
      escalateTo: { users: ['U0LINUS'] },
    });
    const { now, card } = await adaAsks();
    await linus.clicks(card, 'approve').catch(() => undefined);

    const escalated = await ada.seesOn(card, 'nobody decided, so now also');
    // An edit notifies nobody, so he is called by name under the request.
    const request = await linus.sees('approvals', 'nobody decided, so now also');
    await linus.sees('approvals', /@linus: nobody has decided yet/i, { thread: request });
    await linus.clicks(escalated, 'approve');
    await ada.seesOn(card, /Succeeded/);

    expect(await replicas()).toBe(now + 1);
  });

  test('that are absent leave destruction to a typed name; a wrong one is told on the field', async () => {
    await rulesAre({});
    for (const key of ['/typed/a', '/typed/b']) {
      const put = await asksFor(ada, `/etcd put ${key} x`, key);
      await ada.clicks(put, 'confirm', { confirmed: true });
      await ada.seesOn(put, 'Succeeded');
    }
    const card = await asksFor(ada, '/etcd del /typed/ --prefix', 'Delete 2 keys');
    await ada.clicks(card, 'confirm', { confirmed: true });

    const dialog = await ada.modal('This destroys things');
    expect(dialog.plain).toContain('/typed/a');
    const refused = await ada.submits({ name: '/typed' });
    expect(JSON.stringify(refused)).toContain('This is not it');
    await ada.submits({ name: '2 keys with prefix /typed/' });

    await ada.seesOn(card, /Succeeded[\s\S]*2 keys deleted/);
  });

  test('expire a request at its time, also when nobody was running then', async () => {
    await rulesAre({ rules: [{ ...PAYMENTS, approvers: { users: ['U0GRACE'] } }], expires: '3s' });
    const { now, card } = await adaAsks();

    await Promise.all(apps.map((app) => app.stop(3_000)));
    const end = Date.now() + 3_000;
    await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(end);
    apps = [await house.replica()];

    const expired = await ada.seesOn(card, /^Expired[\s\S]*Nobody decided in time/);
    expect(expired.plain).not.toContain('[Approve');
    expect(await replicas()).toBe(now);
  });
});
