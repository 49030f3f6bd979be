import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntilReady } from '../../deploy/sandbox/bot.ts';
import { freePorts } from '../../deploy/sandbox/child.ts';
import { type BotWorld, startBotWorld } from '../support/bot.ts';
import { driveSlack } from '../support/practice-slack.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

let house: BotWorld;
beforeAll(async () => {
  house = await startBotWorld({ bots: 0 });
});
afterAll(() => house.stop());

function start(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  const [stderr] = await Promise.all([
    child.stderr ? text(child.stderr) : '',
    child.stdout ? text(child.stdout) : '',
    child.exitCode ?? once(child, 'exit'),
  ]);
  return { code: child.exitCode, stderr };
}

describe('the process', () => {
  test('lists every config problem at once and exits 78', async () => {
    const { code, stderr } = await ended(
      start({ PATH: process.env.PATH ?? '', HTTP_PORT: 'many', SLACK_BOT_TOKEN: 'wrong', LOG_LEVEL: 'loud' }),
    );

    expect(code).toBe(78);
    for (const name of ['HTTP_PORT', 'SLACK_BOT_TOKEN', 'LOG_LEVEL']) expect(stderr).toContain(name);
  });

  test('never prints a secret that is wrong', async () => {
    const { stderr } = await ended(
      start({ PATH: process.env.PATH ?? '', SLACK_BOT_TOKEN: 'hunter2-is-no-token', SLACK_APP_TOKEN: 'hunter2' }),
    );

    expect(stderr).not.toContain('hunter2');
  });

  test('says that Slack refused the token, and exits', async () => {
    const child = start({ ...house.world.env, SLACK_BOT_TOKEN: 'xoxb-not-this-one' });
    const { code, stderr } = await ended(child);

    expect(code).not.toBe(0);
    expect(stderr).toMatch(/invalid_auth|token/i);
    expect(stderr).not.toContain('xoxb-not-this-one');
  });

  test('stops on SIGTERM with exit code 0', async () => {
    const child = start(house.world.env);
    await waitUntilReady(`http://127.0.0.1:${house.world.httpPort}`, 20_000);

    child.kill('SIGTERM');

    expect((await ended(child)).code).toBe(0);
  });

  test('works in HTTP mode with signed requests', async () => {
    const [port] = await freePorts(1);
    const { SLACK_APP_TOKEN: _unused, ...env } = house.world.env;
    const child = start({
      ...env,
      SLACK_SIGNING_SECRET: house.world.slack.world.app.signingSecret,
      SLACK_PORT: String(port),
    });
    const slack = driveSlack(house.world.slack.controlUrl);
    const url = `http://127.0.0.1:${port}/slack/events`;
    await waitUntilReady(`http://127.0.0.1:${house.world.httpPort}`, 20_000);
    await slack.settings({ eventsUrl: url, commandsUrl: url, interactivityUrl: url });

    const ada = slack.person('ada');
    await ada.types('/k8s get ns', { channel: 'ops' });
    await ada.sees('ops', 'payments');
    await ada.types('/etcd put /http/mode yes', { channel: 'ops' });
    const card = await ada.sees('ops', '/http/mode');
    await ada.clicks(card, 'confirm', { confirmed: true });
    await ada.seesOn(card, 'Succeeded');

    await slack.settings({ eventsUrl: null, commandsUrl: null, interactivityUrl: null });
    child.kill('SIGTERM');
    expect((await ended(child)).code).toBe(0);
  });
});
