import type { Channel } from '../store/channels.ts';
import type { Person } from '../store/people.ts';
import type { Workspace } from '../workspace.ts';
import { GestureError } from './refusal.ts';

/** The person behind a gesture. */
export function actingPerson(workspace: Workspace, idOrName: string): Person {
  const person = workspace.people.find(idOrName);
  if (person === undefined) {
    const known = workspace.people
      .all()
      .filter((one) => !one.isBot)
      .map((one) => one.name);
    throw new GestureError(404, 'no_such_person', `There is no person "${idOrName}". Known: ${known.join(', ')}.`);
  }
  if (person.isDeactivated) throw new GestureError(403, 'deactivated', `${person.name}'s account is deactivated.`);
  if (person.isBot) throw new GestureError(403, 'not_a_person', `${person.name} is a bot and types nothing.`);
  return person;
}

export function readableChannel(workspace: Workspace, person: Person, name: string | undefined): Channel {
  const channel = name === undefined ? undefined : workspace.channels.named(name, person);
  if (channel === undefined || !workspace.channels.canRead(person, channel)) {
    throw new GestureError(404, 'no_such_channel', `${person.name} sees no channel "${name ?? ''}".`);
  }
  return channel;
}

export function writableChannel(workspace: Workspace, person: Person, name: string): Channel {
  const channel = readableChannel(workspace, person, name);
  if (!channel.members.has(person.id)) {
    throw new GestureError(403, 'not_in_channel', `${person.name} is not a member of #${channel.name}: join it first.`);
  }
  if (channel.isArchived) throw new GestureError(403, 'is_archived', `#${channel.name} is archived.`);
  return channel;
}

/** `user` of interaction payloads. */
export function payloadUser(person: Person): Record<string, string> {
  return { id: person.id, username: person.name, name: person.name, team_id: person.teamId };
}

/** What every interaction payload carries beside its own fields. */
export function payloadBase(workspace: Workspace, person: Person): Record<string, unknown> {
  const { team, app } = workspace.world;
  return {
    user: payloadUser(person),
    api_app_id: app.id,
    token: 'practice',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
