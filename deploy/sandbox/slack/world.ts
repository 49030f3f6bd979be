/**
 * Who and what exists in a practice Slack when it starts. Plain JSON, written by the sandbox's story or by a test.
 * Everything here can change later: by people, by the bot's Web API calls, and by the control API.
 */
export interface World {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: AppSeed;
  readonly people: readonly PersonSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly userGroups: readonly UserGroupSeed[];
  /** Things to type, offered by the page. */
  readonly tips?: readonly string[];
}

export interface AppSeed {
  /** `A…` */
  readonly id: string;
  /** What people mention: `@Shipmate`. */
  readonly name: string;
  /** `U…` */
  readonly botUserId: string;
  /** `B…`; derived from `botUserId` when absent. */
  readonly botId?: string;
  /** `xoxb-…` */
  readonly botToken: string;
  /** `xapp-…` with the scope `connections:write`. */
  readonly appToken: string;
  readonly signingSecret: string;
  /** Granted to the bot token; a call that needs another one answers `missing_scope`. */
  readonly scopes: readonly string[];
  readonly slashCommands: readonly SlashCommandSeed[];
  /** Event types subscribed to; absent: every event the scopes allow. */
  readonly events?: readonly string[];
  /** HTTP mode: where signed requests go. All three are usually the same address. Without them Socket Mode is used. */
  readonly eventsUrl?: string;
  readonly commandsUrl?: string;
  readonly interactivityUrl?: string;
}

export interface SlashCommandSeed {
  /** With its slash: `/k8s`. */
  readonly command: string;
  readonly description: string;
  readonly usageHint?: string;
  /** `should_escape` of the manifest: mentions and channels arrive as `<@U…|name>`. Default false. */
  readonly shouldEscape?: boolean;
}

export interface PersonSeed {
  /** `U…` or `W…` */
  readonly id: string;
  /** Handle: `ada`. Control paths use it (`/control/as/ada/type`). */
  readonly name: string;
  readonly realName: string;
  readonly email?: string;
  /** CSS colour of the drawn avatar. */
  readonly color?: string;
  readonly title?: string;
  readonly isAdmin?: boolean;
  /** A single-channel or multi-channel guest. */
  readonly isGuest?: boolean;
  readonly isDeactivated?: boolean;
  /** Another workspace's id: a stranger who is here through a shared channel. */
  readonly teamId?: string;
  /** IANA zone. Default `UTC`. */
  readonly tz?: string;
}

export interface ChannelSeed {
  /** `C…` */
  readonly id: string;
  /** Without `#`. */
  readonly name: string;
  readonly topic?: string;
  readonly purpose?: string;
  readonly isPrivate?: boolean;
  readonly isExtShared?: boolean;
  readonly isArchived?: boolean;
  /** Person ids. The bot is not listed here. */
  readonly members: readonly string[];
  readonly botIsMember: boolean;
}

export interface UserGroupSeed {
  /** `S…` */
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
  readonly isDisabled?: boolean;
}
