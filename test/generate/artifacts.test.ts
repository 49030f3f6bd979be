import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { commandsPage } from '../../deploy/generate/commands-page.ts';
import { configurationPage } from '../../deploy/generate/configuration-page.ts';
import { envExample } from '../../deploy/generate/env-example.ts';
import { kubernetesRbac } from '../../deploy/generate/kubernetes-rbac.ts';
import { slackManifest } from '../../deploy/generate/slack-manifest.ts';
import { envSchema } from '../../src/config.ts';
import { type AnyCommand, defineRead, flag, positional, text } from '../../src/sdk/index.ts';

const pods = { group: '', resources: ['pods', 'nodes'], verbs: ['list', 'get'] };

function command(name: string, extra: Partial<AnyCommand> = {}): AnyCommand {
  const read = defineRead({
    name,
    summary: `About ${name}`,
    examples: [`/${name} x`],
    args: {
      thing: positional(text, { placeholder: 'THING', summary: 'The thing' }),
      namespace: flag(text, { placeholder: 'NAMESPACE', summary: 'Where', short: 'n' }),
    },
    permission: 'k8s:read',
    rbac: [pods],
    run: async () => ({ title: name }),
  });
  return { ...read, ...extra } as AnyCommand;
}

const textOf = (artifacts: readonly { text: string }[]): string =>
  artifacts.map((artifact) => artifact.text).join('\n');

test('the example environment opens what is required and comments out the rest', () => {
  const text = textOf(envExample());

  expect(text).toMatch(/^SLACK_BOT_TOKEN=/m);
  expect(text).toMatch(/^#HTTP_PORT=8080$/m);
  for (const name of Object.keys(envSchema.shape)) expect(text).toMatch(new RegExp(`^#?${name}=`, 'm'));
});

test('the configuration page has a row for every variable and every key of the file', () => {
  const text = textOf(configurationPage());

  for (const name of Object.keys(envSchema.shape)) expect(text).toContain(`| \`${name}\` |`);
  expect(text).toContain('| `etcd.ALIAS.endpoints` | list of text | **required** |');
  expect(text).toContain('| `clusters.ALIAS.production` | true or false | `false` |');
});

test('the Slack manifest has one slash command for each first word, and no other', () => {
  const manifest = parse(textOf(slackManifest([command('shipmate status'), command('k8s get'), command('k8s scale')])));

  expect(manifest.features.slash_commands.map((each: { command: string }) => each.command)).toEqual([
    '/k8s',
    '/shipmate',
  ]);
  expect(manifest.features.slash_commands[0].usage_hint).toBe('[get | scale | help]');
  expect(manifest.settings.socket_mode_enabled).toBe(true);
});

test('a manifest that Slack would refuse is refused here', () => {
  const many = Array.from({ length: 51 }, (_, index) => command(`word${index} get`));

  expect(() => slackManifest(many)).toThrow('more than 50 slash commands');
});

test('RBAC is the sum of what the commands need, without repetition, reads apart from changes', () => {
  const patch = { group: 'apps', resources: ['deployments'], verbs: ['patch'] };
  const commands = [
    command('k8s get'),
    command('k8s top'),
    command('k8s scale', { risk: 'high', rbac: [patch] } as object),
  ];

  const roles = parseAllDocuments(textOf(kubernetesRbac(commands)))
    .map((document) => document.toJS() as { kind: string; metadata: { name: string }; rules: unknown })
    .filter(({ kind }) => kind === 'ClusterRole');

  expect(roles.map(({ metadata }) => metadata.name)).toEqual([
    'shipmate-read',
    'shipmate-read-more',
    'shipmate-change',
  ]);
  expect(roles[0]?.rules).toEqual([{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list'] }]);
  expect(roles[2]?.rules).toEqual([{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] }]);
});

test('the commands page shows usage, arguments and examples of every command', () => {
  const text = textOf(commandsPage([command('k8s get')]));

  expect(text).toContain('/k8s get THING [-n NAMESPACE]');
  expect(text).toContain('-n, --namespace NAMESPACE  Where');
  expect(text).toContain('/k8s get x');
});
