/** The page: reads who it is, listens, and draws what changed. One tab is one person (`?as=ada`). */
import { say, toast } from './announce.js';
import { api, listen } from './api.js';
import { createConversation } from './conversation.js';
import { directory, displayName, humans, navigation, setPeople, setState } from './directory.js';
import { fill, h } from './dom.js';
import { channelOf, firstPlace, fromHash, fromPermalink, toHash } from './places.js';
import { createRail } from './rail.js';
import * as store from './store.js';
import { createThread } from './thread.js';
import { syncViews } from './views.js';

/** @type {import('./places.js').Place} */
let place;
let state;
let frame = 0;
let started = false;

const app = { place: () => place, go, openRail: () => rail.open(), onSent };
const rail = createRail(app);
const conversation = createConversation(app);
const thread = createThread(app);
navigation.toChannel = (id) => go({ channel: id });

/** Everything is drawn from what is known, at most once per frame. */
function draw() {
  if (frame || !started) return;
  // A tab in the background gets no frames, but its title and its counts must not stand still.
  const schedule = document.hidden ? (work) => setTimeout(work, 50) : requestAnimationFrame;
  frame = schedule(() => {
    frame = 0;
    rail.draw();
    conversation.draw(state);
    thread.draw();
  });
}

function go(next) {
  const moved = next.channel !== place?.channel || next.tab !== place?.tab;
  const threaded = next.thread && next.thread !== place?.thread;
  place = next;
  const hash = toHash(next);
  if (location.hash !== hash) history.pushState(null, '', hash);
  document.body.classList.remove('rail-open');
  if (moved)
    void read(next.channel).then(
      () => !next.thread && !matchMedia('(pointer: coarse)').matches && conversation.composer.focus(),
    );
  if (threaded) void read(next.channel, next.thread).then(() => thread.composer.focus());
  if (next.tab === 'home') void conversation.home.open();
  draw();
}

/** Asks the server for a channel (or a thread) and forgets what it no longer has. */
async function read(channel, ts) {
  const askedAt = (state?.now ?? Date.now()) + (Date.now() - startedAt);
  const answer = await api.sees(channel, ts);
  if (!answer.ok) {
    toast(answer.message);
    return;
  }
  directory.channels.set(answer.channel.id, answer.channel);
  if (place.channel === channel) place = { ...place, channel: answer.channel.id };
  store.replace(answer.channel.id, answer.messages, ts, askedAt);
  if (isLooking(answer.channel.id)) store.markRead(answer.channel.id);
  draw();
}

const startedAt = Date.now();
const isLooking = (channel) => place?.channel === channel && place.tab !== 'home' && !document.hidden;

/** A first word to the bot opens the direct message: from then on it has an id. */
function onSent(answer) {
  if (answer.ok && answer.channel && place.channel.startsWith('@')) go({ channel: answer.channel });
}

function arrived({ channel, message }) {
  store.put(channel, message);
  const mine = message.user === directory.me?.id;
  const hidden = !store.isTopLevel(message) && place?.thread !== message.thread_ts;
  if (isLooking(channel) && !hidden) store.markRead(channel);
  else if (!mine && store.isTopLevel(message)) store.countUnread(channel, message);
  if (!mine && !isLooking(channel)) say(`New message from ${displayName(message.user)}`);
}

const EVENTS = {
  hello(event) {
    state = event.state;
    directory.me = event.me;
    setState(event.state);
    store.restoreUnread(event.state.channels.filter((one) => one.members.includes(event.me.id)));
    if (!started) begin();
    else void read(place.channel).then(() => place.thread && read(place.channel, place.thread));
    void syncViews();
  },
  message: arrived,
  ephemeral: arrived,
  message_changed: (event) => store.put(event.channel, event.message),
  message_deleted: (event) => store.remove(event.channel, event.ts),
  view_opened: () => void syncViews(),
  view_updated: (event) => (event.view.type === 'home' ? conversation.home.draw(event.view) : void syncViews()),
  view_closed: () => void syncViews(),
  home: (event) => conversation.home.draw(event.view),
  channel_changed: (event) => directory.channels.set(event.channel.id, event.channel),
  people_changed: (event) => setPeople(event.people),
  notice: (event) => toast(event.text),
  app(event) {
    directory.app = { ...directory.app, sockets: event.sockets };
  },
};

function begin() {
  started = true;
  fill(document.getElementById('app'), rail.shade, rail.root, conversation.root, thread.root);
  const first = fromHash(location.hash) ?? firstPlace();
  history.replaceState(null, '', toHash(first));
  go(first);
  if (first.thread) void read(first.channel, first.thread);
  void api.home().then((answer) => answer.ok && conversation.home.draw(answer.home));
}

window.addEventListener('popstate', () => go(fromHash(location.hash) ?? firstPlace()));
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && place && channelOf(place.channel)) {
    store.markRead(place.channel);
    draw();
  }
});
// Permalinks to messages of this workspace open here, not at slack.com.
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const target = link && fromPermalink(link.href);
  if (!target) return;
  event.preventDefault();
  go(target);
});

/** Without `?as=` the page asks who to be; the answer is in the address, so that a reload and a bookmark keep it. */
async function start() {
  const answer = await api.state();
  setPeople(answer.people ?? []);
  const people = humans();
  const name = new URLSearchParams(location.search).get('as');
  const known = people.some((one) => one.name === name || one.id === name);
  if (answer.ok !== false && !known) {
    const first = people[0];
    if (!name && first) {
      location.replace(`?as=${encodeURIComponent(first.name)}${location.hash}`);
      return;
    }
    fill(
      document.getElementById('app'),
      h(
        'main',
        { class: 'lost' },
        h('h1', {}, `Nobody here is called ${name}`),
        h(
          'ul',
          {},
          people.map((one) => h('li', {}, h('a', { href: `?as=${encodeURIComponent(one.name)}` }, one.realName))),
        ),
      ),
    );
    return;
  }
  listen(
    (event) => {
      EVENTS[event.type]?.(event);
      draw();
    },
    (up) => rail.setLink(up),
  );
}

void start();
