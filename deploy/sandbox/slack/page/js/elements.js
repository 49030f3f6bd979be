/** Interactive elements in messages, Home and modals: what they look like and what a press sends. */
import { toast } from './announce.js';
import { h, icon, safeLink } from './dom.js';
import { choices, field } from './fields.js';
import { act } from './gestures.js';
import { plainText, textObject } from './mrkdwn.js';
import { fromOptions, openList } from './picker.js';
import { select } from './selects.js';

/** Draws any element that may stand in an actions block or as a section's accessory. */
export function element(part, block, surface) {
  if (part.type.endsWith('_select')) {
    const onChange = (value, node) => act(surface, 'choose', { block, element: part, node, value });
    return select(part, block, surface, { onChange }).node;
  }
  const draw = ELEMENTS[part.type];
  return draw ? draw(part, block, surface) : h('span', { class: 'unknown-block' }, `[${part.type}]`);
}

/** Opens a button's address ourselves: it is checked like every link, and works without the app answering. */
function visit(url) {
  const link = safeLink(url);
  if (link instanceof HTMLAnchorElement) link.click();
  else toast(`This button points to an address that is not http or https: ${url}`);
}

const ELEMENTS = {
  button(part, block, surface) {
    const node = h(
      'button',
      {
        type: 'button',
        class: ['button', part.style],
        data: { action: part.action_id ?? '' },
        'aria-label': part.accessibility_label,
        onclick: () => {
          if (part.url) visit(part.url);
          void act(surface, 'click', { block, element: part, node });
        },
      },
      h('span', { class: 'button-text' }, plainText(part.text.text, part.text.emoji !== false)),
      part.url && icon('open'),
    );
    return node;
  },
  workflow_button: (part, block, surface) => ELEMENTS.button(part, block, surface),
  image: (part) =>
    h('img', { class: 'accessory-image', src: part.image_url ?? part.slack_file?.url ?? '', alt: part.alt_text ?? '' }),
  overflow(part, block, surface) {
    const { load } = fromOptions(part, (text) => text.text);
    const node = h(
      'button',
      {
        type: 'button',
        class: 'button icon-only',
        'aria-label': 'More actions',
        'aria-haspopup': 'listbox',
        'aria-expanded': 'false',
        onclick: () =>
          openList(node, {
            label: 'More actions',
            load,
            search: false,
            onPick(choice) {
              if (choice.href) visit(choice.href);
              void act(surface, 'choose', { block, element: part, node, value: choice.value });
            },
          }),
      },
      icon('more'),
    );
    return node;
  },
  feedback_buttons(part, block, surface) {
    return [part.positive_button, part.negative_button].filter(Boolean).map((option) => {
      const node = h(
        'button',
        {
          type: 'button',
          class: 'button small',
          onclick: () => act(surface, 'choose', { block, element: part, node, value: option.value }),
        },
        textObject(option.text),
      );
      return node;
    });
  },
  icon_button(part, block, surface) {
    const node = h(
      'button',
      { type: 'button', class: 'button small', onclick: () => act(surface, 'click', { block, element: part, node }) },
      textObject(part.text),
    );
    return node;
  },
  checkboxes: (part, block, surface) => acting(part, block, surface),
  radio_buttons: (part, block, surface) => acting(part, block, surface),
  datepicker: (part, block, surface) => picked(part, block, surface),
  timepicker: (part, block, surface) => picked(part, block, surface),
  datetimepicker: (part, block, surface) => picked(part, block, surface),
};

function acting(part, block, surface) {
  const set = choices(part, {
    label: part.type === 'checkboxes' ? 'Choose some' : 'Choose one',
    onChange: (value) => act(surface, 'choose', { block, element: part, node: set.node, value }),
  });
  return set.node;
}

function picked(part, block, surface) {
  const made = field(part, {
    label: part.placeholder?.text ?? 'Choose',
    onChange: () => act(surface, 'choose', { block, element: part, node: made.node, value: made.read() }),
  });
  return made.node;
}
