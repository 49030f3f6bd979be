/** One message: face, name, time, words or blocks, files, reactions and the way into its thread. */
import { api } from './api.js';
import { avatar } from './avatar.js';
import { attachment, renderBlocks } from './blocks.js';
import { directory, displayName, isApp } from './directory.js';
import { h, icon } from './dom.js';
import { emoji } from './emoji.js';
import { renderFile } from './files.js';
import { mrkdwn } from './mrkdwn.js';
import { clock, full, iso } from './times.js';

const time = (ts, text) => h('time', { class: 'time', datetime: iso(ts), title: full(ts) }, text ?? clock(ts));

/**
 * @param {any} message
 * @param {{grouped?: boolean, inThread?: boolean, edited?: boolean, onThread?: (ts: string) => void}} how
 * `grouped`: follows a message of the same person; `edited`: it has just changed in place
 */
export function renderMessage(message, how) {
  const name = displayName(message.user);
  return h(
    'article',
    {
      class: ['message', how.grouped && 'grouped', message.ephemeral && 'ephemeral', how.edited && 'flash'],
      // Reached by arrow keys and by a tap; only then its toolbar is in the way of nobody.
      tabindex: '-1',
      'aria-label': `${name}, ${clock(message.ts)}`,
      data: { ts: message.ts },
    },
    h('div', { class: 'gutter' }, how.grouped ? time(message.ts) : avatar(message.user)),
    h(
      'div',
      { class: 'message-main' },
      message.ephemeral && h('div', { class: 'only-you' }, icon('eye'), 'Only visible to you'),
      !how.grouped && heading(message, name),
      body(message),
      message.files.length > 0 && h('div', { class: 'files' }, message.files.map(renderFile)),
      message.reactions.length > 0 && reactions(message),
      !how.inThread && message.reply_count > 0 && replies(message, how.onThread),
    ),
    !how.inThread && !message.ephemeral && how.onThread && toolbar(message, how.onThread),
  );
}

function heading(message, name) {
  return h(
    'div',
    { class: 'message-head' },
    h('span', { class: 'author' }, name),
    isApp(message.user) && h('span', { class: 'app-badge' }, 'APP'),
    time(message.ts),
  );
}

function body(message) {
  const surface = { target: { channel: message.channel, ts: message.ts }, typed: !message.bot_id };
  const edited = message.edited && h('span', { class: 'edited', title: full(message.edited.ts) }, '(edited)');
  const blocks = message.blocks?.length ? message.blocks : undefined;
  return [
    blocks
      ? h('div', { class: 'blocks' }, renderBlocks(blocks, surface))
      : message.text && h('div', { class: 'text' }, mrkdwn(message.text), edited && ' ', edited),
    (message.attachments ?? []).map((item) => attachment(item, surface)),
    blocks && edited,
  ];
}

function reactions(message) {
  return h(
    'div',
    { class: 'reactions' },
    message.reactions.map(({ name, users, count }) => {
      const mine = users.includes(directory.me?.id);
      return h(
        'button',
        {
          type: 'button',
          class: ['reaction', mine && 'mine'],
          'aria-pressed': String(mine),
          title: `${users.map(displayName).join(', ')} reacted with :${name}:`,
          onclick: () => api.react({ channel: message.channel, ts: message.ts, name, remove: mine }),
        },
        h('span', {}, emoji(name) ?? `:${name}:`),
        ` ${count}`,
      );
    }),
  );
}

function replies(message, onThread) {
  const count = `${message.reply_count} ${message.reply_count === 1 ? 'reply' : 'replies'}`;
  return h(
    'button',
    { type: 'button', class: 'replies', onclick: () => onThread(message.ts) },
    h(
      'span',
      { class: 'faces' },
      message.reply_users.slice(0, 4).map((id) => avatar(id, 'tiny')),
    ),
    h('span', { class: 'reply-count' }, count),
    message.latest_reply && h('span', { class: 'reply-time' }, `Last reply ${clock(message.latest_reply)}`),
  );
}

const QUICK = ['white_check_mark', 'eyes', 'raised_hands'];

function toolbar(message, onThread) {
  return h(
    'div',
    { class: 'toolbar' },
    QUICK.map((name) =>
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': `React with ${name.replaceAll('_', ' ')}`,
          onclick: () => api.react({ channel: message.channel, ts: message.ts, name }),
        },
        emoji(name),
      ),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        'aria-label': 'Reply in thread',
        title: 'Reply in thread',
        onclick: () => onThread(message.ts),
      },
      icon('reply'),
    ),
  );
}
