/** The App Home tab in the direct message with the bot. */
import { api } from './api.js';
import { renderBlocks } from './blocks.js';
import { directory } from './directory.js';
import { fill, h } from './dom.js';

export function createHome() {
  const root = h('div', { class: 'home scroller', tabindex: '0', 'aria-label': 'App Home' });
  const inner = h('div', { class: 'home-inner blocks' });
  root.append(inner);
  let stamp = '';

  function draw(view) {
    const now = JSON.stringify(view?.blocks ?? null);
    if (now === stamp) return;
    stamp = now;
    if (!view) {
      fill(
        inner,
        h('p', { class: 'empty' }, `${directory.app?.name ?? 'The app'} has not published a Home for you yet.`),
      );
      return;
    }
    fill(inner, renderBlocks(view.blocks, { target: { view: 'home' }, fields: new Map(), drafts: new Map() }));
  }

  return {
    root,
    draw,
    /** Opening the tab is an event for the app; most publish their Home as an answer to it. */
    async open() {
      const answer = await api.home();
      if (answer.ok) draw(answer.home);
    },
  };
}
