import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { KubeObject } from '../../src/kubernetes/cluster.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, DEPLOYMENTS, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let linus: Actor;
beforeAll(async () => {
  house = await startBotWorld();
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, linus] = [slack.person('ada'), slack.person('linus')];
  await vi.waitFor(async () => expect((await web()).status?.readyReplicas).toBe(2), { timeout: 10_000 });
});
afterAll(() => house.stop());

const web = (): Promise<KubeObject> => deploymentIn(house, 'web');
const imageOf = async (): Promise<string> => (await web()).spec.template.spec.containers[0].image;

test('a bad release is looked at, and rolled back from Slack', { timeout: 60_000 }, async () => {
  const good = await imageOf();
  const bad = 'registry.example.com/shop/web:does-not-exist';
  await house.cluster.request({
    method: 'PATCH',
    resource: DEPLOYMENTS,
    namespace: 'shop',
    name: 'web',
    contentType: 'application/strategic-merge-patch+json',
    body: { spec: { template: { spec: { containers: [{ name: 'web', image: bad }] } } } },
  });
  await vi.waitFor(async () =>
    expect((await web()).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2'),
  );

  const seen = await vi.waitFor(
    async () => {
      await linus.types('/k8s describe deploy/web -n shop --public', { channel: 'ops' });
      return linus.sees('ops', /ImagePullBackOff|ErrImagePull/, { withinMs: 5_000 });
    },
    { timeout: 25_000 },
  );
  expect(seen.plain).toContain('deployment.apps/web');

  const card = await asksFor(
    ada,
    '/k8s rollout undo deploy/web -n shop',
    'Roll deployment.apps/web back to revision 1',
  );
  expect(card.plain).toContain(`containers[web].image:\n  - ${bad}\n  + ${good}`);
  expect(await imageOf()).toBe(bad);
  await ada.clicks(card, 'Roll back web', { confirmed: true });
  const done = await ada.seesOn(card, /Succeeded.*successfully rolled out/s);

  expect(done.plain).toContain('/k8s rollout undo deployment/web --to-revision=2 -n shop --cluster demo');
  expect(await imageOf()).toBe(good);
});

test('a developer reads the logs of her own namespace and of no other', async () => {
  await linus.types('/k8s logs deploy/cart -n shop --public', { channel: 'ops' });
  expect((await linus.sees('ops', /lines? of cart-/)).plain).toContain('msg="starting cart"');

  await linus.types('/k8s logs deploy/api -n payments', { channel: 'ops' });
  expect((await linus.sees('ops', /k8s:logs/)).plain).toContain('Denied');
});
