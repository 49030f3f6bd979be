import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { claimsOn } from '../../src/access/policy/claim.ts';
import { createLogger } from '../../src/log.ts';
import { openStore } from '../../src/state/etcd-store.ts';
import { systemClock } from '../../src/time.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { driveSlack } from '../support/practice-slack.ts';

const CODE = 'k4m6-p8q0-r2t';

let house: BotWorld;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0, seeded: false });
});
afterAll(() => house.stop());

test('where nobody is named, whoever reads the log claims the bot once, on every replica', async () => {
  const file = house.world.env.SHIPMATE_CONFIG as string;
  const whole = parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, stringify({ ...whole, access: {} }));
  // The code of a replica that started a moment earlier; this one only says that an offer is open.
  const store = openStore(
    { endpoints: [house.world.etcd.endpoint] },
    { prefix: 'shipmate/v1/', log: createLogger('silent') },
  );
  await claimsOn(store, systemClock).offer(CODE);
  await house.replica();
  await house.replica();
  const slack = driveSlack(house.world.slack.controlUrl);
  await slack.settings({ postLimit: false });
  const [grace, linus] = [slack.person('grace'), slack.person('linus')];
  await linus.types('/k8s get namespaces', { channel: 'ops' });
  await linus.sees('ops', /k8s:get is missing/);

  await linus.types('/shipmate claim aaaa-bbbb-ccc', { channel: 'ops' });
  await linus.sees('ops', /not the code[\s\S]*4 tries/);
  await grace.types(`/shipmate claim ${CODE}`, { channel: 'ops' });
  await grace.sees('ops', /administrator now/);

  await linus.types(`/shipmate claim ${CODE}`, { channel: 'ops' });
  await linus.sees('ops', /administrators already|claimed already/);
  for (let round = 0; round < 4; round++) {
    await grace.types(`/k8s get namespaces -l round!=${round}`, { channel: 'approvals' });
  }
  await expect
    .poll(async () => (await grace.reads('approvals')).filter(({ plain }) => /namespaces/.test(plain)).length)
    .toBe(4);
  expect((await grace.sawOnly('approvals')).join()).not.toContain('Denied');
  const entries = await store.list<{ command?: string; result?: string }>('audit/');
  expect(
    entries
      .map(({ value }) => value)
      .filter(({ command }) => command === 'shipmate claim')
      .map(({ result }) => result),
  ).toContain('succeeded');
  await store.close();
});
