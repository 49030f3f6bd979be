/** Who and what the ids in messages are. Filled from the server's state; every renderer asks here. */

/** @type {{people: Map<string, any>, channels: Map<string, any>, groups: Map<string, any>, me: any, app: any, team: any}} */
export const directory = {
  people: new Map(),
  channels: new Map(),
  groups: new Map(),
  me: undefined,
  app: undefined,
  team: undefined,
};

/** What clicking a channel mention does; set by the app. */
export const navigation = { toChannel: (_id) => {} };

const SLACKBOT = { id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot', color: '#5b3d7a', title: '', isBot: true };

export function person(id) {
  if (id === SLACKBOT.id) return SLACKBOT;
  return directory.people.get(id) ?? { id, name: id, realName: id, color: '#8d8d8d', title: '', isBot: false };
}

/** The name people read: display names for people, the app's own name for the bot. */
export function displayName(id) {
  if (directory.app && (id === directory.app.botUserId || id === directory.app.botId)) return directory.app.name;
  return person(id).realName || person(id).name;
}

export function isApp(id) {
  return id === SLACKBOT.id || id === directory.app?.botUserId || id === directory.app?.botId || person(id).isBot;
}

/** Everybody one can be, mention or choose: no bots, and nobody who has left. */
export const humans = () =>
  [...directory.people.values()].filter((one) => !one.isBot && !one.isDeactivated && one.id !== SLACKBOT.id);

export function setPeople(people) {
  for (const one of people) directory.people.set(one.id, one);
}

export function setState(state) {
  directory.team = state.team;
  directory.app = state.app;
  setPeople(state.people);
  directory.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
  directory.groups = new Map(state.userGroups.map((group) => [group.id, group]));
}
