/** `table` and `data_table`: rows of raw_text, raw_number and rich_text cells. */
import { fill, h } from './dom.js';
import { richText } from './rich-text.js';

function cell(value) {
  if (value.type === 'rich_text') return richText(value);
  return value.text ?? String(value.value ?? '');
}

/** The first row is the header, as Slack draws it. */
export function table(block) {
  const settings = block.column_settings ?? [];
  const kind = (index) => {
    const setting = settings[index] ?? {};
    return [`align-${setting.align ?? 'left'}`, setting.is_wrapped && 'wrapped'];
  };
  const [head, ...rows] = block.rows ?? [];
  return h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Table' },
    h(
      'table',
      { class: 'grid' },
      head &&
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            head.map((value, index) => h('th', { scope: 'col', class: kind(index) }, cell(value))),
          ),
        ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            {},
            row.map((value, index) => h('td', { class: kind(index) }, cell(value))),
          ),
        ),
      ),
    ),
  );
}

const text = (value) =>
  value.type === 'rich_text'
    ? (fill(document.createElement('div'), richText(value)).textContent ?? '')
    : (value.text ?? String(value.value ?? ''));
const isNumber = (value) => value.type === 'raw_number';

function compare(left, right) {
  if (isNumber(left) && isNumber(right)) return left.value - right.value;
  return text(left).localeCompare(text(right), undefined, { numeric: true });
}

/** Sorting, filtering and paging happen in the reader's own client, as in Slack; nothing is sent anywhere. */
export function dataTable(block) {
  const [head = [], ...all] = block.rows ?? [];
  const size = Math.min(Math.max(Number(block.page_size ?? 5), 1), 100);
  const headerColumn = Number(block.row_header_column_index ?? 0);
  const state = { page: 0, sort: -1, down: false, filter: '' };

  const body = h('tbody');
  const place = h('span', { class: 'pager-place', 'aria-live': 'polite' });
  const turn = (by) => () => {
    state.page += by;
    draw();
  };
  const back = h('button', { type: 'button', class: 'button small', onclick: turn(-1) }, 'Previous');
  const next = h('button', { type: 'button', class: 'button small', onclick: turn(1) }, 'Next');
  const headings = head.map((value, index) =>
    h(
      'th',
      { scope: 'col', class: all.length > 0 && all.every((row) => isNumber(row[index] ?? {})) && 'align-right' },
      h('button', { type: 'button', class: 'sort', onclick: () => sortBy(index) }, cell(value)),
    ),
  );

  function sortBy(index) {
    state.down = state.sort === index ? !state.down : false;
    state.sort = index;
    state.page = 0;
    draw();
  }

  function draw() {
    const wanted = state.filter.toLowerCase();
    const rows = all.filter((row) => row.some((value) => text(value).toLowerCase().includes(wanted)));
    if (state.sort >= 0) rows.sort((a, b) => compare(a[state.sort], b[state.sort]) * (state.down ? -1 : 1));
    const pages = Math.max(1, Math.ceil(rows.length / size));
    state.page = Math.min(Math.max(state.page, 0), pages - 1);
    const from = state.page * size;
    fill(
      body,
      rows.slice(from, from + size).map((row) =>
        h(
          'tr',
          {},
          row.map((value, index) =>
            index === headerColumn
              ? h('th', { scope: 'row' }, cell(value))
              : h('td', { class: isNumber(value) && 'align-right' }, cell(value)),
          ),
        ),
      ),
    );
    headings.forEach((heading, index) => {
      heading.setAttribute('aria-sort', index !== state.sort ? 'none' : state.down ? 'descending' : 'ascending');
    });
    back.disabled = state.page === 0;
    next.disabled = state.page >= pages - 1;
    fill(
      place,
      rows.length === 0 ? 'No rows match' : `${from + 1}–${Math.min(from + size, rows.length)} of ${rows.length}`,
    );
  }
  draw();

  const search = h('input', {
    type: 'search',
    class: 'table-filter',
    placeholder: 'Filter rows',
    'aria-label': `Filter ${block.caption ?? 'table'}`,
  });
  search.addEventListener('input', () => {
    state.filter = search.value;
    state.page = 0;
    draw();
  });
  const grid = h(
    'table',
    { class: 'grid' },
    h('caption', { class: 'visually-hidden' }, block.caption ?? ''),
    h('thead', {}, h('tr', {}, headings)),
    body,
  );
  return [
    h('div', { class: 'table-bar' }, h('span', { class: 'table-caption' }, block.caption ?? ''), search),
    h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': block.caption ?? 'Table' }, grid),
    h('div', { class: 'table-bar pager' }, place, all.length > size && [back, next]),
  ];
}
