/**
 * The messages this person has seen, by channel, and what is unread. Events write, views read; nothing here touches the page.
 */
import { directory } from './directory.js';

/** @type {Map<string, Map<string, any>>} channel → key → message */
const messages = new Map();
/** @type {Map<string, {count: number, mention: boolean}>} */
const unread = new Map();

const room = (channel) => {
  if (!messages.has(channel)) messages.set(channel, new Map());
  return messages.get(channel);
};
/** An ephemeral message and a stored one never replace each other, whatever their `ts`. */
const keyOf = (message) => `${message.ephemeral ? 'e' : 'm'}${message.ts}`;

export function put(channel, message) {
  room(channel).set(keyOf(message), message);
}

export function remove(channel, ts) {
  room(channel).delete(`m${ts}`);
  room(channel).delete(`e${ts}`);
}

/**
 * Takes the server's whole answer for a channel (or for one thread of it): what it no longer has is forgotten. What came
 * by an event while the answer was under way is newer than the answer, and stays.
 */
export function replace(channel, list, thread, askedAt) {
  const kept = new Map();
  for (const [key, message] of room(channel)) {
    const inScope = thread ? message.thread_ts === thread || message.ts === thread : isTopLevel(message);
    if (!inScope || Number(message.ts) * 1000 > askedAt) kept.set(key, message);
  }
  for (const message of list) kept.set(keyOf(message), message);
  messages.set(channel, kept);
}

export const isTopLevel = (message) =>
  !message.thread_ts || message.thread_ts === message.ts || message.subtype === 'thread_broadcast';

const byTime = (a, b) => Number(a.ts) - Number(b.ts);

export const timeline = (channel) => [...room(channel).values()].filter(isTopLevel).sort(byTime);
export const threadOf = (channel, thread) =>
  [...room(channel).values()].filter((one) => one.thread_ts === thread || one.ts === thread).sort(byTime);

/** Did somebody call me? Then the badge is red, as in Slack. */
export function mentionsMe(message) {
  const text = JSON.stringify([message.text, message.blocks ?? []]);
  if (text.includes(`<@${directory.me?.id}`) || text.includes(`"user_id":"${directory.me?.id}"`)) return true;
  return [...directory.groups.values()].some(
    (group) =>
      group.users.includes(directory.me?.id) &&
      (text.includes(`<!subteam^${group.id}`) || text.includes(`"usergroup_id":"${group.id}"`)),
  );
}

export function countUnread(channel, message) {
  const before = unread.get(channel) ?? { count: 0, mention: false };
  const direct = directory.channels.get(channel)?.kind === 'im';
  unread.set(channel, { count: before.count + 1, mention: before.mention || direct || mentionsMe(message) });
}

export const unreadOf = (channel) => unread.get(channel) ?? { count: 0, mention: false };

/** Over all channels: what the tab's title says. */
export const unreadTotal = () => [...unread.values()].reduce((sum, { count }) => sum + count, 0);

const storageKey = (channel) => `read:${directory.team?.id}:${directory.me?.id}:${channel}`;

/** Remembers in this browser how far this person has read; a full or forbidden storage costs only the mark. */
export function markRead(channel) {
  unread.delete(channel);
  const last = timeline(channel).findLast((message) => !message.ephemeral)?.ts;
  try {
    if (last) localStorage.setItem(storageKey(channel), last);
  } catch {
    // Private windows may refuse; then everything is simply new again next time.
  }
}

/** Marks channels whose newest message is younger than what was read last time. */
export function restoreUnread(channels) {
  for (const channel of channels) {
    let read = '0';
    try {
      read = localStorage.getItem(storageKey(channel.id)) ?? '0';
    } catch {
      // As above.
    }
    if (channel.latest && Number(channel.latest) > Number(read) && !unread.has(channel.id)) {
      unread.set(channel.id, { count: 1, mention: channel.kind === 'im' });
    }
  }
}
