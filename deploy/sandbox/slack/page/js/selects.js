/** The select elements of Block Kit, in messages (they act at once) and in modals (they wait for Submit). */
import { api } from './api.js';
import { directory, displayName, humans } from './directory.js';
import { fill, h, icon } from './dom.js';
import { withEmoji } from './emoji.js';
import { fromOptions, openList } from './picker.js';

const textOf = (object) =>
  object?.type === 'plain_text' && object.emoji === false ? object.text : withEmoji(object?.text ?? '');

function people() {
  return humans().map((one) => ({ value: one.id, text: displayName(one.id), hint: `@${one.name}` }));
}

function channels() {
  return [...directory.channels.values()]
    .filter((one) => one.kind === 'channel' || one.kind === 'private')
    .map((one) => ({ value: one.id, text: `#${one.name}` }));
}

/** Where the choices of a select come from, and how they are looked up. */
function source(element, block, surface) {
  const kind = element.type.replace(/^multi_/, '');
  if (kind === 'static_select') return fromOptions(element, textOf);
  if (kind === 'external_select') {
    const ask = async (query) => {
      if (query.length < (element.min_query_length ?? 3) && query.length > 0) return [];
      const answer = await api.options({
        ...surface.target,
        block_id: block.block_id,
        action_id: element.action_id,
        query,
      });
      return answer.ok ? answer.options : [];
    };
    const first = [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean);
    return {
      choices: first.map((option) => ({ value: option.value, text: textOf(option.text) })),
      load: ask,
      search: true,
    };
  }
  const choices =
    { users_select: people, channels_select: channels, conversations_select: () => [...channels(), ...people()] }[
      kind
    ]?.() ?? [];
  const load = (query) =>
    choices.filter((one) => `${one.text} ${one.hint ?? ''}`.toLowerCase().includes(query.toLowerCase()));
  return { choices, load, search: choices.length >= 8 };
}

function initial(element) {
  const one =
    element.initial_option?.value ?? element.initial_user ?? element.initial_channel ?? element.initial_conversation;
  const many =
    element.initial_options?.map((option) => option.value) ??
    element.initial_users ??
    element.initial_channels ??
    element.initial_conversations;
  return many ?? (one === undefined ? [] : [one]);
}

/**
 * @param {{label?: string, before?: string[], onChange: (value: string | string[], node: HTMLElement) => void}} options
 * `before` is an earlier choice to show again
 */
export function select(element, block, surface, { label, before, onChange }) {
  const multi = element.type.startsWith('multi_');
  const from = source(element, block, surface);
  const names = new Map(from.choices.map((choice) => [choice.value, choice.text]));
  const chosen = new Set(before ?? initial(element));
  const shown = h('span', { class: 'select-value' });
  const button = h(
    'button',
    { type: 'button', class: 'select', 'aria-haspopup': 'listbox', 'aria-expanded': 'false', onclick: open },
    shown,
    icon('down'),
  );

  function draw() {
    const texts = [...chosen].map((value) => names.get(value) ?? value);
    const placeholder = textOf(element.placeholder) || (multi ? 'Choose some' : 'Choose one');
    button.classList.toggle('empty', texts.length === 0);
    fill(
      shown,
      texts.length === 0 ? placeholder : multi ? texts.map((text) => h('span', { class: 'chip' }, text)) : texts[0],
    );
    button.setAttribute('aria-label', [label, texts.join(', ') || placeholder].filter(Boolean).join(': '));
  }

  function open() {
    const before = [...chosen].join('\n');
    openList(button, {
      label: label ?? (textOf(element.placeholder) || 'Choose'),
      load: from.load,
      search: from.search,
      multi,
      chosen,
      onPick(choice) {
        names.set(choice.value, choice.text);
        if (!multi) chosen.clear();
        if (multi && chosen.has(choice.value)) chosen.delete(choice.value);
        else if (chosen.size < (element.max_selected_items ?? 100)) chosen.add(choice.value);
        draw();
        if (!multi) onChange(choice.value, button);
      },
      // A multi-select is sent when its list closes, as in Slack.
      onClose: () => multi && before !== [...chosen].join('\n') && onChange([...chosen], button),
    });
  }
  draw();
  return { node: button, read: () => (multi ? [...chosen] : [...chosen][0]) };
}
