/** What the composer offers while somebody types: slash commands with their hints, people, channels, emoji. */
import { directory, displayName, humans } from './directory.js';
import { emojiNames } from './emoji.js';

/**
 * @param {string} text @param {number} caret
 * @returns {{from: number, choices: {insert: string, title: string, hint?: string, detail?: string, keep?: boolean}[]} | undefined}
 * `from`: where the word begins that a choice replaces
 */
export function complete(text, caret) {
  const before = text.slice(0, caret);
  if (/^\/\S*$/.test(before)) return found(0, commands(before));
  const word = /(?:^|\s)([@#:])([\w+.-]*)$/.exec(before);
  if (!word) return undefined;
  const [, sign, typed] = word;
  const from = caret - typed.length - 1;
  if (sign === '@') return found(from, people(typed.toLowerCase()));
  if (sign === '#') return found(from, channels(typed.toLowerCase()));
  if (typed.length < 2) return undefined;
  return found(
    from,
    emojiNames(typed).map(([name, character]) => ({ insert: `:${name}: `, title: `${character} :${name}:` })),
  );
}

const found = (from, choices) => (choices.length > 0 ? { from, choices: choices.slice(0, 8) } : undefined);

function commands(typed) {
  return (directory.app?.commands ?? [])
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usageHint }) => ({
      insert: `${command} `,
      title: command,
      hint: usageHint,
      detail: description,
    }));
}

function people(typed) {
  const groups = [...directory.groups.values()].map((group) => ({
    insert: `@${group.handle} `,
    title: `@${group.handle}`,
    detail: group.name,
    text: `${group.handle} ${group.name}`,
  }));
  const bot = directory.app
    ? [{ insert: `@${directory.app.name} `, title: `@${directory.app.name}`, detail: 'App', text: directory.app.name }]
    : [];
  const all = humans().map((one) => ({
    insert: `@${one.name} `,
    title: displayName(one.id),
    detail: `@${one.name}`,
    text: `${one.name} ${one.realName}`,
  }));
  return [...bot, ...all, ...groups].filter((one) =>
    one.text
      .toLowerCase()
      .split(/\s+/)
      .some((part) => part.startsWith(typed)),
  );
}

function channels(typed) {
  return [...directory.channels.values()]
    .filter((one) => (one.kind === 'channel' || one.kind === 'private') && one.name.startsWith(typed))
    .map((one) => ({ insert: `#${one.name} `, title: `#${one.name}`, detail: one.topic }));
}
