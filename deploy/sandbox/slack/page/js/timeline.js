/** A scrolling list of messages that stays at the end while new ones come, unless the reader has scrolled up. */
import { fill, h, icon, reconcile } from './dom.js';
import { renderMessage } from './message.js';
import { dayKey, dayName } from './times.js';

const GROUP_SECONDS = 300;
const NEAR_PX = 80;
/** How many messages are drawn until the reader asks for more. */
const WINDOW = 200;

export function createTimeline({ label, inThread = false, onThread = undefined }) {
  const list = h('div', {
    class: 'messages',
    role: 'log',
    'aria-label': label,
    'aria-live': 'polite',
    'aria-relevant': 'additions text',
  });
  const jump = h(
    'button',
    { type: 'button', class: 'jump', hidden: true, onclick: () => toEnd() },
    icon('down'),
    'New messages',
  );
  const scroller = h('div', { class: 'scroller', tabindex: '0' }, list);
  const root = h('div', { class: 'timeline' }, scroller, jump);
  let room = '';
  let shown = WINDOW;

  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  let following = true;
  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    following = true;
    jump.hidden = true;
  }
  scroller.addEventListener('scroll', () => {
    following = isAtEnd();
    if (following) jump.hidden = true;
  });
  scroller.addEventListener('keydown', (event) => {
    if (event.target !== scroller && !event.target.classList.contains('message')) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const messages = [...list.querySelectorAll('.message')];
    const at = messages.indexOf(event.target);
    const next = at < 0 ? messages.at(-1) : messages[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  // Pictures load, cards grow and the composer gets taller: whoever was at the end stays there.
  new ResizeObserver(() => following && toEnd()).observe(list);
  new ResizeObserver(() => following && toEnd()).observe(scroller);

  /** @param {string} key another key means another room: no marks of change, start at the end */
  function show(key, all, intro) {
    const sameRoom = key === room;
    if (!sameRoom) {
      fill(list);
      shown = WINDOW;
    }
    room = key;
    const messages = inThread ? all : all.slice(-shown);
    const earlier = all.length - messages.length;
    const before = list.childElementCount;
    const items = [];
    if (earlier > 0) items.push(older(earlier, () => show(key, all, intro)));
    else if (intro) items.push({ key: 'intro', ...intro });
    let previous;
    for (const message of messages) {
      if (!inThread && (!previous || dayKey(previous.ts) !== dayKey(message.ts))) {
        items.push({
          key: `day ${dayKey(message.ts)}`,
          stamp: dayName(message.ts),
          make: () => h('div', { class: 'day', role: 'separator' }, h('span', {}, dayName(message.ts))),
        });
        previous = undefined;
      }
      const grouped =
        previous?.user === message.user &&
        !message.ephemeral &&
        !previous.ephemeral &&
        message.ts - previous.ts < GROUP_SECONDS &&
        !(inThread && previous === messages[0]);
      items.push({
        key: `${message.ephemeral ? 'e' : 'm'}${message.ts}`,
        stamp: JSON.stringify([message, grouped]),
        make(old) {
          const node = renderMessage(message, { grouped, inThread, onThread, edited: changedWords(old, message) });
          node.words = words(message);
          return node;
        },
      });
      if (inThread && message === messages[0] && messages.length > 1) items.push(divider(messages.length - 1));
      previous = message;
    }
    reconcile(list, items);
    if (!sameRoom || following) toEnd();
    else if (list.childElementCount > before) jump.hidden = false;
  }

  const words = (message) => JSON.stringify([message.text, message.blocks]);
  /** A new reply count or reaction is not an edit, so only changed words light up. */
  const changedWords = (old, message) => old?.words !== undefined && old.words !== words(message);
  const older = (count, again) => ({
    key: 'older',
    stamp: String(count),
    make: () => {
      const grow = () => {
        shown += WINDOW;
        const fromEnd = scroller.scrollHeight - scroller.scrollTop;
        again();
        scroller.scrollTop = scroller.scrollHeight - fromEnd;
      };
      return h(
        'button',
        { type: 'button', class: 'button small older', onclick: grow },
        `Show earlier messages (${count})`,
      );
    },
  });
  const divider = (count) => ({
    key: 'replies',
    stamp: String(count),
    make: () => h('div', { class: 'reply-divider' }, h('span', {}, `${count} ${count === 1 ? 'reply' : 'replies'}`)),
  });

  return { root, show, toEnd };
}
