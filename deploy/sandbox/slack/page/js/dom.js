/**
 * The only way this page makes elements. There is no innerHTML anywhere: text becomes text nodes, so that a pod called
 * `<img onerror=…>` is seen as exactly that.
 */

/** Properties that are set as properties because their attribute means something else (or only the first value). */
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'selected', 'indeterminate', 'hidden', 'open', 'multiple']);

/**
 * Makes an element. `on*` props are listeners, `class` may be an array with gaps, `data` and `style` are maps
 * (style goes through the CSSOM, which the page's CSP allows; a style attribute it would refuse).
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...any} children nodes, strings, numbers, arrays of these; null, undefined and false leave no trace
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') element.className = Array.isArray(value) ? value.filter(Boolean).join(' ') : value;
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (name === 'style') {
      for (const [key, setting] of Object.entries(value)) element.style.setProperty(key, String(setting));
    } else if (name.startsWith('on')) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** Appends children as `h` takes them. */
export function append(parent, children) {
  for (const child of [children].flat(Number.POSITIVE_INFINITY)) {
    if (child === null || child === undefined || child === false || child === true) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return parent;
}

/** Replaces everything inside `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  return append(parent, children);
}

/**
 * Keeps a list of nodes in step with a list of values: a node is made anew only when its value's text changed, so that an
 * edited message does not steal the focus or the scroll position of its neighbours.
 * @param {Element} parent whose children are all ours
 * @param {{key: string, stamp: string, make: (before?: Element) => Element}[]} items
 */
export function reconcile(parent, items) {
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const old = before.get(item.key);
    before.delete(item.key);
    let node = old;
    if (!old || old.stamp !== item.stamp) {
      node = item.make(old);
      node.dataset.key = item.key;
      node.stamp = item.stamp;
      if (old) {
        if (cursor === old) cursor = node;
        const held = old.contains(document.activeElement) && document.activeElement?.dataset.action;
        old.replaceWith(node);
        // An edit must not throw the keyboard out of the message that somebody is working with.
        if (held) (node.querySelector(`[data-action="${CSS.escape(held)}"]`) ?? node.querySelector('button'))?.focus();
      }
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const gone of before.values()) gone.remove();
}

const SVG = 'http://www.w3.org/2000/svg';

/** 20×20 line icons, drawn here so that the page needs no font and no network. */
const ICONS = {
  hash: 'M8 3 6.5 17M14 3l-1.500 14M3.500 7.500h14M2.500 12.500h14',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  close: 'M5 5l10 10M15 5 5 15',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  send: 'M3 17 17.500 10 3 3l2 7zM5 10h7',
  more: 'M4 10h.01M10 10h.01M16 10h.01',
  down: 'M5 8l5 5 5-5',
  reply: 'M3 4h14v10H9l-4 3v-3H3z',
  file: 'M5 2h7l4 4v12H5zM12 2v4h4',
  download: 'M10 3v9m-4-4 4 4 4-4M4 16h12',
  open: 'M8 4H4v12h12v-4M11 3h6v6M17 3l-8 8',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  bolt: 'M11 2 4 11.500h5L8 18l7-9.500h-5z',
  check: 'M4 10.500l4 4 8-9',
  home: 'M3 9.500 10 3l7 6.500V17h-5v-5H8v5H3z',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500 17.500 17.500',
  people:
    'M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.500-5 5.500-5s5.500 2 5.500 5M13 9.500a2.500 2.500 0 1 0 0-5M14.500 12c2 .500 3.500 2.300 3.500 5',
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** An http(s) or mailto link, or plain text when the address is anything else: cluster text may say `javascript:`. */
export function safeLink(url, ...children) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch {
    return h('span', { class: 'dead-link', title: url }, ...children);
  }
  if (!['http:', 'https:', 'mailto:'].includes(parsed.protocol)) {
    return h('span', { class: 'dead-link', title: url }, ...children);
  }
  return h('a', { href: parsed.href, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}
