import { CallLog } from './calls.ts';
import { Delivery } from './delivery/delivery.ts';
import { Faults } from './faults.ts';
import { PageBus } from './page-bus.ts';
import { PostLimit } from './post-limit.ts';
import { initialSettings, type Settings } from './settings.ts';
import { Channels } from './store/channels.ts';
import { Ephemerals } from './store/ephemerals.ts';
import { Files } from './store/files.ts';
import { UserGroups } from './store/groups.ts';
import { Messages } from './store/messages.ts';
import { People } from './store/people.ts';
import { Tickets } from './store/tickets.ts';
import { PracticeTime } from './store/time.ts';
import { Views } from './store/views.ts';
import type { Names } from './text/mrkdwn.ts';
import type { SlashCommandSeed, World } from './world.ts';

const KEEP_MESSAGES = 5_000;

/** Everything one practice Slack holds. The functions around it (say, gestures, methods) take it as their first argument. */
export class Workspace {
  readonly world: World;
  readonly time: PracticeTime;
  readonly settings: Settings;
  readonly people: People;
  readonly channels: Channels;
  readonly messages = new Messages(KEEP_MESSAGES);
  readonly ephemerals = new Ephemerals();
  readonly views = new Views();
  readonly tickets = new Tickets();
  readonly files = new Files();
  readonly groups: UserGroups;
  readonly faults = new Faults();
  readonly calls = new CallLog();
  readonly postLimit = new PostLimit();
  readonly page = new PageBus();
  readonly delivery: Delivery;
  readonly scopes: Set<string>;
  readonly commands: Map<string, SlashCommandSeed>;
  readonly botId: string;
  /** `http://127.0.0.1:port`, known once it listens. */
  baseUrl = '';

  constructor(world: World, clock: () => number) {
    this.world = world;
    this.time = new PracticeTime(clock);
    this.settings = initialSettings(world);
    this.people = new People(world);
    this.channels = new Channels(world, this.people, this.time.now());
    this.groups = new UserGroups(world, this.time.now());
    this.scopes = new Set(world.app.scopes);
    this.commands = new Map(world.app.slashCommands.map((command) => [command.command, command]));
    this.botId = world.app.botId ?? `B${world.app.botUserId.slice(1)}`;
    this.delivery = new Delivery(this);
  }

  get botUserId(): string {
    return this.world.app.botUserId;
  }

  get names(): Names {
    return {
      user: (id) => (id === this.botUserId ? this.world.app.name : (this.people.find(id)?.name ?? id)),
      channel: (id) => this.channels.get(id)?.name ?? id,
      group: (id) => this.groups.get(id)?.handle ?? id,
    };
  }

  stop(): void {
    this.time.stop();
    this.delivery.stop();
  }
}
