/** Modals: the server's stack of views, each one a native dialog (which traps the focus and hides the page behind from readers). */
import { say, toast } from './announce.js';
import { api } from './api.js';
import { renderBlocks } from './blocks.js';
import { fill, h, icon } from './dom.js';

/** @type {Map<string, {dialog: HTMLDialogElement, body: HTMLElement, surface: any, stamp: string}>} */
const open = new Map();
let last = Promise.resolve();

/** Makes the open dialogs equal to the server's stack. Calls queue up, so that two events cannot open one view twice. */
export function syncViews() {
  last = last.then(async () => {
    const answer = await api.views();
    if (!answer.ok) return;
    const wanted = new Set(answer.modals.map((view) => view.id));
    for (const [id, entry] of open) {
      if (wanted.has(id)) continue;
      open.delete(id);
      entry.dialog.close();
      entry.dialog.remove();
    }
    for (const view of answer.modals) draw(view);
  });
  return last;
}

function draw(view) {
  const stamp = JSON.stringify(view);
  const before = open.get(view.id);
  if (before?.stamp === stamp) return;
  const entry = before ?? create(view);
  entry.stamp = stamp;
  paint(entry, view);
  if (before) return;
  open.set(view.id, entry);
  document.body.append(entry.dialog);
  entry.dialog.showModal();
  const first = entry.dialog.querySelector('[autofocus], .sheet-body input, .sheet-body textarea, .sheet-body .select');
  (first ?? entry.dialog.querySelector('.button.primary, footer .button'))?.focus();
  say(`${view.title ?? 'Dialog'} opened`);
}

function create(view) {
  const dialog = h('dialog', { class: 'sheet modal', 'aria-labelledby': `title-${view.id}` });
  dialog.addEventListener('cancel', (event) => {
    // The server decides what closing means (`view_closed`, the view below), so the browser must not close it by itself.
    event.preventDefault();
    void close(view.id, false);
  });
  // Pressed twice in a row, Escape closes a dialog whatever the page says; then the server must hear of it, too.
  dialog.addEventListener('close', () => {
    if (!open.delete(view.id)) return;
    dialog.remove();
    void close(view.id, false);
  });
  return {
    dialog,
    body: undefined,
    surface: { target: { view: view.id }, drafts: new Map(), fields: new Map() },
    stamp: '',
  };
}

const closing = new Set();

async function close(id, all) {
  if (closing.has(id)) return;
  closing.add(id);
  const answer = await api.close({ view_id: id, all });
  closing.delete(id);
  if (!answer.ok) toast(answer.message);
  await syncViews();
}

/** Draws the whole sheet again; what was typed is put back by block_id and action_id, and the caret stays in its field. */
function paint(entry, view, errors = view.errors, trouble = view.trouble) {
  const { surface, dialog } = entry;
  for (const { key, draft } of surface.fields.values()) {
    const value = draft();
    if (value !== undefined) surface.drafts.set(key, value);
  }
  const focused = dialog.contains(document.activeElement)
    ? document.activeElement?.closest('[data-block]')?.dataset.block
    : undefined;
  const scrolled = entry.body?.scrollTop ?? 0;
  surface.fields = new Map();
  surface.errors = errors;
  const body = h('div', { class: 'sheet-body', tabindex: '-1' }, renderBlocks(view.blocks, surface));
  const submit = view.submit && h('button', { type: 'submit', class: 'button filled primary' }, view.submit);
  const form = h(
    'form',
    { novalidate: true },
    h(
      'header',
      {},
      h('h2', { id: `title-${view.id}` }, view.title ?? ''),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => void close(view.id, true) },
        icon('close'),
      ),
    ),
    body,
    h(
      'footer',
      {},
      trouble && h('p', { class: 'trouble', role: 'alert' }, trouble),
      h(
        'button',
        { type: 'button', class: 'button', onclick: () => void close(view.id, false) },
        view.close ?? (submit ? 'Cancel' : 'Close'),
      ),
      submit,
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (submit) void send(entry, view, submit);
  });
  fill(dialog, form);
  entry.body = body;
  body.scrollTop = scrolled;
  const wrong = errors && body.querySelector('[aria-invalid="true"]');
  const target =
    wrong ?? (focused && body.querySelector(`[data-block="${CSS.escape(focused)}"] :is(input, textarea, button)`));
  if (target) (target.matches('.choices') ? target.querySelector('input') : target).focus();
}

async function send(entry, view, submit) {
  if (submit.getAttribute('aria-busy') === 'true') return;
  submit.setAttribute('aria-busy', 'true');
  const values = {};
  for (const [block, { read }] of entry.surface.fields) {
    const value = read();
    if (value !== undefined) values[block] = value;
  }
  const answer = await api.submit({ view_id: view.id, values });
  submit.removeAttribute('aria-busy');
  if (!answer.ok) toast(answer.message);
  // The answer itself carries what went wrong, so that the errors stand there even if the event comes late.
  else if (answer.errors || answer.trouble) paint(entry, view, answer.errors, answer.trouble);
  await syncViews();
}
