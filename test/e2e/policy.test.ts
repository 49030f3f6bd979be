import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { SeenMessage } from '../../deploy/sandbox/slack/protocol.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { asksFor, deploymentIn } from '../support/changes.ts';
import type { Actor } from '../support/person.ts';
import { driveSlack } from '../support/practice-slack.ts';

let house: BotWorld;
let slack: ReturnType<typeof driveSlack>;
let [ada, linus, margaret]: Actor[] = [];
let original: string;
let file: string;
beforeAll(async () => {
  house = await startBotWorld();
  slack = driveSlack(house.world.slack.controlUrl);
  [ada, linus, margaret] = ['ada', 'linus', 'margaret'].map((name) => slack.person(name));
  await slack.settings({ postLimit: false });
  file = house.world.env.SHIPMATE_CONFIG as string;
  original = await readFile(file, 'utf8');
});
afterEach(() => inForce(original));
afterAll(() => house.stop());

type Who = Actor | undefined;

/** Types in #ops and returns the newest answer that matches. */
async function says(person: Who, line: string, wanted: string | RegExp): Promise<SeenMessage> {
  const actor = person as Actor;
  const before = (await actor.reads('ops')).at(-1);
  await actor.types(line, { channel: 'ops' });
  return actor.sees('ops', wanted, before ? { after: before } : {});
}

/** Writes the config file and waits until `/shipmate status` says so. */
async function inForce(text: string, wanted?: RegExp): Promise<void> {
  await writeFile(file, text);
  const { access } = parse(text) as { access: { bindings: unknown[]; deny?: unknown[] } };
  const expected =
    wanted ?? new RegExp(`policy +ok .*${access.bindings.length} bindings, ${access.deny?.length ?? 0} deny rules`);
  await expect.poll(async () => (await says(ada, '/shipmate status', 'SYSTEM')).plain).toMatch(expected);
}

function changed(change: (access: Record<string, unknown>) => void): string {
  const whole = parse(original) as { access: Record<string, unknown> };
  change(whole.access);
  return stringify(whole);
}

describe('Linus, a developer of the shop', () => {
  test('scales within his limit, and it is done', async () => {
    const card = await asksFor(
      linus as Actor,
      '/k8s scale deploy/cart 3 -n shop',
      'Scale deployment.apps/cart from 2 to 3',
    );

    await (linus as Actor).clicks(card, 'confirm', { confirmed: true });
    await (linus as Actor).seesOn(card, 'Succeeded');

    expect((await deploymentIn(house, 'cart')).spec.replicas).toBe(3);
  });

  test('is told the limit when he asks for more, and nothing is asked of anybody', async () => {
    const refused = await says(linus, '/k8s scale deploy/web 9 -n shop', /max-factor/);

    expect(refused.plain).toMatch(/Denied/);
    expect(refused.ephemeral).toBe(true);
    expect((await deploymentIn(house, 'web')).spec.replicas).toBe(2);
  });

  test('T14: never scales to nothing', async () => {
    await says(linus, '/k8s scale deploy/web 0 -n shop', /min-replicas/);
  });

  test('T10: is refused elsewhere with the permission, the place, and who can grant it', async () => {
    const refused = await says(linus, '/k8s scale deploy/api 3 -n payments', /k8s:scale is missing in demo\/payments/);

    expect(refused.plain).toMatch(/Administrators: @(ada|Ada)/);
    expect(refused.plain).toContain('payments-developer');
  });

  test('T13: sees his namespace, but neither all of them nor what is in none', async () => {
    await says(linus, '/k8s get deploy -n shop', /deployments in/);
    await says(linus, '/k8s get deploy -A', /k8s:get is missing in demo\/all namespaces/);
    await says(linus, '/k8s get nodes -n shop', /k8s:get is missing in demo on nodes/);
  });

  test('reads the keys of his team and no range that reaches further', async () => {
    await says(linus, '/etcd get /shop/ --prefix', /rev/);
    await says(linus, '/etcd get /shopping', /etcd:read is missing in etcd main/);
    await says(linus, '/etcd get /shop/ --from-key', /etcd:read is missing/);
  });
});

test('Margaret has her rights by a user group; taken out of it she has none', async () => {
  await says(margaret, '/k8s get deploy -n payments', /deployments in/);

  await inForce(changed((access) => Object.assign(access, { bindings: (access.bindings as object[]).slice(0, 2) })));

  await says(margaret, '/k8s get deploy -n payments', /k8s:get is missing/);
});

test('somebody who is taken out of the user group in Slack loses the rights, too', async () => {
  await says(margaret, '/k8s get deploy/api -n payments', /api/);

  await slack.control.post('usergroups', { id: 'S0PAYMENTS', users: ['U0GRACE'] });
  await expect
    .poll(async () => (await says(margaret, '/k8s get deploy/api -n payments', /api|missing/)).plain)
    .toContain('k8s:get is missing');

  await slack.control.post('usergroups', { id: 'S0PAYMENTS', users: ['U0MARGARET'] });
  await says(margaret, '/k8s get deploy/invoices -n payments', /invoices[\s\S]*READY|READY[\s\S]*invoices/);
});

test('a right that is taken away while the change waits stops it at the button', async () => {
  const card = await asksFor(linus as Actor, '/k8s scale deploy/search 3 -n shop', 'Scale deployment.apps/search');
  await inForce(changed((access) => Object.assign(access, { bindings: (access.bindings as object[]).slice(0, 1) })));

  await (linus as Actor).clicks(card, 'confirm', { confirmed: true });
  await (linus as Actor).sees('ops', /k8s:scale is missing/);

  expect((await deploymentIn(house, 'search')).spec.replicas).toBe(2);
});

test('a deny rule wins over every role, at once', async () => {
  await inForce(
    changed((access) =>
      Object.assign(access, {
        deny: [{ permissions: ['k8s:scale'], names: ['catalog'] }],
        bindings: [...(access.bindings as object[]), { role: 'administrator', users: ['U0NOBODY'] }],
      }),
    ),
  );

  await says(ada, '/k8s scale deploy/catalog 3 -n shop', /deny rule 1 forbids k8s:scale/);
});

test('a broken file keeps the old policy, and the status says what is wrong and where', async () => {
  await inForce(
    original.replace('k8s:scale', 'k8s:scael'),
    /wrong, the old one stays: shipmate.yaml:\d+:\d+ .*k8s:scael/,
  );

  await says(linus, '/k8s scale deploy/web 9 -n shop', /max-factor/);
});

test('a protected namespace raises the risk of a change one tier', async () => {
  const card = await asksFor(ada as Actor, '/k8s scale deploy/api 4 -n payments', 'Scale deployment.apps/api');

  await (ada as Actor).clicks(card, 'cancel');
});

describe('questions about rights', () => {
  test('can-i answers with the rule, judging limits by a real plan', async () => {
    const yes = await says(linus, '/shipmate can-i k8s scale deploy/web 4 -n shop', 'Yes, you may');
    expect(yes.plain).toContain('role shop-developer, rule 3');

    const no = await says(linus, '/shipmate can-i k8s scale deploy/web 9 -n shop', 'No, you may not');
    expect(no.plain).toContain('max-factor');

    await says(margaret, '/shipmate can-i k8s get pods', 'No, you may not');
  });

  test('why tells the asker what was decided, and nobody else but administrators', async () => {
    const refused = await says(linus, '/k8s scale deploy/web 8 -n shop', /max-factor/);
    const id = /E_FORBIDDEN · (\w+)/.exec(refused.plain)?.[1];

    const told = await says(linus, `/shipmate why ${id}`, 'decisions about');
    expect(told.plain).toContain('max-factor');
    await says(ada, `/shipmate why ${id}`, 'decisions about');
    await says(margaret, `/shipmate why ${id}`, /somebody else/);
  });

  test('help marks what is not mine', async () => {
    const help = await says(margaret, '/shipmate help', 'What /shipmate can do');

    expect(help.plain).toContain('not yours to use');
  });

  test('claim is closed where there are administrators', async () => {
    await says(margaret, '/shipmate claim abcd-efgh-jk', /administrators already/);
  });
});
