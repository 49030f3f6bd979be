/** The left side: the workspace, the channels, the direct messages, and who this tab is. */

import { toast } from './announce.js';
import { api } from './api.js';
import { avatar } from './avatar.js';
import { directory, displayName, humans } from './directory.js';
import { fill, h, icon } from './dom.js';
import { openList } from './picker.js';
import { otherSide, places, titleOf } from './places.js';
import { unreadOf } from './store.js';

/** @param {{go: (place: any) => void, place: () => any}} app */
export function createRail(app) {
  const nav = h('nav', { class: 'rail-list', 'aria-label': 'Channels and direct messages' });
  const team = h('div', { class: 'team-name' });
  const link = h('div', { class: 'link-state', role: 'status' });
  const me = h('div', { class: 'me' });
  const close = h(
    'button',
    { type: 'button', class: 'icon-button rail-close', 'aria-label': 'Close the list', onclick: () => setOpen(false) },
    icon('close'),
  );
  const root = h(
    'aside',
    { class: 'rail', id: 'rail' },
    h('header', { class: 'rail-head' }, h('div', {}, team, link), close),
    nav,
    me,
  );
  const shade = h('button', {
    type: 'button',
    class: 'rail-shade',
    tabindex: '-1',
    'aria-label': 'Close the list',
    onclick: () => setOpen(false),
  });

  function setOpen(open) {
    document.body.classList.toggle('rail-open', open);
    if (open) (nav.querySelector('[aria-current]') ?? nav.querySelector('button'))?.focus();
  }
  root.addEventListener('keydown', (event) => event.key === 'Escape' && setOpen(false));

  function row(channel, mark, dim, note = dim ? 'Join' : undefined) {
    const { count, mention } = unreadOf(channel.id);
    const current = app.place()?.channel === channel.id;
    const title = titleOf(channel);
    return h(
      'button',
      {
        type: 'button',
        class: ['rail-row', count > 0 && 'unread', dim && 'dim'],
        'aria-current': current ? 'page' : undefined,
        'aria-label': count > 0 ? `${title}, ${count} unread` : title,
        onclick: () => (dim ? void join(channel) : app.go({ channel: channel.id })),
      },
      mark,
      h('span', { class: 'rail-name' }, title),
      count > 0 && h('span', { class: ['badge', mention && 'badge-mention'] }, count > 99 ? '99+' : String(count)),
      note && h('span', { class: 'rail-hint' }, note),
    );
  }

  async function join(channel) {
    const answer = await api.join(channel.id);
    if (answer.ok) app.go({ channel: channel.id });
    else toast(answer.message);
  }

  const section = (title, rows) => rows.length > 0 && [h('h2', { class: 'rail-title' }, title), rows];
  const sign = (channel) => icon(channel.kind === 'private' ? 'lock' : 'hash');

  function draw() {
    const { mine, others, bot, direct } = places();
    const online = directory.app?.sockets > 0 || directory.app?.mode === 'http';
    fill(team, directory.team?.name ?? 'Slack');
    fill(
      nav,
      section(
        'Channels',
        mine.map((channel) => row(channel, sign(channel))),
      ),
      section(
        'Other channels',
        others.map((channel) => row(channel, sign(channel), true)),
      ),
      section(
        'Direct messages',
        direct.map((channel) => row(channel, avatar(otherSide(channel), 'small'))),
      ),
      section('Apps', [
        row(
          bot,
          h(
            'span',
            { class: 'face-state' },
            avatar(directory.app?.botUserId, 'small'),
            h('span', { class: ['presence', online && 'online'] }),
          ),
          false,
          online ? undefined : 'not connected',
        ),
      ]),
    );
    drawMe();
  }

  function drawMe() {
    const id = directory.me?.id;
    const button = h(
      'button',
      {
        type: 'button',
        class: 'me-button',
        'aria-haspopup': 'listbox',
        'aria-expanded': 'false',
        'aria-label': `You are ${displayName(id)}. Change person`,
        onclick: () => choosePerson(button),
      },
      avatar(id, 'normal'),
      h(
        'span',
        { class: 'me-words' },
        h('span', { class: 'me-name' }, displayName(id)),
        h('span', { class: 'me-title' }, directory.me?.title || `@${directory.me?.name}`),
      ),
      icon('people'),
    );
    fill(me, button);
  }

  function choosePerson(anchor) {
    const people = humans();
    openList(anchor, {
      label: 'Be another person in a new tab',
      search: people.length > 8,
      chosen: new Set([directory.me?.id]),
      load: (query) =>
        people
          .filter((one) => `${one.name} ${one.realName}`.toLowerCase().includes(query.toLowerCase()))
          .map((one) => ({
            value: one.id,
            text: one.realName,
            node: h(
              'span',
              { class: 'person-row' },
              avatar(one.id, 'small'),
              h('span', {}, displayName(one.id), h('span', { class: 'option-hint' }, one.title || `@${one.name}`)),
            ),
            name: one.name,
          })),
      onPick: (choice) => choice.value !== directory.me?.id && become(choice.name),
      footer: h('p', { class: 'list-note' }, 'Opens a tab of its own: two tabs are two people.'),
    });
  }

  return {
    root,
    shade,
    draw,
    open: () => setOpen(true),
    close: () => setOpen(false),
    setLink(up) {
      link.classList.toggle('down', !up);
      fill(link, up ? 'Practice Slack' : 'Connecting…');
    },
  };
}

/** Two tabs are two people, so another person is another tab; a phone or a popup blocker gets the same tab. */
function become(name) {
  const url = new URL(location.href);
  url.search = `?as=${encodeURIComponent(name)}`;
  const tab = window.matchMedia('(width < 700px)').matches ? null : window.open(url.href, `shipmate-${name}`);
  if (!tab) location.assign(url.href);
}
