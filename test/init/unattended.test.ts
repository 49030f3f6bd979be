import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EtcdService, type RedisService, startEtcd, startRedis } from '../../deploy/sandbox/services.ts';
import { type PracticeSlack, startPracticeSlack } from '../../deploy/sandbox/slack/server.ts';
import { companyWorld } from '../../deploy/sandbox/story/company.ts';
import { loadConfig } from '../../src/config.ts';

/** `npm run init -- --yes` against the practice Slack, real Redis and real etcd. */
let slack: PracticeSlack;
let redis: RedisService;
let etcd: EtcdService;
let directory = '';
const world = companyWorld([], ['chat:write', 'users:read']);

beforeAll(async () => {
  [slack, redis, etcd] = await Promise.all([
    startPracticeSlack({ port: 0, seed: world }),
    startRedis({ persistence: 'none' }),
    startEtcd(),
  ]);
});
afterAll(() => Promise.all([slack.stop(), redis.stop(), etcd.stop()]));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shipmate-init-'));
  return () => rmSync(directory, { recursive: true, force: true });
});

function init(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ status: number | null; output: string }> {
  const script = resolve(import.meta.dirname, '../../src/init/main.ts');
  const child = spawn(process.execPath, [script, '--yes', '--dir', directory, '--contexts', '', ...args], {
    env: {
      PATH: process.env.PATH,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: world.app.botToken,
      SLACK_APP_TOKEN: world.app.appToken,
      REDIS_URL: redis.url,
      ETCD_ENDPOINTS: etcd.endpoint,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    output += data.toString();
  });
  return new Promise((done) => child.once('close', (status) => done({ status, output })));
}

test('answers that work are written as a configuration that starts, the tokens readable by the owner only', async () => {
  const { status, output } = await init(['--people', 'U0ADA,U0GRACE']);

  expect(output).toContain('ok    May use Shipmate: Ada Lovelace, Grace Hopper.');
  expect(output).toContain('ok    Redis 7');
  expect(status).toBe(0);
  expect(statSync(join(directory, '.env')).mode & 0o777).toBe(0o600);
  const env = Object.fromEntries(
    readFileSync(join(directory, '.env'), 'utf8')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const config = loadConfig({ ...env, SHIPMATE_CONFIG: join(directory, 'shipmate.yaml') }, (path) =>
    readFileSync(path, 'utf8'),
  );
  expect(config.file.access.people).toEqual(['U0ADA', 'U0GRACE']);
  expect(config.env.SLACK_BOT_TOKEN).toBe(world.app.botToken);
});

test('every answer that does not work is named at once, without the token, and nothing is written', async () => {
  const wrong = 'xoxb-not-this-one';
  const { status, output } = await init(['--people', 'U0ADA'], {
    SLACK_BOT_TOKEN: wrong,
    REDIS_URL: 'redis://127.0.0.1:1',
    ETCD_ENDPOINTS: 'http://127.0.0.1:1',
  });

  expect(status).toBe(1);
  expect(output).toContain('wrong SLACK_BOT_TOKEN: Slack says "invalid_auth".');
  expect(output).toContain('wrong REDIS_URL: Redis does');
  expect(output).toContain('wrong ETCD_ENDPOINTS: etcd does');
  expect(output).toContain('Nothing was written.');
  expect(output).not.toContain(wrong);
  expect(() => statSync(join(directory, '.env'))).toThrow('ENOENT');
});

test('files that exist are not replaced without --force, and are kept beside the new ones with it', async () => {
  await init(['--people', 'U0ADA']);

  const refused = await init(['--people', 'U0GRACE']);
  const forced = await init(['--people', 'U0GRACE', '--force']);

  expect(refused.status).toBe(1);
  expect(refused.output).toContain('.env and shipmate.yaml would be replaced. Add --force');
  expect(forced.status).toBe(0);
  expect(readFileSync(join(directory, 'shipmate.yaml'), 'utf8')).toContain('- U0GRACE');
  expect(readFileSync(join(directory, 'shipmate.yaml.old'), 'utf8')).toContain('- U0ADA');
});
