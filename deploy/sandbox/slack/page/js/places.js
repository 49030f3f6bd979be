/** Where a person can be: channels, direct messages, the bot's Home. And the address bar's way to say it (`#/ops/1700000000.000100`). */
import { directory, displayName } from './directory.js';

/** @typedef {{channel: string, thread?: string, tab?: 'home'}} Place */

const isMine = (channel) => channel.members.includes(directory.me?.id);

export const otherSide = (channel) => channel.members.find((id) => id !== directory.me?.id) ?? directory.me?.id;

/** The direct message with the bot; before its first word it has no id yet, and the server opens it by the bot's name. */
export function botChannel() {
  const bot = directory.app?.botUserId;
  const found = [...directory.channels.values()].find(
    (one) => one.kind === 'im' && isMine(one) && one.members.includes(bot),
  );
  return (
    found ?? {
      id: `@${directory.app?.name}`,
      kind: 'im',
      name: directory.app?.name,
      members: [directory.me?.id, bot],
      topic: '',
      bookmarks: [],
    }
  );
}

export const channelOf = (id) => directory.channels.get(id) ?? (id === botChannel().id ? botChannel() : undefined);

const byName = (a, b) => a.name.localeCompare(b.name);

export function places() {
  const all = [...directory.channels.values()].filter((one) => !one.isArchived);
  const rooms = all.filter((one) => one.kind === 'channel' || one.kind === 'private');
  const bot = botChannel();
  return {
    mine: rooms.filter(isMine).sort(byName),
    others: rooms.filter((one) => !isMine(one) && one.kind === 'channel').sort(byName),
    bot,
    direct: all.filter((one) => (one.kind === 'im' || one.kind === 'mpim') && isMine(one) && one.id !== bot.id),
  };
}

/** What stands in the rail and above the messages. */
export function titleOf(channel) {
  if (channel.kind === 'im') return displayName(otherSide(channel));
  if (channel.kind === 'mpim')
    return channel.members
      .filter((id) => id !== directory.me?.id)
      .map(displayName)
      .join(', ');
  return channel.name;
}

/** @param {Place} place */
export function toHash(place) {
  const channel = channelOf(place.channel);
  const name = !channel || channel.kind === 'im' || channel.kind === 'mpim' ? place.channel : channel.name;
  const bot = place.channel === botChannel().id;
  return `#/${[bot ? '@app' : encodeURIComponent(name), place.tab ?? place.thread].filter(Boolean).join('/')}`;
}

/** @returns {Place | undefined} nothing when the address names no place of this person's */
export function fromHash(hash) {
  const [, name = '', rest] = hash.split('/').map(decodeURIComponent);
  const bot = botChannel().id;
  const channel =
    name === '@app' ? bot : [...directory.channels.values()].find((one) => one.id === name || one.name === name)?.id;
  if (!channel) return undefined;
  if (rest === 'home') return channel === bot ? { channel, tab: 'home' } : { channel };
  return /^\d+\.\d+$/.test(rest ?? '') ? { channel, thread: rest } : { channel };
}

/** Where a tab starts: the channel in which things are tried out. */
export function firstPlace() {
  const { mine, bot } = places();
  const ops = mine.find((one) => one.name === 'ops') ?? mine[0] ?? bot;
  return { channel: ops.id };
}

/** A permalink of the workspace (`…/archives/C1/p1700000000000100`) as a place. */
export function fromPermalink(url) {
  const match = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/.exec(url);
  if (!match || !directory.channels.has(match[1])) return undefined;
  const thread = new URL(url, location.href).searchParams.get('thread_ts');
  return { channel: match[1], thread: thread ?? undefined };
}
