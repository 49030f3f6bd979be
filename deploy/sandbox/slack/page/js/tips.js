/** "Try this": three things to type. A click puts the words into the composer; sending stays with the person. */
import { fill, h, icon } from './dom.js';

const KEY = 'tips-hidden';

export function createTips(insert) {
  const root = h('div', { class: 'tips', role: 'group', 'aria-label': 'Things to try' });
  const hide = () => {
    sessionStorage.setItem(KEY, 'yes');
    root.hidden = true;
  };
  return {
    root,
    draw(tips) {
      root.hidden = tips.length === 0 || sessionStorage.getItem(KEY) === 'yes';
      fill(
        root,
        h('span', { class: 'tips-title' }, icon('bolt'), 'Try this'),
        h(
          'div',
          { class: 'tips-row' },
          tips.slice(0, 3).map((tip) => h('button', { type: 'button', class: 'tip', onclick: () => insert(tip) }, tip)),
        ),
        h(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Hide the tips', onclick: hide },
          icon('close'),
        ),
      );
    },
  };
}
