/**
 * The list behind selects, menus and the people switcher: a button that opens a searchable list. Written after the ARIA
 * "combobox with listbox" pattern; the browser's own popover puts it above everything, modals included, and closes it
 * on Escape or on a click elsewhere.
 */
import { fill, h, icon } from './dom.js';

/** @typedef {{value: string, text: string, node?: any, hint?: string, group?: string, href?: string}} Choice */

const SEARCH_FROM = 8;
let serial = 0;

/**
 * Opens a list at `anchor` and answers what was picked.
 * @param {HTMLElement} anchor
 * @param {{
 *   label: string, load: (query: string) => Promise<Choice[]> | Choice[], search?: boolean, multi?: boolean,
 *   chosen?: Set<string>, onPick: (choice: Choice) => void, onClose?: () => void, footer?: Node,
 * }} options with `multi` the list stays open and `chosen` is the caller's to change
 */
export function openList(anchor, options) {
  serial += 1;
  const id = `list-${serial}`;
  const list = h('div', {
    class: 'list',
    role: 'listbox',
    id,
    'aria-label': options.label,
    'aria-multiselectable': options.multi ? 'true' : undefined,
  });
  const query = h('input', {
    class: 'list-search',
    type: 'text',
    role: 'combobox',
    placeholder: options.search === false ? undefined : 'Search',
    'aria-label': options.label,
    'aria-controls': id,
    'aria-expanded': 'true',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    readonly: options.search === false,
  });
  const popover = h(
    'div',
    { class: ['popover', options.search === false && 'no-search'], popover: 'auto' },
    query,
    list,
    options.footer,
  );
  /** @type {Choice[]} */
  let choices = [];
  let active = 0;
  let asked = 0;

  async function refresh() {
    asked += 1;
    const mine = asked;
    const found = await options.load(query.value.trim());
    if (mine !== asked) return;
    choices = found;
    active = Math.max(0, options.multi ? active : choices.findIndex((choice) => options.chosen?.has(choice.value)));
    active = Math.min(active, Math.max(0, choices.length - 1));
    draw();
  }

  function draw() {
    let group;
    const rows = choices.flatMap((choice, index) => {
      const heading =
        choice.group && choice.group !== group
          ? h('div', { class: 'list-group', role: 'presentation' }, choice.group)
          : null;
      group = choice.group;
      return [heading, row(choice, index)];
    });
    fill(list, rows, choices.length === 0 && h('div', { class: 'list-empty' }, 'Nothing found'));
    query.setAttribute('aria-activedescendant', `${id}-${active}`);
    list.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    place();
  }

  function row(choice, index) {
    const chosen = options.chosen?.has(choice.value) ?? false;
    return h(
      'div',
      {
        class: ['option', index === active && 'active'],
        role: 'option',
        id: `${id}-${index}`,
        'aria-selected': String(chosen),
        onpointermove: () => {
          if (active !== index) {
            active = index;
            for (const node of list.querySelectorAll('.option'))
              node.classList.toggle('active', node.id === `${id}-${index}`);
          }
        },
        onclick: () => pick(index),
      },
      h(
        'div',
        { class: 'option-text' },
        choice.node ?? choice.text,
        choice.hint && h('div', { class: 'option-hint' }, choice.hint),
      ),
      chosen && icon('check'),
    );
  }

  function pick(index) {
    const choice = choices[index];
    if (!choice) return;
    options.onPick(choice);
    if (options.multi) draw();
    else popover.hidePopover();
  }

  function place() {
    const box = anchor.getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 240), window.innerWidth - 16);
    const below = window.innerHeight - box.bottom;
    const height = Math.min(popover.scrollHeight, 360);
    const top = below > height + 12 || below > box.top ? box.bottom + 4 : Math.max(8, box.top - height - 4);
    popover.style.setProperty('width', `${width}px`);
    popover.style.setProperty('left', `${Math.min(Math.max(8, box.left), window.innerWidth - width - 8)}px`);
    popover.style.setProperty('top', `${top}px`);
  }

  popover.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      active = (active + (event.key === 'ArrowDown' ? 1 : choices.length - 1)) % Math.max(1, choices.length);
      draw();
    } else if (event.key === 'Enter') pick(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  query.addEventListener('input', () => {
    active = 0;
    void refresh();
  });
  popover.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    anchor.setAttribute('aria-expanded', 'false');
    popover.remove();
    if (document.activeElement === document.body) anchor.focus();
    options.onClose?.();
  });

  (anchor.closest('dialog') ?? document.body).append(popover);
  anchor.setAttribute('aria-expanded', 'true');
  popover.showPopover();
  place();
  query.focus();
  void refresh();
}

/** Choices out of Block Kit options and option groups, filtered by what was typed. */
export function fromOptions(source, textOf) {
  const flat = source.option_groups
    ? source.option_groups.flatMap((group) => group.options.map((option) => ({ option, group: group.label.text })))
    : (source.options ?? []).map((option) => ({ option, group: undefined }));
  const choices = flat.map(({ option, group }) => ({
    value: option.value,
    text: textOf(option.text),
    hint: option.description && textOf(option.description),
    group,
    href: option.url,
  }));
  const load = (query) => choices.filter((choice) => choice.text.toLowerCase().includes(query.toLowerCase()));
  return { choices, load, search: choices.length >= SEARCH_FROM };
}
