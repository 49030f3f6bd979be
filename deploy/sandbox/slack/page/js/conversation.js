/** The middle: the head of a channel, its messages (or the bot's Home), and the composer. */
import { avatar } from './avatar.js';
import { createComposer } from './composer.js';
import { directory, displayName } from './directory.js';
import { fill, h, icon, safeLink } from './dom.js';
import { emoji, withEmoji } from './emoji.js';
import { createHome } from './home.js';
import { openList } from './picker.js';
import { botChannel, channelOf, otherSide, titleOf } from './places.js';
import { timeline as timelineOf, unreadTotal } from './store.js';
import { createTimeline } from './timeline.js';
import { createTips } from './tips.js';

/** @param {{place: () => any, go: (place: any) => void, openRail: () => void, onSent: (answer: any) => void}} app */
export function createConversation(app) {
  const head = h('header', { class: 'pane-head' });
  const bookmarks = h('div', { class: 'bookmarks' });
  const tabs = h('div', { class: 'tabs', role: 'tablist' });
  const home = createHome();
  const timeline = createTimeline({
    label: 'Messages',
    onThread: (ts) => app.go({ channel: app.place().channel, thread: ts }),
  });
  const composer = createComposer({
    label: 'Message',
    where: () => ({ channel: app.place().channel }),
    onSent: app.onSent,
  });
  const tips = createTips((text) => composer.insert(text));
  const foot = h('div', { class: 'foot' }, tips.root, composer.root);
  const root = h('main', { class: 'conversation' }, head, tabs, bookmarks, home.root, timeline.root, foot);

  function drawHead(channel) {
    const members = channel.members.filter((id) => id !== directory.app?.botUserId);
    const people = h(
      'button',
      {
        type: 'button',
        class: 'members',
        'aria-haspopup': 'listbox',
        'aria-label': `${members.length} members`,
        onclick: () => showMembers(people, channel),
      },
      h(
        'span',
        { class: 'faces' },
        members.slice(0, 3).map((id) => avatar(id, 'tiny')),
      ),
      String(members.length),
    );
    const mark =
      channel.kind === 'im' ? avatar(otherSide(channel), 'small') : icon(channel.kind === 'private' ? 'lock' : 'hash');
    const isApp = channel.id === botChannel().id;
    fill(
      head,
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button rail-button',
          'aria-label': 'Channels',
          'aria-controls': 'rail',
          onclick: app.openRail,
        },
        icon('menu'),
      ),
      h('h1', {}, mark, h('span', {}, titleOf(channel)), isApp && h('span', { class: 'app-badge' }, 'APP')),
      h('span', { class: 'topic', title: channel.topic }, withEmoji(channel.topic)),
      channel.kind !== 'im' && people,
    );
    fill(
      bookmarks,
      channel.bookmarks.map((one) =>
        safeLink(
          one.link,
          h('span', { class: 'bookmark' }, emoji((one.emoji ?? ':link:').replaceAll(':', '')) ?? '', ' ', one.title),
        ),
      ),
    );
    bookmarks.hidden = channel.bookmarks.length === 0;
  }

  function showMembers(anchor, channel) {
    openList(anchor, {
      label: `Members of ${titleOf(channel)}`,
      load: (query) =>
        channel.members
          .map((id) => ({
            value: id,
            text: displayName(id),
            node: h('span', { class: 'person-row' }, avatar(id, 'small'), displayName(id)),
          }))
          .filter((one) => one.text.toLowerCase().includes(query.toLowerCase())),
      onPick: () => {},
    });
  }

  function drawTabs(channel, tab) {
    const isApp = channel.id === botChannel().id;
    tabs.hidden = !isApp;
    if (!isApp) return;
    const one = (name, label, place) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          class: 'tab',
          'aria-selected': String(tab === name),
          onclick: () => app.go(place),
        },
        label,
      );
    fill(
      tabs,
      one('home', 'Home', { channel: channel.id, tab: 'home' }),
      one(undefined, 'Messages', { channel: channel.id }),
    );
  }

  const intro = (channel) => ({
    stamp: JSON.stringify([channel.name, channel.purpose]),
    make: () =>
      h(
        'div',
        { class: 'intro' },
        h(
          'div',
          { class: 'intro-mark' },
          channel.kind === 'im' ? avatar(otherSide(channel)) : icon(channel.kind === 'private' ? 'lock' : 'hash'),
        ),
        h('h2', {}, titleOf(channel)),
        h(
          'p',
          {},
          channel.purpose ||
            (channel.kind === 'im'
              ? `This is the very beginning of your conversation with ${titleOf(channel)}.`
              : `This is the very beginning of #${channel.name}.`),
        ),
      ),
  });

  return {
    root,
    composer,
    home,
    draw(state) {
      const { channel: id, tab } = app.place();
      const channel = channelOf(id);
      if (!channel) return;
      drawHead(channel);
      drawTabs(channel, tab);
      home.root.hidden = tab !== 'home';
      timeline.root.hidden = tab === 'home';
      foot.hidden = tab === 'home';
      composer.describe(`Message ${channel.kind === 'im' ? '' : '#'}${titleOf(channel)}`);
      tips.draw(state?.tips ?? []);
      const unread = unreadTotal();
      const here = `${channel.kind === 'im' ? '' : '#'}${titleOf(channel)}`;
      document.title = [
        `${unread > 0 ? `(${unread}) ` : ''}${here}`,
        directory.me?.realName,
        directory.team?.name,
      ].join(' · ');
      if (tab !== 'home') timeline.show(id, timelineOf(id), intro(channel));
    },
  };
}
