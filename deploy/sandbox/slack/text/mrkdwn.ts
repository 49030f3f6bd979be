/** How ids are shown to people. */
export interface Names {
  user(id: string): string;
  channel(id: string): string;
  group(id: string): string;
}

type Part = Readonly<Record<string, unknown>>;

/** Slack's mrkdwn as a person reads it: mentions by name, links by label, entities decoded once. Style marks stay. */
export function plainMrkdwn(text: string, names: Names): string {
  return text
    .replace(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (whole, sign: string, body: string, label: string | undefined) => {
      if (sign === '@') return `@${names.user(body)}`;
      if (sign === '#') return `#${label || names.channel(body)}`;
      if (sign === '!') return specialMention(body, label, names);
      return /^(https?:|mailto:|tel:)/.test(body) ? (label ?? body) : whole;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function specialMention(body: string, label: string | undefined, names: Names): string {
  if (body.startsWith('subteam^')) return `@${names.group(body.slice('subteam^'.length))}`;
  if (body.startsWith('date^')) return label ?? body;
  return `@${body}`;
}

/** A `rich_text` block as lines of plain text. */
export function richTextLines(block: Part, names: Names): string {
  return list(block.elements)
    .map((element) => richTextPart(element, names))
    .join('\n');
}

function richTextPart(part: Part, names: Names): string {
  const elements = list(part.elements);
  switch (part.type) {
    case 'rich_text_list': {
      const indent = '  '.repeat(Number(part.indent ?? 0));
      return elements
        .map((item, index) => {
          const mark = part.style === 'ordered' ? `${Number(part.offset ?? 0) + index + 1}.` : '•';
          return `${indent}${mark} ${richTextPart(item, names)}`;
        })
        .join('\n');
    }
    case 'rich_text_quote':
      return `> ${inline(elements, names)}`;
    default:
      return inline(elements, names);
  }
}

function inline(elements: readonly Part[], names: Names): string {
  return elements.map((element) => inlinePart(element, names)).join('');
}

function inlinePart(element: Part, names: Names): string {
  switch (element.type) {
    case 'text':
      return String(element.text);
    case 'link':
      return String(element.text ?? element.url);
    case 'user':
      return `@${names.user(String(element.user_id))}`;
    case 'channel':
      return `#${names.channel(String(element.channel_id))}`;
    case 'usergroup':
      return `@${names.group(String(element.usergroup_id))}`;
    case 'broadcast':
      return `@${String(element.range)}`;
    case 'emoji':
      return `:${String(element.name)}:`;
    case 'date':
      return String(element.fallback ?? new Date(Number(element.timestamp) * 1_000).toISOString());
    case 'color':
      return String(element.value);
    default:
      return '';
  }
}

function list(value: unknown): readonly Part[] {
  return Array.isArray(value) ? (value as Part[]) : [];
}
