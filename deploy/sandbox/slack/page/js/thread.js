/** The pane on the right: one message and what was answered to it. */
import { createComposer } from './composer.js';
import { fill, h, icon } from './dom.js';
import { channelOf, titleOf } from './places.js';
import { threadOf } from './store.js';
import { createTimeline } from './timeline.js';

/** @param {{place: () => any, go: (place: any) => void, onSent: (answer: any) => void}} app */
export function createThread(app) {
  const where = h('span', { class: 'thread-where' });
  const close = () => app.go({ channel: app.place().channel });
  const timeline = createTimeline({ label: 'Thread', inThread: true });
  const composer = createComposer({
    label: 'Reply in thread',
    where: () => ({ channel: app.place().channel, thread_ts: app.place().thread }),
    onSent: app.onSent,
  });
  composer.describe('Reply…');
  const root = h(
    'section',
    {
      class: 'thread',
      'aria-label': 'Thread',
      hidden: true,
      onkeydown: (event) => event.key === 'Escape' && !event.defaultPrevented && close(),
    },
    h(
      'header',
      { class: 'pane-head' },
      h('h2', {}, 'Thread', where),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close the thread', onclick: close },
        icon('close'),
      ),
    ),
    timeline.root,
    composer.root,
  );
  return {
    root,
    composer,
    draw() {
      const { channel, thread } = app.place();
      root.hidden = !thread;
      document.body.classList.toggle('thread-open', Boolean(thread));
      if (!thread) return;
      const known = channelOf(channel);
      fill(where, known ? `${known.kind === 'im' ? '' : '#'}${titleOf(known)}` : '');
      timeline.show(`${channel}/${thread}`, threadOf(channel, thread));
    },
  };
}
