import { type Names, plainMrkdwn, richTextLines } from './mrkdwn.ts';

type Part = Readonly<Record<string, unknown>>;

/**
 * What a person reads in these blocks, as plain text with one line per line: how tests and scripts look at a message.
 * Buttons read `[Label]`, selects `[placeholder ▾]`, table cells are separated by ` | `.
 */
export function plainBlocks(blocks: readonly unknown[], names: Names): string {
  return blocks
    .map((block) => plainBlock(asPart(block), names))
    .filter((text) => text !== '')
    .join('\n');
}

function plainBlock(block: Part, names: Names): string {
  switch (block.type) {
    case 'header':
      return plainText(block.text, names);
    case 'section':
      return lines(
        plainText(block.text, names),
        ...asList(block.fields).map((field) => plainText(field, names)),
        plainElement(asPart(block.accessory), names),
      );
    case 'context':
    case 'actions':
    case 'context_actions':
      return asList(block.elements)
        .map((element) => plainElement(asPart(element), names))
        .filter((text) => text !== '')
        .join(' ');
    case 'divider':
      return '---';
    case 'image':
      return lines(plainText(block.title, names), plainElement(block, names));
    case 'input':
      return lines(
        plainText(block.label, names),
        plainElement(asPart(block.element), names),
        plainText(block.hint, names),
      );
    case 'rich_text':
      return richTextLines(block, names);
    case 'markdown':
      return String(block.text ?? '');
    case 'table':
    case 'data_table':
      return lines(
        String(block.caption ?? ''),
        ...asList(block.rows).map((row) =>
          asList(row)
            .map((cell) => plainCell(asPart(cell), names))
            .join(' | '),
        ),
      );
    case 'alert':
      return plainText(block.text, names);
    case 'file':
      return '[file]';
    case 'video':
      return `[video: ${plainText(block.title, names)}]`;
    default:
      return plainCardLike(block, names);
  }
}

function plainCardLike(block: Part, names: Names): string {
  switch (block.type) {
    case 'card':
      return lines(
        plainText(block.title, names),
        plainText(block.subtitle, names),
        plainText(block.body, names),
        asList(block.actions)
          .map((element) => plainElement(asPart(element), names))
          .join(' '),
      );
    case 'carousel':
      return plainBlocks(asList(block.elements), names);
    case 'container':
      return lines(
        plainText(block.title, names),
        richTextLines(asPart(block.rich_text_title), names),
        plainText(block.subtitle, names),
        plainBlocks(asList(block.child_blocks), names),
      );
    case 'plan':
      return lines(String(block.title ?? ''), plainBlocks(asList(block.tasks), names));
    case 'task_card':
      return lines(
        `${String(block.title ?? '')} (${String(block.status ?? '')})`,
        richTextLines(asPart(block.details), names),
        richTextLines(asPart(block.output), names),
      );
    default:
      return '';
  }
}

function plainElement(element: Part, names: Names): string {
  const type = String(element.type ?? '');
  if (type === 'mrkdwn' || type === 'plain_text') return plainText(element, names);
  if (type === 'image') return `[image: ${String(element.alt_text ?? '')}]`;
  if (type === 'button' || type === 'workflow_button' || type === 'icon_button')
    return `[${plainText(element.text, names)}]`;
  if (type === 'overflow') return `[⋯ ${optionTexts(element, names).join(' / ')}]`;
  if (type === 'checkboxes' || type === 'radio_buttons')
    return optionTexts(element, names)
      .map((text) => `( ) ${text}`)
      .join('\n');
  if (type === 'feedback_buttons') {
    const { positive_button: yes, negative_button: no } = element;
    return `[${plainText(asPart(yes).text, names)}] [${plainText(asPart(no).text, names)}]`;
  }
  if (type.endsWith('_select')) {
    const chosen = plainText(asPart(element.initial_option).text, names);
    return `[${chosen === '' ? plainText(element.placeholder, names) : chosen} ▾]`;
  }
  if (type === '') return '';
  return `[${plainText(element.placeholder, names) || String(element.initial_value ?? '')}]`;
}

function optionTexts(element: Part, names: Names): string[] {
  return asList(element.options).map((option) => plainText(asPart(option).text, names));
}

function plainCell(cell: Part, names: Names): string {
  if (cell.type === 'rich_text') return richTextLines(cell, names);
  if (cell.type === 'raw_number') return String(cell.text ?? cell.value ?? '');
  return String(cell.text ?? '');
}

/** A text object, of either kind. */
export function plainText(value: unknown, names: Names): string {
  const part = asPart(value);
  const text = String(part.text ?? '');
  return part.type === 'mrkdwn' ? plainMrkdwn(text, names) : text;
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

function asPart(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
