/** People, channels, groups and dates inside text: the pieces that mrkdwn, rich text and the composer share. */
import { directory, displayName, navigation, person } from './directory.js';
import { h, safeLink } from './dom.js';

export function userMention(id, fallback) {
  const known = directory.people.has(id) || id === directory.app?.botUserId;
  const name = known ? displayName(id) : (fallback ?? displayName(id));
  const mine = id === directory.me?.id;
  return h('span', { class: ['mention', mine && 'mention-me'], title: person(id).title || undefined }, `@${name}`);
}

export function channelMention(id, fallback) {
  const channel = directory.channels.get(id);
  const name = channel?.name ?? fallback ?? id;
  if (!channel) return h('span', { class: 'mention' }, `#${name}`);
  return h(
    'button',
    { class: 'mention mention-channel', type: 'button', onclick: () => navigation.toChannel(id) },
    `#${name}`,
  );
}

export function groupMention(id, fallback) {
  const group = directory.groups.get(id);
  const mine = group?.users.includes(directory.me?.id);
  const text = group ? `@${group.handle}` : (fallback ?? `@${id}`);
  return h('span', { class: ['mention', mine && 'mention-me'], title: group?.name }, text);
}

export function broadcastMention(range) {
  return h('span', { class: 'mention mention-me' }, `@${range}`);
}

const DAY_MS = 86_400_000;

function pretty(date, otherwise) {
  const midnight = (value) => new Date(value.getFullYear(), value.getMonth(), value.getDate()).getTime();
  const days = Math.round((midnight(date) - midnight(new Date())) / DAY_MS);
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days] ?? otherwise;
}

function ago(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, 'second');
}

/** Slack's date tokens, in the reader's own zone (docs: "Formatting dates with local time"). */
export function formatDate(timestamp, format) {
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const say = (options) => date.toLocaleString('en', options);
  const long = say({ year: 'numeric', month: 'long', day: 'numeric' });
  const weekday = say({ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
  const short = say({ year: 'numeric', month: 'short', day: 'numeric' });
  const plain = say({ month: 'long', day: 'numeric' });
  const two = (value) => String(value).padStart(2, '0');
  const tokens = {
    date_num: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    date_slash: `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`,
    date_long: weekday,
    date_long_full: long,
    date_long_pretty: pretty(date, weekday),
    date: plain,
    date_pretty: pretty(date, plain),
    date_short: short,
    date_short_pretty: pretty(date, short),
    day_divider_pretty: pretty(date, weekday),
    time: say({ hour: '2-digit', minute: '2-digit', hour12: false }),
    time_secs: say({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }),
    ago: ago(date),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name) => tokens[name] ?? whole);
}

export function dateMention(timestamp, format, fallback, url) {
  const text = formatDate(timestamp, format) ?? fallback ?? '';
  const iso = new Date(Number(timestamp) * 1000);
  const node = h(
    'time',
    { class: 'date', title: Number.isNaN(iso.getTime()) ? undefined : iso.toLocaleString() },
    text,
  );
  return url ? safeLink(url, node) : node;
}
