import type { Block, ConfirmDialog } from '../protocol.ts';
import { plainText } from '../text/plain.ts';
import { type Fields, isFields } from '../validate/checks.ts';
import type { Workspace } from '../workspace.ts';
import { GestureError } from './refusal.ts';

export interface FoundElement {
  readonly blockId: string;
  readonly actionId: string;
  readonly type: string;
  readonly element: Fields;
}

export interface Wanted {
  readonly action_id?: string;
  readonly label?: string;
  readonly block_id?: string;
}

/** The element that a person means: by `action_id`, by its visible label, or as the only one there is. */
export function findElement(workspace: Workspace, blocks: readonly unknown[], wanted: Wanted): FoundElement {
  const all = elementsIn(blocks);
  const found = all.filter(
    (one) =>
      (wanted.block_id === undefined || one.blockId === wanted.block_id) &&
      (wanted.action_id === undefined || one.actionId === wanted.action_id) &&
      (wanted.label === undefined || labelsOf(workspace, one.element).includes(wanted.label)),
  );
  const [first] = found;
  if (first !== undefined && (found.length === 1 || wanted.action_id !== undefined || wanted.label !== undefined)) {
    return first;
  }
  const offered = all.map((one) => `${one.actionId} "${labelsOf(workspace, one.element)[0] ?? ''}"`).join(', ');
  const name = wanted.label ?? wanted.action_id ?? 'any single element';
  throw new GestureError(404, 'no_such_button', `There is no "${name}" here. There are: ${offered || 'none'}.`);
}

/** Every element that acts, wherever it sits. */
export function elementsIn(blocks: readonly unknown[]): FoundElement[] {
  return blocks.filter(isFields).flatMap((block) => {
    const blockId = String(block.block_id ?? '');
    const own = [...asList(block.elements), ...asList(block.actions), block.accessory, block.element]
      .filter(isFields)
      .filter((element) => typeof element.action_id === 'string')
      .map((element) => ({
        blockId,
        actionId: String(element.action_id),
        type: String(element.type),
        element,
      }));
    const inner = [...asList(block.child_blocks), ...(block.type === 'carousel' ? asList(block.elements) : [])];
    return [...own, ...elementsIn(inner)];
  });
}

/** The native dialog before a press is sent, if the element has one. */
export function confirmDialog(workspace: Workspace, element: Fields): ConfirmDialog | undefined {
  const { confirm } = element;
  if (!isFields(confirm)) return undefined;
  const style = confirm.style === 'danger' || confirm.style === 'primary' ? { style: confirm.style } : {};
  return {
    title: plainText(confirm.title, workspace.names),
    text: plainText(confirm.text, workspace.names),
    confirm: plainText(confirm.confirm, workspace.names),
    deny: plainText(confirm.deny, workspace.names),
    ...(style as { style?: 'primary' | 'danger' }),
  };
}

function labelsOf(workspace: Workspace, element: Fields): string[] {
  const options = asList(element.options).filter(isFields);
  const buttons = [element.positive_button, element.negative_button].filter(isFields);
  return [
    element.text,
    element.placeholder,
    ...options.map((option) => option.text),
    ...buttons.map((button) => button.text),
  ]
    .map((text) => plainText(text, workspace.names))
    .filter((text) => text !== '');
}

export function inputBlocks(blocks: readonly Block[]): Block[] {
  return blocks.filter((block) => block.type === 'input');
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
