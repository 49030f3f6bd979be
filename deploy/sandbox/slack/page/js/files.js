/** Files in a message: pictures are shown, text has a preview that unfolds, all can be opened and downloaded. */
import { toast } from './announce.js';
import { fill, h, icon } from './dom.js';
import { size } from './times.js';

const KINDS = {
  'text/plain': 'Plain text',
  'application/json': 'JSON',
  'text/csv': 'CSV',
  'application/x-yaml': 'YAML',
  'text/yaml': 'YAML',
  'application/pdf': 'PDF',
};
/** More than this is for an editor, not for a chat. */
const UNFOLD_BYTES = 400_000;

export function renderFile(file) {
  return file.mimetype.startsWith('image/') ? picture(file) : document_(file);
}

function links(file) {
  return h(
    'span',
    { class: 'file-links' },
    h(
      'a',
      {
        class: 'icon-button',
        href: file.url_private,
        target: '_blank',
        rel: 'noopener',
        'aria-label': `Open ${file.name}`,
      },
      icon('open'),
    ),
    h(
      'a',
      { class: 'icon-button', href: file.url_private, download: file.name, 'aria-label': `Download ${file.name}` },
      icon('download'),
    ),
  );
}

function picture(file) {
  return h(
    'figure',
    { class: 'file file-picture' },
    h(
      'figcaption',
      {},
      h('span', { class: 'file-name' }, file.title || file.name),
      h('span', { class: 'file-size' }, size(file.size)),
      links(file),
    ),
    h(
      'a',
      { href: file.url_private, target: '_blank', rel: 'noopener' },
      h('img', { src: file.url_private, alt: file.title || file.name, loading: 'lazy' }),
    ),
  );
}

function document_(file) {
  const kind = KINDS[file.mimetype.split(';')[0]] ?? 'File';
  const preview = file.preview && h('pre', { class: 'file-preview', tabindex: '0' }, file.preview);
  const whole = preview && file.size > (file.preview?.length ?? 0) && file.size <= UNFOLD_BYTES;
  const more =
    whole &&
    h(
      'button',
      { type: 'button', class: 'file-more', onclick: () => void unfold(file, preview, more) },
      `Show all ${size(file.size)}`,
    );
  return h(
    'div',
    { class: 'file' },
    h(
      'div',
      { class: 'file-head' },
      h('span', { class: 'file-icon' }, icon('file')),
      h(
        'span',
        { class: 'file-words' },
        h('span', { class: 'file-name' }, file.title || file.name),
        h('span', { class: 'file-size' }, `${kind} · ${size(file.size)}`),
      ),
      links(file),
    ),
    preview,
    more,
  );
}

async function unfold(file, preview, more) {
  const response = await fetch(file.url_private).catch(() => undefined);
  if (!response?.ok) {
    toast(`${file.name} could not be read. Try to open it in a tab of its own.`);
    return;
  }
  fill(preview, await response.text());
  preview.classList.add('whole');
  more.remove();
}
