/**
 * Where a person types. Enter sends, Shift+Enter makes a line, Up in an empty field brings back what was sent before; a list of
 * commands, people, channels or emoji opens above while the word is still being typed.
 */
import { toast } from './announce.js';
import { api } from './api.js';
import { complete } from './completion.js';
import { directory } from './directory.js';
import { fill, h, icon } from './dom.js';

const FAILURES = {
  dispatch_failed: 'Slack could not deliver the command: the app is not connected, or its answer was broken.',
  operation_timeout: 'Slack waited three seconds, and the app did not answer.',
};
const REMEMBERED = 50;

/** @param {{where: () => {channel: string, thread_ts?: string} | undefined, label: string, onSent?: (answer: any) => void}} options */
export function createComposer({ where, label, onSent }) {
  const sent = [];
  let recalled = 0;
  let offer;
  let active = 0;

  const list = h('div', {
    class: 'completion',
    role: 'listbox',
    id: `completion-${label}`,
    'aria-label': 'Suggestions',
    hidden: true,
  });
  const field = h('textarea', {
    class: 'composer-field',
    rows: 1,
    'aria-label': label,
    'aria-controls': list.id,
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    oninput: typed,
    onkeydown: key,
    onblur: () => setTimeout(closeOffer, 150),
    onclick: typed,
  });
  const button = h(
    'button',
    { type: 'button', class: 'send', 'aria-label': 'Send', disabled: true, onclick: () => void send() },
    icon('send'),
  );
  const hint = h('div', { class: 'composer-hint', 'aria-live': 'polite' });
  const root = h('div', { class: 'composer' }, list, h('div', { class: 'composer-box' }, field, button), hint);

  function typed() {
    grow();
    button.disabled = field.value.trim() === '';
    offer = complete(field.value, field.selectionStart);
    active = 0;
    drawOffer();
    fill(hint, usage());
  }

  /** After the command's name its usage stays visible, as in Slack. */
  function usage() {
    const name = /^(\/\S+)\s/.exec(field.value)?.[1];
    const command = directory.app?.commands.find((one) => one.command === name);
    return command && [h('strong', {}, command.command), ` ${command.usageHint} `, h('span', {}, command.description)];
  }

  function drawOffer() {
    list.hidden = !offer;
    field.setAttribute('aria-expanded', String(Boolean(offer)));
    if (!offer) return;
    fill(
      list,
      offer.choices.map((choice, index) =>
        h(
          'div',
          {
            class: ['option', index === active && 'active'],
            role: 'option',
            id: `${list.id}-${index}`,
            'aria-selected': String(index === active),
            onpointerdown: (event) => take(event, index),
          },
          h('span', { class: 'completion-title' }, choice.title),
          choice.hint && h('span', { class: 'completion-usage' }, choice.hint),
          choice.detail && h('span', { class: 'completion-detail' }, choice.detail),
        ),
      ),
    );
    field.setAttribute('aria-activedescendant', `${list.id}-${active}`);
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  }

  function closeOffer() {
    offer = undefined;
    list.hidden = true;
    field.removeAttribute('aria-activedescendant');
  }

  function take(event, index) {
    event.preventDefault();
    const choice = offer?.choices[index];
    if (!choice) return;
    const caret = field.selectionStart;
    field.setRangeText(choice.insert, offer.from, caret, 'end');
    typed();
    if (offer?.choices.length === 1) closeOffer();
  }

  function key(event) {
    if (event.isComposing) return;
    if (offer && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      active = (active + (event.key === 'ArrowDown' ? 1 : offer.choices.length - 1)) % offer.choices.length;
      drawOffer();
    } else if (
      offer &&
      (event.key === 'Tab' || (event.key === 'Enter' && offer.choices[active].insert.trim() !== field.value.trim()))
    ) {
      take(event, active);
    } else if (event.key === 'Escape' && offer) {
      event.stopPropagation();
      closeOffer();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && sent.length > 0 && (field.value === '' || field.value === sent[recalled])) {
      recall(event, -1);
    } else if (event.key === 'ArrowDown' && field.value !== '' && field.value === sent[recalled]) {
      recall(event, 1);
    }
  }

  function recall(event, by) {
    event.preventDefault();
    recalled = field.value === '' ? sent.length - 1 : Math.min(Math.max(recalled + by, 0), sent.length);
    field.value = sent[recalled] ?? '';
    grow();
    button.disabled = field.value === '';
    closeOffer();
    fill(hint, usage());
  }

  function grow() {
    field.style.setProperty('height', 'auto');
    field.style.setProperty('height', `${Math.min(field.scrollHeight, 220)}px`);
  }

  async function send() {
    const text = field.value.trim();
    const place = where();
    if (text === '' || !place) return;
    if (sent.at(-1) !== text) sent.push(text);
    if (sent.length > REMEMBERED) sent.shift();
    recalled = sent.length;
    set('');
    const answer = await api.type({ ...place, text });
    if (!answer.ok) {
      toast(answer.message);
      // Slack gives back what it did not take, unless the person is already typing something new.
      if (field.value === '') set(text);
    } else if (answer.failure) toast(FAILURES[answer.failure] ?? answer.failure);
    onSent?.(answer);
  }

  function set(text) {
    field.value = text;
    typed();
    closeOffer();
  }

  return {
    root,
    /** Puts words in and the caret behind them. */
    insert(text) {
      set(text);
      field.focus();
    },
    focus: () => field.focus(),
    describe(text) {
      field.placeholder = text;
    },
  };
}
