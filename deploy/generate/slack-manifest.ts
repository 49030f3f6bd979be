import { stringify } from 'yaml';
import { FEATURES } from '../../src/chat/scopes.ts';
import type { AnyCommand } from '../../src/pipeline/definition.ts';
import { type Artifact, families, familyOf } from './artifact.ts';

/** What the bot token may do, each with what is lost without it: a workspace that refuses one loses that feature only. */
export const BOT_SCOPES: Readonly<Record<string, string>> = Object.fromEntries(
  FEATURES.map(({ scope, lost }) => [scope, lost] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
);

const EVENTS = ['app_home_opened', 'app_mention', 'message.im', 'subteam_members_changed', 'subteam_updated'];

/** Limits of Slack's manifest schema. */
const LIMITS = { commands: 50, command: 32, description: 2_000, hint: 1_000, about: 140 };

const ABOUT = 'Kubernetes and etcd from Slack: shows what will change, asks, does it once, and says how it ended.';

/** `deploy/slack/manifest.yaml`: what an admin pastes into Slack to create the app. @throws Error when a limit of Slack's is exceeded. */
export function slackManifest(commands: readonly AnyCommand[]): readonly Artifact[] {
  const slashCommands = families(commands).map((family) => slashCommand(family, commands));
  checkLimits(slashCommands);
  const manifest = {
    display_information: { name: 'Shipmate', description: ABOUT, background_color: '#0b3d5c' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'Shipmate', always_online: true },
      slash_commands: slashCommands,
    },
    oauth_config: { scopes: { bot: Object.keys(BOT_SCOPES) } },
    settings: {
      event_subscriptions: { bot_events: EVENTS },
      interactivity: { is_enabled: true },
      org_deploy_enabled: false,
      socket_mode_enabled: true,
      token_rotation_enabled: false,
    },
  };
  const header = [
    '# The Slack app. Create it at https://api.slack.com/apps: "Create New App", "From a manifest", paste this file.',
    '# Generated from commands/ by `npm run generate`. Do not edit.',
    '',
  ].join('\n');
  const text = header + stringify(manifest, { lineWidth: 0 });
  return [{ path: 'deploy/slack/manifest.yaml', text }];
}

/** The app's slash commands in the words of the practice Slack. */
export function slackCommands(
  commands: readonly AnyCommand[],
): { command: string; description: string; usageHint: string }[] {
  return families(commands).map((family) => {
    const { command, description, usage_hint } = slashCommand(family, commands);
    return { command, description, usageHint: usage_hint };
  });
}

interface SlashCommand {
  readonly command: string;
  readonly description: string;
  readonly usage_hint: string;
  readonly should_escape: boolean;
}

const ABOUT_FAMILY: Readonly<Record<string, string>> = {
  k8s: 'Look at and change Kubernetes clusters',
  etcd: 'Look at and change etcd clusters',
  reboot: 'Ask for, approve and follow reboots of nodes',
  oncall: 'Who is on call, overrides and swaps',
  alerts: 'What is wrong now',
  shipmate: 'Shipmate itself: status and help',
};

function slashCommand(family: string, commands: readonly AnyCommand[]): SlashCommand {
  const rest = commands
    .filter((command) => familyOf(command) === family)
    .map((command) => command.name.split(' ').slice(1));
  const verbs = [...new Set(rest.map((words) => words[0]).filter((word) => word !== undefined))];
  return {
    command: `/${family}`,
    description: ABOUT_FAMILY[family] ?? `Commands about ${family}`,
    usage_hint: `[${[...verbs, 'help'].join(' | ')}]`,
    // Slack would turn @name and #channel into ids and leave our own words alone; what people type is read as they typed it.
    should_escape: false,
  };
}

function checkLimits(slashCommands: readonly SlashCommand[]): void {
  const problems = slashCommands.flatMap(({ command, description, usage_hint }) => [
    ...(command.length > LIMITS.command ? [`${command} is longer than ${LIMITS.command} characters`] : []),
    ...(description.length > LIMITS.description ? [`the description of ${command} is too long`] : []),
    ...(usage_hint.length > LIMITS.hint ? [`the hint of ${command} is too long`] : []),
  ]);
  if (slashCommands.length > LIMITS.commands) problems.push(`more than ${LIMITS.commands} slash commands`);
  if (ABOUT.length > LIMITS.about) problems.push(`the description is longer than ${LIMITS.about} characters`);
  if (problems.length > 0) throw new Error(`Slack would refuse the manifest: ${problems.join('; ')}.`);
}
