import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenMessage } from '../../../deploy/sandbox/slack/protocol.ts';
import { type BotWorld, startBotWorld } from '../../support/bot.ts';
import type { Actor } from '../../support/person.ts';
import { driveSlack } from '../../support/practice-slack.ts';

let house: BotWorld;
let ada: Actor;
let grace: Actor;
let linus: Actor;
beforeAll(async () => {
  house = await startBotWorld({ seeded: false });
  const slack = driveSlack(house.world.slack.controlUrl);
  [ada, grace, linus] = [slack.person('ada'), slack.person('grace'), slack.person('linus')];
});
afterAll(() => house.stop());

const ALERTS = 'prod-alerts';

async function drill(rule: string): Promise<{ living: SeenMessage; id: string }> {
  await ada.types(`/alerts test ${rule}`, { channel: 'ops' });
  const answer = await ada.sees('ops', new RegExp(`Drill \\w+ of ${rule}`), { withinMs: 20_000 });
  const id = /Drill (\w+) of/.exec(answer.plain)?.[1] as string;
  return { living: await ada.sees(ALERTS, id, { withinMs: 20_000 }), id };
}

const colourOf = (message: SeenMessage): unknown => message.attachments?.[0]?.color;

describe('a living message in Slack', () => {
  test('is taken, snoozed and ended by its controls, changes colour, and tells its story in its thread', async () => {
    const { living, id } = await drill('P03');
    expect(living.plain).toContain('DRILL');
    expect(living.plain).toContain('[Ack] [Snooze ▾] [Escalate] [End the drill] [More ▾]');
    expect(colourOf(living)).toBe('#D40E0D');

    await grace.clicks(living, 'ack');
    const acked = await ada.seesOn(living, /👀.*Acked/);
    expect(colourOf(acked)).toBe('#E8A33D');
    expect(acked.plain).not.toContain('[Ack]');
    await ada.sees(ALERTS, /DRILL: Acked\.\nby @grace/, { thread: living });

    await ada.chooses(acked, 'snooze', 'For 30 minutes');
    const snoozed = await ada.seesOn(living, /💤.*Snoozed/);
    expect(colourOf(snoozed)).toBe('#8E8E93');

    await ada.clicks(snoozed, 'resolve', { confirmed: true });
    const over = await ada.seesOn(living, /✅.*Resolved/);
    expect(colourOf(over)).toBe('#2EB67D');
    expect(over.plain).not.toMatch(/\[(Snooze|Escalate|More)/);
    await ada.sees(ALERTS, 'Drill ended by hand', { thread: living });

    const own = (await ada.reads(ALERTS)).filter((message) => message.plain.includes(id));
    expect(own).toHaveLength(1);
  }, 60_000);

  test('calls the configured group by name in a new message of the thread', async () => {
    const { living } = await drill('P01');

    await ada.clicks(living, 'escalate');
    const call = await ada.sees(ALERTS, 'please look at this', { thread: living });

    expect(call.plain).toContain('@platform');
    expect((await ada.seesOn(living, 'Asked:')).plain).toContain('@platform');
  }, 60_000);

  test('tells who must not end it so, privately, and asks why of who calls it noise', async () => {
    const { living, id } = await drill('P02');

    await linus.clicks(living, 'resolve', { confirmed: true });
    await linus.sees(ALERTS, /Denied.*alerts:resolve/s);
    expect((await ada.sawOnly(ALERTS)).some((text) => text.includes('alerts:resolve'))).toBe(false);

    await linus.chooses(living, 'more', 'This is noise');
    await linus.sees(ALERTS, `/alerts noise ${id} WHY`);
    await ada.sees(ALERTS, 'Marked as noise.', { thread: living });
  }, 60_000);

  test('snoozed until Monday, the person is told when that is on their clock', async () => {
    const { living } = await drill('P08');

    await ada.chooses(living, 'snooze', 'Until Monday 09:00');

    expect((await ada.sees(ALERTS, /Snoozed until Mon/)).plain).toMatch(/09:00 UTC/);
  }, 60_000);
});

describe('what people type', () => {
  test('finds, shows and ends incidents by the beginning of an id, and the audit has it', async () => {
    const { id } = await drill('P06');

    await ada.types('/alerts list', { channel: 'ops' });
    await ada.sees('ops', new RegExp(`incidents?.*${id}`, 's'));
    await ada.types(`/alerts ack ${id.slice(0, 5)}`, { channel: 'ops' });
    await ada.sees('ops', `You have ${id} now`);
    await ada.types(`/alerts show ${id}`, { channel: 'ops' });
    await ada.sees('ops', /Acked\. by @ada/);
    await ada.types(`/alerts resolve ${id} --reason tried`, { channel: 'ops' });
    await ada.sees('ops', `${id} is resolved`);
    await ada.types(`/alerts ack ${id}`, { channel: 'ops' });
    await ada.sees('ops', 'it cannot be acked');
    await ada.types('/shipmate audit --command "alerts resolve"', { channel: 'ops' });
    await ada.sees('ops', /alerts resolve \w+ +succeeded/);
  }, 60_000);

  test('silences what is named, lists it and ends it', async () => {
    await ada.types('/alerts silence -n shop --for 2h --reason "load test"', { channel: 'ops' });
    const made = await ada.sees('ops', /Silence s\w+ is in force/);
    const id = /Silence (s\w+) is/.exec(made.plain)?.[1] as string;
    await ada.types('/alerts silences', { channel: 'ops' });
    await ada.sees('ops', /-n shop.*load test/s);
    await linus.types(`/alerts unsilence ${id}`, { channel: 'ops' });
    await linus.sees('ops', /Denied.*alerts:silence/s);
    await ada.types(`/alerts unsilence ${id}`, { channel: 'ops' });
    await ada.sees('ops', `Silence ${id} is over`);
  }, 60_000);
});
