import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, DEPLOYMENTS, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let grace: Actor;
let margaret: Actor;
beforeAll(async () => {
  house = await startBotWorld();
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, grace, margaret] = [slack.person('ada'), slack.person('grace'), slack.person('margaret')];
  await vi.waitFor(async () => expect((await deployment('web')).status?.readyReplicas).toBe(2), { timeout: 10_000 });
});
afterAll(() => house.stop());

const deployment = (name: string, namespace?: string): Promise<KubeObject> => deploymentIn(house, name, namespace);
const asks = (text: string, wanted: string | RegExp): Promise<SeenMessage> => asksFor(ada, text, wanted);

describe('a change typed in Slack', () => {
  test('is shown, confirmed, done once, followed and told on one message', async () => {
    const before = await deployment('web');
    const card = await asks('/k8s scale deploy/web 5 -n shop', 'Scale deployment.apps/web from 2 to 5 replicas');
    expect(card.plain).toContain('Needs confirmation');
    expect(card.plain).toContain('replicas: 2 → 5');
    expect((await deployment('web')).spec.replicas).toBe(2);

    await ada.clicks(card, 'Scale web to 5', { confirmed: true });
    const done = await ada.seesOn(card, /Succeeded.*successfully rolled out \(5\/5/s);

    expect(done.plain).toContain('To take it back: /k8s scale deploy/web 2 -n shop');
    const after = await deployment('web');
    expect(after.spec.replicas).toBe(5);
    expect(after.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    expect(await grace.sees('ops', /Succeeded.*web/s)).toMatchObject({ ts: card.ts });
  });

  test('cannot be confirmed by somebody else, who is told so alone', async () => {
    const card = await asks('/k8s scale deploy/cart 3 -n shop', 'Scale deployment.apps/cart from 2 to 3');

    await grace.clicks(card, 'Scale cart to 3', { confirmed: true });
    await grace.sees('ops', /Denied.*Only the person who asked/s);

    expect((await ada.sawOnly('ops')).some((text) => text.includes('Only the person who asked'))).toBe(false);
    expect((await deployment('cart')).spec.replicas).toBe(2);
  });

  test('that is cancelled changes nothing and has no buttons left', async () => {
    const card = await asks('/k8s scale deploy/search 4 -n shop', 'Scale deployment.apps/search');
    expect(card.plain).toMatch(/HPA|HorizontalPodAutoscaler|horizontalpodautoscaler/);

    await ada.clicks(card, 'cancel');
    const gone = await ada.seesOn(card, /Cancelled/);

    expect(gone.plain).toContain('Nothing was changed');
    expect(gone.plain).not.toContain('[Cancel]');
    expect((await deployment('search')).spec.replicas).toBe(2);
  });

  test('clicked twice is done once', async () => {
    const before = await deployment('catalog');
    const card = await asks('/k8s scale deploy/catalog 4 -n shop', 'Scale deployment.apps/catalog');

    await Promise.all([
      ada.clicks(card, 'confirm', { confirmed: true }),
      ada.clicks(card, 'confirm', { confirmed: true }).catch(() => undefined),
    ]);
    await ada.seesOn(card, 'Succeeded');

    expect((await deployment('catalog')).metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
  });

  test('is refused when the object changed between the plan and the approval (T16)', async () => {
    const card = await asks('/k8s scale deploy/invoices 2 -n payments', 'Scale deployment.apps/invoices');
    await house.cluster.request({
      method: 'PATCH',
      resource: DEPLOYMENTS,
      namespace: 'payments',
      name: 'invoices',
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 7 } },
    });

    await ada.clicks(card, 'confirm', { confirmed: true });
    await grace.clicks(await ada.seesOn(card, 'Needs approval'), 'approve');
    const failed = await ada.seesOn(card, 'Failed');

    expect(failed.plain).toMatch(/7/);
    expect((await deployment('invoices', 'payments')).spec.replicas).toBe(7);
  });

  test('to what already is says that there is nothing to do', async () => {
    const now = (await deployment('api', 'payments')).spec.replicas;

    await ada.types(`/k8s scale deploy/api ${now} -n payments`, { channel: 'ops' });

    await ada.sees('ops', /No change/);
  });

  test('with --dry-run=server is only shown', async () => {
    await ada.types('/k8s scale deploy/api 6 -n payments --dry-run=server', { channel: 'ops' });

    const shown = await ada.sees('ops', /server dry run/);

    expect(shown.ephemeral).toBe(true);
    expect((await deployment('api', 'payments')).spec.replicas).not.toBe(6);
  });

  test('by somebody who is not on the list is refused with the permission that is missing', async () => {
    await margaret.types('/k8s scale deploy/web 1 -n shop', { channel: 'ops' });

    const refused = await margaret.sees('ops', /Denied.*k8s:scale/s);

    expect(refused.ephemeral).toBe(true);
    expect(refused.plain).toContain('access.people');
  });

  test('restarts a deployment and follows it until it is ready', async () => {
    const card = await asks('/k8s rollout restart deploy/cart -n shop', /[Rr]estart deployment.apps\/cart/);

    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, /Succeeded/, { withinMs: 20_000 });

    expect((await deployment('cart')).spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toMatch(
      /^\d{4}-/,
    );
  });

  test('of etcd shows old and new, and is written with the revision that was shown', async () => {
    const first = await asks('/etcd put /e2e/flag on', '/e2e/flag');
    await ada.clicks(first, 'confirm', { confirmed: true });
    await ada.seesOn(first, 'Succeeded');

    const second = await asks('/etcd put /e2e/flag off', 'on → off');
    await ada.clicks(second, 'confirm', { confirmed: true });
    await ada.seesOn(second, 'Succeeded');

    await ada.types('/etcd get /e2e/flag', { channel: 'ops' });
    await ada.sees('ops', /\/e2e\/flag[\s\S]*off/, { after: second });
  });
});
