import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Message, Modal, ModalField } from '../message.ts';
import { plain } from './buttons.ts';
import { renderMessage } from './message.ts';

/** One text field's block and action id; `readValues` finds the value by it. */
const ENTRY = 'entry';

/** A modal as a Slack view. Its subject travels in private_metadata, so that the submission can be matched without any memory. */
export function renderModal(modal: Modal): ModalView {
  const parts = modal.parts.length > 0 ? renderMessage({ title: modal.title, parts: modal.parts }).blocks.slice(1) : [];
  return {
    type: 'modal',
    callback_id: modal.callback,
    private_metadata: modal.subject,
    title: plain(modal.title, 24),
    submit: plain(modal.submit, 24),
    close: plain('Cancel', 24),
    blocks: [...parts, ...modal.fields.map(inputBlock)],
  };
}

/** What was entered, by field name. */
export function readValues(state: unknown): Record<string, string> {
  const values = (state as { values?: Record<string, Record<string, { value?: string | null }>> } | undefined)?.values;
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, entry]) => [name, entry[ENTRY]?.value ?? '']));
}

export function renderHome(message: Message): HomeView {
  return { type: 'home', blocks: renderMessage(message, { files: 'not-granted' }).blocks };
}

function inputBlock(field: ModalField): KnownBlock {
  return {
    type: 'input',
    block_id: field.name,
    label: plain(field.label, 2_000),
    optional: field.optional ?? false,
    ...(field.hint !== undefined && { hint: plain(field.hint, 2_000) }),
    element: {
      type: 'plain_text_input',
      action_id: ENTRY,
      multiline: field.multiline ?? false,
      max_length: 3_000,
      ...(field.placeholder !== undefined && { placeholder: plain(field.placeholder, 150) }),
    },
  };
}
