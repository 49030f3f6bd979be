/** Native form fields for the elements that a person types or ticks. Each is `{node, read}`; `read` gives what the control API takes. */
import { h } from './dom.js';
import { textObject } from './mrkdwn.js';

let serial = 0;

const NATIVE = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

/** Epoch seconds ↔ the text of a `datetime-local` field, in the reader's zone. */
const toLocal = (seconds) => {
  const date = new Date(Number(seconds) * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};
const fromLocal = (text) => String(Math.floor(new Date(text).getTime() / 1000));

/**
 * @param {any} element
 * @param {{id?: string, label?: string, before?: string, onChange?: () => void, onEnter?: () => void, describedBy?: string}} options
 */
export function field(element, options) {
  const many = element.multiline || element.type === 'rich_text_input';
  const first =
    element.initial_value ??
    element.initial_date ??
    element.initial_time ??
    (element.initial_date_time ? toLocal(element.initial_date_time) : '');
  const node = h(many ? 'textarea' : 'input', {
    class: 'field-input',
    type: many ? undefined : (NATIVE[element.type] ?? 'text'),
    id: options.id,
    inputmode: element.type === 'number_input' ? (element.is_decimal_allowed ? 'decimal' : 'numeric') : undefined,
    rows: many ? 4 : undefined,
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    'aria-label': options.id ? undefined : options.label,
    'aria-describedby': options.describedBy,
    autofocus: element.focus_on_load,
    autocomplete: 'off',
    value: options.before ?? (typeof first === 'string' ? first : ''),
    onchange: options.onChange,
  });
  if (options.onEnter && !many) {
    node.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      options.onEnter();
    });
  }
  const read = () => (element.type === 'datetimepicker' && node.value ? fromLocal(node.value) : node.value);
  return { node, read, draft: () => node.value };
}

/** Check boxes and radio buttons. */
export function choices(element, { label, before, onChange }) {
  serial += 1;
  const name = `choice-${serial}`;
  const many = element.type === 'checkboxes';
  const first =
    before ?? (many ? (element.initial_options ?? []).map((option) => option.value) : [element.initial_option?.value]);
  const boxes = (element.options ?? []).map((option) => ({
    option,
    box: h('input', {
      type: many ? 'checkbox' : 'radio',
      name,
      value: option.value,
      checked: first.includes(option.value),
    }),
  }));
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option.value);
  const read = () => (many ? chosen() : chosen()[0]);
  const node = h(
    'div',
    { class: 'choices', role: many ? 'group' : 'radiogroup', 'aria-label': label, onchange: () => onChange?.(read()) },
    boxes.map(({ option, box }) =>
      h(
        'label',
        { class: 'choice' },
        box,
        h(
          'span',
          {},
          h('span', {}, textObject(option.text)),
          option.description && h('span', { class: 'choice-hint' }, textObject(option.description)),
        ),
      ),
    ),
  );
  return { node, read, draft: chosen };
}
