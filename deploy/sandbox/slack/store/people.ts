import type { PersonState } from '../protocol.ts';
import type { PersonSeed, World } from '../world.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly color: string;
  readonly title: string;
  readonly teamId: string;
  readonly tz: string;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly isBot: boolean;
  readonly isStranger: boolean;
  isDeactivated: boolean;
}

/** Slack's own voice: "only visible to you" notes about commands that failed. */
export const SLACKBOT = 'USLACKBOT';

const COLORS = ['#2f6f5e', '#8a4fbf', '#c4572b', '#2b6cb0', '#b0366b', '#5d7a1f', '#9a6700', '#40619d'];

/** Everybody in the workspace, the bot's user and Slackbot included. */
export class People {
  readonly #byId = new Map<string, Person>();
  readonly #byName = new Map<string, Person>();

  constructor(world: World) {
    world.people.forEach((seed, index) => {
      this.#add(personOf(seed, world.team.id, COLORS[index % COLORS.length] as string));
    });
    const bot = { id: world.app.botUserId, name: world.app.name.toLowerCase(), realName: world.app.name };
    this.#add({ ...personOf(bot, world.team.id, '#1264a3'), isBot: true });
    this.#add({ ...personOf({ id: SLACKBOT, name: 'slackbot', realName: 'Slackbot' }, world.team.id, '#616061') });
  }

  /** By id or handle (with or without `@`). */
  find(idOrName: string): Person | undefined {
    return this.#byId.get(idOrName) ?? this.#byName.get(idOrName.replace(/^@/, '').toLowerCase());
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  #add(person: Person): void {
    this.#byId.set(person.id, person);
    this.#byName.set(person.name.toLowerCase(), person);
  }
}

function personOf(seed: PersonSeed, teamId: string, color: string): Person {
  return {
    id: seed.id,
    name: seed.name,
    realName: seed.realName,
    email: seed.email ?? `${seed.name}@example.com`,
    color: seed.color ?? color,
    title: seed.title ?? '',
    teamId: seed.teamId ?? teamId,
    tz: seed.tz ?? 'UTC',
    isAdmin: seed.isAdmin ?? false,
    isGuest: seed.isGuest ?? false,
    isBot: false,
    isStranger: seed.teamId !== undefined && seed.teamId !== teamId,
    isDeactivated: seed.isDeactivated ?? false,
  };
}

export function personState(person: Person): PersonState {
  const { id, name, realName, color, title, isBot, isGuest, isDeactivated, isStranger, teamId } = person;
  return { id, name, realName, color, title, isBot, isGuest, isDeactivated, isStranger, teamId };
}

/** The `user` object of `users.info` and `users.list`. */
export function userObject(person: Person, withEmail: boolean): Record<string, unknown> {
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.isDeactivated,
    color: person.color.slice(1),
    real_name: person.realName,
    tz: person.tz,
    profile: {
      title: person.title,
      real_name: person.realName,
      display_name: person.name,
      real_name_normalized: person.realName,
      display_name_normalized: person.name,
      ...(withEmail && !person.isBot ? { email: person.email } : {}),
      team: person.teamId,
    },
    is_admin: person.isAdmin,
    is_owner: false,
    is_restricted: person.isGuest,
    is_ultra_restricted: false,
    is_bot: person.isBot,
    is_app_user: false,
    is_stranger: person.isStranger,
  };
}
