import { expect, test } from 'vitest';
import { ConfigError, type Environment, loadConfig } from '../../src/config.ts';

const TOKENS = { SLACK_BOT_TOKEN: 'xoxb-bot-secret', SLACK_APP_TOKEN: 'xapp-app-secret' };

function load(environment: Environment, files: Record<string, string> = {}) {
  return loadConfig(environment, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  });
}

function problemsOf(environment: Environment, files: Record<string, string> = {}): string[] {
  try {
    load(environment, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ where, message }) => `${where} ${message}`);
    throw error;
  }
  return [];
}

test('two tokens are enough to start: the rest has defaults and the missing file allows nobody', () => {
  const config = load(TOKENS);

  expect(config.fileFound).toBe(false);
  expect(config.file.access.people).toEqual([]);
  expect(config.env.ETCD_ENDPOINTS).toEqual(['http://127.0.0.1:2379']);
  expect(config.env.HTTP_PORT).toBe(8080);
});

test('the configuration is frozen at every depth', () => {
  const config = load(TOKENS, { 'shipmate.yaml': 'access: {people: [U1]}' });

  expect(Object.isFrozen(config.file.access.people)).toBe(true);
  expect(Object.isFrozen(config.env)).toBe(true);
});

test('every problem of the environment and of the file is listed at once', () => {
  const problems = problemsOf(
    { SLACK_BOT_TOKEN: 'wrong', HTTP_PORT: 'many', SHIPMATE_ROLES: 'gatway', LOG_LEVEL: 'loud' },
    { 'shipmate.yaml': 'accsess: {}\nclusters: []\n' },
  );

  expect(problems).toEqual([
    'SLACK_APP_TOKEN is missing, and so is SLACK_SIGNING_SECRET.',
    'SLACK_BOT_TOKEN a bot token starts with xoxb-.',
    'SHIPMATE_ROLES "gatway" is not a role; the roles are gateway, worker, watcher, reboots.',
    'HTTP_PORT should be a number.',
    'LOG_LEVEL should be one of trace, debug, info, warn, error, fatal, silent.',
    'shipmate.yaml:1:1 Unknown key `accsess` at the top level.',
    'shipmate.yaml:2:11 `clusters` should be a map of keys and values, not a list.',
  ]);
});

test('no problem ever shows the value of a secret', () => {
  const secret = 'hunter2hunter2';
  const environment = {
    SLACK_BOT_TOKEN: secret,
    SLACK_APP_TOKEN: secret,
    REDIS_URL: `http://:${secret}@redis`,
    ETCD_ENDPOINTS: '',
    ETCD_PASSWORD: secret,
    ETCD_PASSWORD_FILE: '/run/secrets/etcd',
  };

  const problems = problemsOf(environment).join('\n');

  expect(problems).toContain('SLACK_BOT_TOKEN');
  expect(problems).toContain('REDIS_URL');
  expect(problems).toContain('set twice');
  expect(problems).not.toContain(secret);
});

test('a secret may come from a file, without its trailing newline', () => {
  const config = load(
    { SLACK_BOT_TOKEN_FILE: '/run/bot', SLACK_SIGNING_SECRET_FILE: '/run/signing' },
    { '/run/bot': 'xoxb-1\n', '/run/signing': '0123456789\n' },
  );

  expect(config.env.SLACK_BOT_TOKEN).toBe('xoxb-1');
  expect(config.env.SLACK_SIGNING_SECRET).toBe('0123456789');
});

test('a secret file that is absent or empty is named once, with its path', () => {
  expect(problemsOf({ ...TOKENS, SLACK_BOT_TOKEN: '', SLACK_BOT_TOKEN_FILE: '/run/bot' })).toEqual([
    'SLACK_BOT_TOKEN_FILE /run/bot cannot be read: no such file.',
  ]);
  expect(
    problemsOf({ ...TOKENS, SLACK_BOT_TOKEN: undefined, SLACK_BOT_TOKEN_FILE: '/run/bot' }, { '/run/bot': '\n' }),
  ).toEqual(['SLACK_BOT_TOKEN_FILE /run/bot cannot be read: the file is empty.']);
});

test('an empty variable counts as absent', () => {
  expect(load({ ...TOKENS, HTTP_PORT: '', REDIS_URL: '' }).env.HTTP_PORT).toBe(8080);
});

test('a config file that was named must exist', () => {
  expect(problemsOf({ ...TOKENS, SHIPMATE_CONFIG: '/etc/shipmate.yaml' })).toEqual([
    'SHIPMATE_CONFIG /etc/shipmate.yaml cannot be read: no such file.',
  ]);
});

test('paths in the file start at its own directory, and ~ is the home directory', () => {
  const yaml = 'clusters: {a: {kubeconfig: kube/a}, b: {kubeconfig: ~/.kube/b}}';

  const { file } = load(
    { ...TOKENS, HOME: '/home/ada', SHIPMATE_CONFIG: '/etc/shipmate/shipmate.yaml' },
    { '/etc/shipmate/shipmate.yaml': yaml, '/etc/shipmate/kube/a': '', '/home/ada/.kube/b': '' },
  );

  expect(file.clusters.a?.kubeconfig).toBe('/etc/shipmate/kube/a');
  expect(file.clusters.b?.kubeconfig).toBe('/home/ada/.kube/b');
});

test('a certificate that the file names but nobody can read stops the start', () => {
  const yaml = 'etcd: {main: {endpoints: ["https://e:2379"], caFile: /etc/ca.pem}}';

  expect(problemsOf(TOKENS, { 'shipmate.yaml': yaml })).toEqual([
    'shipmate.yaml:1:54 `etcd.main.caFile` names /etc/ca.pem, which cannot be read: no such file.',
  ]);
});

test('the message for the terminal counts the problems and has one line for each', () => {
  expect(() => load({})).toThrow(
    [
      'Shipmate cannot start: 2 problems with the configuration.',
      '  SLACK_APP_TOKEN: is missing, and so is SLACK_SIGNING_SECRET. Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode.',
      '  SLACK_BOT_TOKEN: is missing. Bot token of the Slack app.',
    ].join('\n'),
  );
});
