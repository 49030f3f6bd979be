/** Block Kit to nodes: one function per block type. Interactive elements are in elements.js, form inputs in inputs.js. */
import { h, safeLink } from './dom.js';
import { element } from './elements.js';
import { input } from './inputs.js';
import { markdown } from './markdown.js';
import { plainText, textObject } from './mrkdwn.js';
import { richText } from './rich-text.js';
import { dataTable, table } from './tables.js';

/** @param {readonly any[]} blocks @param {any} surface see gestures.js */
export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const draw = BLOCKS[block.type];
    const children = draw ? draw(block, surface) : unknown(block);
    return h('div', { class: ['block', `block-${block.type}`], data: { block: block.block_id ?? '' } }, children);
  });
}

const unknown = (block) =>
  h('span', { class: 'unknown-block' }, `[a ${block.type} block, which this page does not draw]`);

export function image(source, alt, className) {
  const url = source.image_url ?? source.slack_file?.url ?? '';
  return h('img', { class: className, src: url, alt: alt ?? '', loading: 'lazy' });
}

const BLOCKS = {
  section(block, surface) {
    const accessory = block.accessory && element(block.accessory, block, surface);
    return [
      h(
        'div',
        { class: 'section-main' },
        block.text && h('div', { class: 'text' }, textObject(block.text)),
        block.fields &&
          h(
            'div',
            { class: 'fields' },
            block.fields.map((field) => h('div', { class: 'field' }, textObject(field))),
          ),
      ),
      accessory && h('div', { class: 'accessory' }, accessory),
    ];
  },
  header: (block) => h('div', { class: 'header-text', role: 'heading', 'aria-level': '3' }, textObject(block.text)),
  divider: () => h('hr'),
  context: (block) =>
    block.elements.map((part) =>
      part.type === 'image'
        ? image(part, part.alt_text, 'context-image')
        : h('span', { class: 'context-text' }, textObject(part)),
    ),
  actions: (block, surface) => block.elements.map((part) => element(part, block, surface)),
  context_actions: (block, surface) => block.elements.map((part) => element(part, block, surface)),
  input: (block, surface) => input(block, surface),
  image: (block) => [
    block.title && h('div', { class: 'image-title' }, textObject(block.title)),
    image(block, block.alt_text, 'block-picture'),
  ],
  rich_text: (block, surface) => richText(block, surface.typed),
  markdown: (block) => markdown(block.text ?? ''),
  table: (block) => table(block),
  data_table: (block) => dataTable(block),
  alert: (block) =>
    h(
      'div',
      { class: `alert alert-${block.level ?? 'default'}`, role: 'note' },
      h('strong', { class: 'visually-hidden' }, `${block.level ?? 'Note'}: `),
      h('div', {}, textObject(block.text)),
    ),
  card: (block, surface) => [
    block.hero_image && image(block.hero_image, block.hero_image.alt_text, 'card-hero'),
    h(
      'div',
      { class: 'card-head' },
      block.icon && image(block.icon, block.icon.alt_text, 'card-icon'),
      h(
        'div',
        {},
        h('div', { class: 'card-title' }, textObject(block.title)),
        h('div', { class: 'card-subtitle' }, textObject(block.subtitle)),
      ),
    ),
    block.body && h('div', { class: 'card-body' }, textObject(block.body)),
    block.actions &&
      h(
        'div',
        { class: 'block-actions' },
        block.actions.map((part) => element(part, block, surface)),
      ),
  ],
  carousel: (block, surface) => renderBlocks(block.elements, surface),
  container: (block, surface) => [
    h(
      'div',
      { class: 'container-head' },
      h(
        'div',
        { class: 'container-title' },
        block.rich_text_title ? richText(block.rich_text_title) : textObject(block.title),
      ),
      block.subtitle && h('div', { class: 'container-subtitle' }, textObject(block.subtitle)),
    ),
    h('div', { class: 'container-body' }, renderBlocks(block.child_blocks ?? block.blocks ?? [], surface)),
  ],
  plan: (block, surface) => [
    h('div', { class: 'plan-title' }, plainText(block.title ?? '')),
    renderBlocks(block.tasks ?? [], surface),
  ],
  task_card: (block) => task(block),
  video: (block) => [
    h('div', {}, safeLink(block.title_url ?? block.video_url, plainText(block.title?.text ?? 'Video'))),
  ],
  file: (block) => h('span', {}, `File ${block.external_id}`),
};

const TASK = {
  pending: ['○', 'pending'],
  in_progress: ['◐', 'in progress'],
  complete: ['✓', 'complete'],
  error: ['✕', 'error'],
};

function task(block) {
  const [mark, words] = TASK[block.status] ?? TASK.pending;
  return h(
    'div',
    { class: `task-card task-${block.status}` },
    h('span', { class: 'task-mark', role: 'img', 'aria-label': words }, mark),
    h(
      'div',
      {},
      h('div', { class: 'task-title' }, plainText(block.title ?? '')),
      block.details && richText(block.details),
      block.output && richText(block.output),
      block.sources?.map((source) => h('div', {}, safeLink(source.url, source.text ?? source.url))),
    ),
  );
}

/** Legacy attachments: Slack's coloured bar on the left, blocks or old-style text inside. */
export function attachment(item, surface) {
  const color =
    { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' }[item.color] ??
    (/^#?[0-9a-f]{6}$/i.test(item.color ?? '') ? `#${item.color.replace('#', '')}` : undefined);
  const old = [
    item.pretext && h('div', {}, textObject({ type: 'mrkdwn', text: item.pretext })),
    item.title &&
      h('div', { class: 'attachment-title' }, item.title_link ? safeLink(item.title_link, item.title) : item.title),
    item.text && h('div', {}, textObject({ type: 'mrkdwn', text: item.text })),
    item.fields &&
      h(
        'div',
        { class: 'fields' },
        item.fields.map((field) =>
          h(
            'div',
            { class: 'field' },
            h('strong', {}, field.title),
            h('div', {}, textObject({ type: 'mrkdwn', text: field.value ?? '' })),
          ),
        ),
      ),
    item.footer && h('div', { class: 'context-text' }, item.footer),
  ];
  return h(
    'div',
    { class: 'attachment', style: color ? { '--bar': color } : {} },
    item.blocks ? renderBlocks(item.blocks, surface) : old,
  );
}
