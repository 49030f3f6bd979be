import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
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

const replicasOf = async (name: string): Promise<number> => (await deploymentIn(house, name, 'payments')).spec.replicas;

/** Somebody asks for one more and confirms; returns their card and the one in #approvals. */
async function asksForOneMore(person: Actor, name: string, more = ''): Promise<[number, SeenMessage, SeenMessage]> {
  const now = await replicasOf(name);
  const summary = `Scale deployment.apps/${name} from ${now} to ${now + 1}`;
  const before = (await person.reads('approvals')).at(-1);
  const card = await asksFor(person, `/k8s scale deploy/${name} ${now + 1} -n payments ${more}`.trim(), summary);
  await person.clicks(card, 'confirm', { confirmed: true });
  await person.seesOn(card, 'Needs approval');
  const request = await person.sees('approvals', summary, before ? { after: before } : {});
  return [now, card, request];
}

describe('a change that needs the yes of somebody else', () => {
  test('is asked for by Ada, approved by Grace in #approvals, and done once', async () => {
    const [now, card, request] = await asksForOneMore(ada, 'api', '--reason "pay day"');

    for (const words of ['Needs 1 approval', 'pay day', 'payments', `replicas: ${now} → ${now + 1}`])
      expect(request.plain).toContain(words);
    expect(request.plain).toMatch(/Nothing happens unless it is approved by \d\d:\d\d:\d\dZ/);
    expect(await replicasOf('api')).toBe(now);

    await grace.clicks(request, 'approve');
    const done = await ada.seesOn(card, /Succeeded[\s\S]*Approved by/);
    await grace.seesOn(request, /Succeeded[\s\S]*Approved by/);

    expect(done.plain).not.toContain('Needs 1 approval');
    expect(await replicasOf('api')).toBe(now + 1);
  });

  test('cannot be approved by the one who asked, nor by who is no approver (T20)', async () => {
    const [now, card, request] = await asksForOneMore(ada, 'api');

    await ada.clicks(request, 'approve');
    await ada.sees('approvals', /Nobody approves their own request/);
    await margaret.clicks(request, 'approve');
    await margaret.sees('approvals', /You are not one of the approvers/);
    await ada.clicks(request, 'deny');
    await ada.sees('approvals', /Press Withdraw instead/);

    await ada.clicks(card, 'cancel');
    await grace.seesOn(request, /Cancelled/);
    expect(await replicasOf('api')).toBe(now);
  });

  test('is off when an approver denies it, with the comment on every card', async () => {
    const [now, card, request] = await asksForOneMore(margaret, 'api');

    await grace.clicks(request, 'deny');
    await grace.modal('Deny this change');
    await grace.submits({ comment: 'not on a Friday' });

    await margaret.seesOn(card, /Denied[\s\S]*not on a Friday/);
    const denied = await grace.seesOn(request, /Denied[\s\S]*not on a Friday/);
    expect(denied.plain).not.toContain('[Approve');
    expect(await replicasOf('api')).toBe(now);
  });

  test('is decided once when two approvers press opposite buttons on two replicas (T17)', async () => {
    const [now, card, request] = await asksForOneMore(margaret, 'api');

    await grace.clicks(request, 'deny');
    await grace.modal('Deny this change');
    await Promise.all([ada.clicks(request, 'approve'), grace.submits().catch(() => undefined)]);
    const over = await margaret.seesOn(card, /^(Succeeded|Denied)/, { withinMs: 20_000 });

    const isDone = over.plain.startsWith('Succeeded');
    expect(await replicasOf('api')).toBe(isDone ? now + 1 : now);
    expect(over.plain.match(/(Approved|Denied) by/g)).toHaveLength(1);
  });

  test('is done once when the approver presses twice', async () => {
    const [now, card, request] = await asksForOneMore(ada, 'api');
    const before = (await deploymentIn(house, 'api', 'payments')).metadata.generation ?? 0;

    await Promise.all([grace.clicks(request, 'approve'), grace.clicks(request, 'approve').catch(() => undefined)]);
    await ada.seesOn(card, 'Succeeded');

    expect((await deploymentIn(house, 'api', 'payments')).metadata.generation).toBe(before + 1);
    expect(await replicasOf('api')).toBe(now + 1);
  });

  test('waits on the approver’s App Home with the same buttons, and then stands among the requester’s last changes', async () => {
    const [now, card] = await asksForOneMore(ada, 'api');

    const home = await grace.home(/Waiting for your decision \(1\)[\s\S]*Scale deployment.apps\/api/);
    await grace.clicks(home, 'approve');
    await ada.seesOn(card, 'Succeeded');

    await ada.home(/Your last changes[\s\S]*succeeded/);
    await expect.poll(async () => (await grace.views()).home?.plain).not.toContain('Waiting for your decision');
    expect(await replicasOf('api')).toBe(now + 1);
  });

  test('that destroys falls to the administrators, whatever the place', async () => {
    for (const key of ['/old/a', '/old/b']) {
      const put = await asksFor(ada, `/etcd put ${key} x`, key);
      await ada.clicks(put, 'confirm', { confirmed: true });
      await ada.seesOn(put, 'Succeeded');
    }
    const card = await asksFor(ada, '/etcd del /old/ --prefix', /Delete 2 keys/);
    await ada.clicks(card, 'confirm', { confirmed: true });
    const request = await ada.seesOn(card, 'Needs approval');

    await grace.clicks(request, 'approve');
    await ada.seesOn(card, /Succeeded/);
  });
});

describe('breaking the glass', () => {
  test('acts at once with a reason, is announced, and stays open until somebody else signs', async () => {
    const now = await replicasOf('api');
    const card = await asksFor(
      ada,
      `/k8s scale deploy/api ${now + 1} -n payments --break-glass --reason "checkout is down"`,
      /Break glass/,
    );
    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded');
    expect(await replicasOf('api')).toBe(now + 1);

    const review = await grace.sees('approvals', /Glass broken[\s\S]*checkout is down/);
    await ada.clicks(review, 'sign');
    await ada.sees('approvals', /Nobody reviews what they did themselves/);
    const home = await grace.home(/Broken glass that somebody should look at \(1\)/);
    await grace.clicks(home, 'sign');
    await ada.seesOn(review, /Reviewed by/);
  });

  test('needs a reason, and the permission', async () => {
    await ada.types('/k8s scale deploy/api 1 -n payments --break-glass', { channel: 'ops' });
    await ada.sees('ops', /--break-glass needs a reason/);

    const now = await replicasOf('api');
    await margaret.types(`/k8s scale deploy/api ${now + 1} -n payments --break-glass --reason now`, { channel: 'ops' });
    await margaret.sees('ops', /shipmate:break-glass/);
  });
});
