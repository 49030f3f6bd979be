/** The `markdown` block: the part of CommonMark that Slack draws (headings, lists, quotes, fences, tables, rules, inline styles). */
import { h, safeLink } from './dom.js';
import { withEmoji } from './emoji.js';

export function markdown(text) {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const nodes = [];
  for (let at = 0; at < lines.length; ) {
    const [node, next] = block(lines, at);
    if (node) nodes.push(node);
    at = next;
  }
  return nodes;
}

/** @returns {[Node | undefined, number]} the node made from the lines at `at`, and the first line after it */
function block(lines, at) {
  const line = lines[at];
  if (line.trim() === '') return [undefined, at + 1];
  const fence = /^\s*(`{3,}|~{3,})/.exec(line);
  if (fence) return fenced(lines, at, fence[1]);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return [
      h(
        'div',
        { class: `md-h md-h${heading[1].length}`, role: 'heading', 'aria-level': String(heading[1].length + 2) },
        inline(heading[2]),
      ),
      at + 1,
    ];
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [h('hr'), at + 1];
  if (/^\s*>/.test(line)) return quote(lines, at);
  if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) return list(lines, at);
  if (line.includes('|') && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? ''))
    return table(lines, at);
  return paragraph(lines, at);
}

function fenced(lines, at, mark) {
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  return [h('pre', { class: 'fence', tabindex: '0' }, lines.slice(at + 1, end).join('\n')), end + 1];
}

function quote(lines, at) {
  let end = at;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^\s*> ?/, ''));
  return [h('blockquote', {}, markdown(inner.join('\n'))), end];
}

function list(lines, at) {
  const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
  const first = ITEM.exec(lines[at]);
  const base = first[1].length;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (item && item[1].length <= base + 1) {
      if (/\d/.test(item[2]) !== ordered) break;
      items.push([item[3]]);
    } else if (items.length > 0 && /^\s{2,}\S/.test(lines[end])) {
      items.at(-1).push(lines[end].slice(Math.min(base + 2, lines[end].search(/\S/))));
    } else break;
    end += 1;
  }
  const nodes = items.map(([head, ...tail]) => {
    const task = /^\[([ xX])\]\s+(.*)$/.exec(head);
    const box =
      task &&
      h(
        'span',
        { class: 'task', role: 'img', 'aria-label': task[1] === ' ' ? 'to do' : 'done' },
        task[1] === ' ' ? '☐ ' : '☑ ',
      );
    return h(
      'li',
      { class: task ? 'md-task' : undefined },
      box,
      inline(task ? task[2] : head),
      tail.length > 0 && markdown(tail.join('\n')),
    );
  });
  return [h(ordered ? 'ol' : 'ul', { start: ordered ? Number.parseInt(first[2], 10) : undefined }, nodes), end];
}

function cells(line) {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function table(lines, at) {
  const align = cells(lines[at + 1]).map((rule) =>
    rule.endsWith(':') ? (rule.startsWith(':') ? 'center' : 'right') : 'left',
  );
  let end = at + 2;
  while (end < lines.length && lines[end].includes('|')) end += 1;
  const row = (line, tag) =>
    h(
      'tr',
      {},
      cells(line).map((cell, index) => h(tag, { class: `align-${align[index] ?? 'left'}` }, inline(cell))),
    );
  const body = lines.slice(at + 2, end).map((line) => row(line, 'td'));
  return [
    h(
      'div',
      { class: 'table-scroll', tabindex: '0' },
      h('table', { class: 'grid' }, h('thead', {}, row(lines[at], 'th')), h('tbody', {}, body)),
    ),
    end,
  ];
}

function paragraph(lines, at) {
  let end = at + 1;
  while (
    end < lines.length &&
    lines[end].trim() !== '' &&
    !/^\s*(#{1,6}\s|>|```|~~~|[-*+]\s|\d+[.)]\s)/.test(lines[end])
  )
    end += 1;
  const text = lines
    .slice(at, end)
    .flatMap((line, index) => (index === 0 ? inline(line) : [h('br'), ...inline(line.trimStart())]));
  return [h('p', {}, text), end];
}

const INLINE =
  /(`+)([^`]|[^`].*?[^`])\1(?!`)|!?\[([^\]]*)\]\(([^()\s]+(?:\([^()\s]*\))?)(?:\s+"[^"]*")?\)|<((?:https?|mailto):[^>\s]+)>|\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<![\p{L}\p{N}])__(?=\S)(.+?)(?<=\S)__(?![\p{L}\p{N}])|~~(?=\S)(.+?)(?<=\S)~~|\*(?=\S)(.+?)(?<=\S)\*|(?<![\p{L}\p{N}])_(?=\S)(.+?)(?<=\S)_(?![\p{L}\p{N}])|(https?:\/\/[^\s<>()]+[^\s<>().,;:!?])|\\([\\`*_{}[\]()#+\-.!~|<>])/gu;

function inline(text) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(withEmoji(text.slice(last, match.index)));
    last = match.index + match[0].length;
    const [, ticks, code, label, href, angle, bold1, bold2, strike, em1, em2, bare, escaped] = match;
    if (ticks) nodes.push(h('code', {}, code));
    else if (href !== undefined) nodes.push(safeLink(href, ...inline(label || href)));
    else if (angle ?? bare) nodes.push(safeLink(angle ?? bare, angle ?? bare));
    else if (bold1 ?? bold2) nodes.push(h('strong', {}, inline(bold1 ?? bold2)));
    else if (strike) nodes.push(h('s', {}, inline(strike)));
    else if (em1 ?? em2) nodes.push(h('em', {}, inline(em1 ?? em2)));
    else nodes.push(escaped);
  }
  nodes.push(withEmoji(text.slice(last)));
  return nodes;
}
