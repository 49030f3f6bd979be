import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { type PracticeCluster, startPracticeCluster } from '../support/practice-cluster.ts';
import { driveSlack } from '../support/practice-slack.ts';

const ADA_THERE = 'ada@example.com';
let directory: string;
let cluster: PracticeCluster;
let house: BotWorld;
let ada: Actor;
let linus: Actor;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shipmate-decides-'));
  cluster = await startPracticeCluster({ speed: 4 });
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig);
  house = await startBotWorld({ cluster: { alias: 'demo', kubeconfig } });
  const slack = driveSlack(house.world.slack.controlUrl);
  await slack.settings({ postLimit: false });
  [ada, linus] = [slack.person('ada'), slack.person('linus')];
});
afterAll(async () => {
  await house?.stop();
  await cluster?.stop();
  await rm(directory, { recursive: true });
});
beforeEach(() => cluster.access.allowAll());

async function says(person: Actor, line: string, wanted: string | RegExp): Promise<SeenMessage> {
  return asksFor(person, line, wanted);
}

/** Writes the mode to the config file and waits until `/shipmate status` says so. */
async function decides(mode: string): Promise<void> {
  const file = house.world.env.SHIPMATE_CONFIG as string;
  const config = parse(await readFile(file, 'utf8')) as { access: Record<string, unknown> };
  config.access.cluster = { mode, people: { U0ADA: { user: ADA_THERE, groups: ['platform', 'shop'] } } };
  await writeFile(file, stringify(config));
  await expect
    .poll(async () => (await says(ada, '/shipmate status', 'SYSTEM')).plain, { timeout: 20_000 })
    .toContain(`clusters ${mode}, `);
}

test('review: a right that the cluster does not give is refused at the command and, taken away later, at execution', async () => {
  await decides('review');
  await says(ada, '/k8s get deploy -n shop', /deployments in/);
  await says(linus, '/k8s get deploy -n shop', /you have no Kubernetes user/);

  const card = await asksFor(ada, '/k8s scale deploy/web 3 -n shop', 'Scale deployment.apps/web from 2 to 3');
  cluster.access.deny({ user: ADA_THERE, verb: 'update', resource: 'deployments', subresource: 'scale' });
  await ada.clicks(card, 'confirm', { confirmed: true });
  await ada.seesOn(card, `user "${ADA_THERE}" may not update deployments.apps/scale "web" in namespace shop`);
  expect((await deploymentIn(house, 'web')).spec.replicas).toBe(2);

  await says(ada, '/k8s scale deploy/web 3 -n shop', /may not update deployments.apps\/scale "web"/);
  const asked = await says(ada, '/shipmate can-i k8s scale deploy/web 3 -n shop', /No, you may not/);
  expect(asked.plain).toContain(`the cluster: `);
  expect(asked.plain).toContain(`user "${ADA_THERE}" may not update deployments.apps/scale "web" in namespace shop`);
  expect(cluster.access.impersonations).toEqual([]);
});

test('impersonate: the change is made as the person, with two groups, and what they may not is forbidden', async () => {
  await decides('impersonate');
  const card = await asksFor(ada, '/k8s scale deploy/web 3 -n shop', 'Scale deployment.apps/web from 2 to 3');
  await ada.clicks(card, 'confirm', { confirmed: true });
  await ada.seesOn(card, 'Succeeded');

  expect(cluster.access.impersonations).toContainEqual({
    user: ADA_THERE,
    groups: ['platform', 'shop', 'system:authenticated'],
    verb: 'update',
    resource: 'deployments',
  });
  cluster.access.deny({ user: ADA_THERE, verb: 'list', resource: 'pods' });
  await says(ada, '/k8s get pods -n shop', new RegExp(`User "${ADA_THERE}" cannot list resource "pods"`));
  await says(linus, '/k8s get deploy -n shop', /you have no Kubernetes user/);
});
