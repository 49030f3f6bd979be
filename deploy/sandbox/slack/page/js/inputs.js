/** The `input` block of a modal: label, field, hint and the error that came back for it. */
import { h } from './dom.js';
import { choices, field } from './fields.js';
import { act } from './gestures.js';
import { plainText } from './mrkdwn.js';
import { select } from './selects.js';

let serial = 0;

/**
 * Registers how to read the field in `surface.fields` (by block_id), and starts from `surface.drafts` when the person had
 * already typed something there before the view was updated.
 */
export function input(block, surface) {
  serial += 1;
  const id = `input-${serial}`;
  const error = surface.errors?.[block.block_id];
  const element = block.element;
  const label = block.label?.text ?? '';
  const key = `${block.block_id}/${element.action_id}`;
  const made = control(block, element, surface, {
    id,
    label,
    before: surface.drafts?.get(key),
    describedBy: `${id}-note`,
  });
  surface.fields?.set(block.block_id, { read: made.read, draft: made.draft ?? made.read, key });
  if (error) made.node.setAttribute('aria-invalid', 'true');
  return h(
    'div',
    { class: ['input-block', error && 'has-error'] },
    h(
      'label',
      { class: 'input-label', for: id },
      plainText(label),
      block.optional && h('span', { class: 'optional' }, ' (optional)'),
    ),
    made.node,
    h(
      'div',
      { class: 'input-note', id: `${id}-note` },
      error && h('div', { class: 'input-error', role: 'alert' }, error),
      block.hint && h('div', { class: 'input-hint' }, plainText(block.hint.text)),
    ),
  );
}

function control(block, element, surface, options) {
  const send = (node, value) => block.dispatch_action && act(surface, 'choose', { block, element, node, value });
  if (element.type.endsWith('_select')) {
    const before = options.before === undefined ? undefined : [options.before].flat();
    const made = select(element, block, surface, {
      label: options.label,
      before,
      onChange: (value, node) => send(node, value),
    });
    made.node.id = options.id;
    return made;
  }
  if (element.type === 'checkboxes' || element.type === 'radio_buttons') {
    const made = choices(element, {
      label: options.label,
      before: options.before,
      onChange: (value) => send(made.node, value),
    });
    return made;
  }
  if (element.type === 'file_input') {
    return {
      node: h('p', { class: 'input-hint', id: options.id }, 'The practice Slack takes no uploads from people.'),
      read: () => undefined,
    };
  }
  const made = field(element, {
    ...options,
    onEnter: block.dispatch_action ? () => send(made.node, made.read()) : undefined,
  });
  return made;
}
