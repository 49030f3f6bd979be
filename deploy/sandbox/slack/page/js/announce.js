/** What the page itself says: short notes at the bottom, read aloud by screen readers, and Slack's confirm dialog. */
import { fill, h, icon } from './dom.js';

const shelf = () => document.getElementById('toasts');
const SHOWN_MS = 7_000;

/** @param {'error' | 'info'} [kind] */
export function toast(text, kind = 'error') {
  const close = h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => note.remove() },
    icon('close'),
  );
  const note = h(
    'div',
    { class: `toast toast-${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    h('span', {}, text),
    close,
  );
  // A modal <dialog> covers everything else, so the note must live inside the topmost one to be seen.
  const host = [...document.querySelectorAll('dialog[open]')].at(-1);
  if (host) host.append(note);
  else shelf().append(note);
  while (shelf().childElementCount > 3) shelf().firstElementChild.remove();
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** One sentence for screen readers only. */
export function say(text) {
  fill(document.getElementById('live'), text);
}

/**
 * Slack's own "Are you sure?". Resolves true only for the confirm button; Escape and a click beside it mean no.
 * @param {{title: string, text: string, confirm: string, deny: string, style?: 'primary' | 'danger'}} ask
 * @returns {Promise<boolean>}
 */
export function confirmDialog(ask) {
  return new Promise((resolve) => {
    const deny = h('button', { type: 'submit', value: 'deny', class: 'button' }, ask.deny);
    const confirm = h(
      'button',
      { type: 'submit', value: 'confirm', class: ['button', 'filled', ask.style ?? 'primary'] },
      ask.confirm,
    );
    const dialog = h(
      'dialog',
      { class: 'sheet confirm', 'aria-labelledby': 'confirm-title' },
      h(
        'form',
        { method: 'dialog' },
        h('header', {}, h('h2', { id: 'confirm-title' }, ask.title)),
        h('div', { class: 'sheet-body' }, h('p', {}, ask.text)),
        h('footer', {}, deny, confirm),
      ),
    );
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close('deny'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'confirm');
    });
    document.body.append(dialog);
    dialog.showModal();
    (ask.style === 'danger' ? deny : confirm).focus();
  });
}
