/**
 * The `rich_text` block. Slack parses nothing in here, so text is text, apart from what the element type says. Only what a
 * person `typed` is different: Slack's own composer turns `*bold*` and `:ship:` into elements before it sends them.
 */
import { h, safeLink } from './dom.js';
import { emoji } from './emoji.js';
import { broadcastMention, channelMention, dateMention, groupMention, userMention } from './mentions.js';
import { inline } from './mrkdwn.js';

export function richText(block, typed = false) {
  return (block.elements ?? []).map((element) => richElement(element, typed));
}

function richElement(element, typed) {
  switch (element.type) {
    case 'rich_text_section':
      return h('div', { class: 'rt-section' }, spans(element.elements, typed));
    case 'rich_text_preformatted':
      return h(
        'pre',
        { class: ['fence', element.border && 'bordered'], tabindex: '0' },
        (element.elements ?? []).map((part) =>
          part.type === 'link' ? safeLink(part.url, part.text ?? part.url) : (part.text ?? ''),
        ),
      );
    case 'rich_text_quote':
      return h('blockquote', {}, spans(element.elements, typed));
    case 'rich_text_list':
      return list(element);
    default:
      return h('span', { class: 'unknown-block' }, `[${element.type}]`);
  }
}

function list(element) {
  const indent = Math.min(Number(element.indent ?? 0), 8);
  const props = {
    class: ['rt-list', `indent-${indent}`, `level-${indent % 3}`, element.border && 'bordered'],
    start: element.style === 'ordered' && element.offset ? Number(element.offset) + 1 : undefined,
  };
  const items = (element.elements ?? []).map((item) => h('li', {}, spans(item.elements)));
  return h(element.style === 'ordered' ? 'ol' : 'ul', props, items);
}

const spans = (elements, typed) =>
  (elements ?? []).map((element) => styled(span(element, typed && !element.style), element.style));

function span(element, typed) {
  switch (element.type) {
    case 'text':
      return typed ? composed(element.text ?? '') : textWithBreaks(element.text ?? '');
    case 'link':
      return [safeLink(element.url, element.text || element.url)];
    case 'user':
      return [userMention(element.user_id)];
    case 'channel':
      return [channelMention(element.channel_id)];
    case 'usergroup':
      return [groupMention(element.usergroup_id)];
    case 'broadcast':
      return [broadcastMention(element.range)];
    case 'emoji':
      return [h('span', { class: 'emoji', title: `:${element.name}:` }, character(element))];
    case 'date':
      return [dateMention(element.timestamp, element.format ?? '{date_short}', element.fallback, element.url)];
    case 'color':
      return [h('span', { class: 'swatch', style: { '--swatch': element.value } }), h('code', {}, element.value)];
    case 'team':
      return [element.team_id];
    default:
      return [h('span', { class: 'unknown-block' }, `[${element.type}]`)];
  }
}

function character({ name, unicode }) {
  const known = emoji(name);
  if (known) return known;
  if (unicode && /^[0-9a-f]+(-[0-9a-f]+)*$/i.test(unicode)) {
    const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
    if (points.every((point) => point <= 0x10ffff)) return String.fromCodePoint(...points);
  }
  return `:${name}:`;
}

const textWithBreaks = (text) => text.split('\n').flatMap((line, index) => (index === 0 ? [line] : [h('br'), line]));

const composed = (text) =>
  text
    .split('\n')
    .flatMap((line, index) => [
      ...(index === 0 ? [] : [h('br')]),
      ...inline(line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')),
    ]);

const TAGS = [
  ['code', 'code'],
  ['bold', 'strong'],
  ['italic', 'em'],
  ['strike', 's'],
  ['underline', 'u'],
];

function styled(nodes, style) {
  if (!style) return nodes;
  let inner = nodes;
  for (const [name, tag] of TAGS) if (style[name]) inner = [h(tag, {}, ...inner)];
  if (style.highlight || style.client_highlight) inner = [h('mark', {}, ...inner)];
  return inner;
}
