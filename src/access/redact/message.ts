import type { Message, Modal, Part } from '../../chat/message.ts';
import { countMarkers, marker } from '../../redact/marker.ts';
import { isSecretUnder } from '../../redact/names.ts';
import { redactValue } from '../../redact/values.ts';

/** Our own ids: an answer that comes back from Slack must find its subject again. */
const OURS = new Set(['metadata', 'action', 'value', 'word', 'colour', 'callback', 'subject']);
const NOTE = /(?:^| · )\d+ secrets? hidden$/;

/**
 * A message as it may leave the process: every string of it without what looks like a secret, and the number of values that are hidden
 * in it, also by those who made it, in the small print.
 *
 * Pure and idempotent. The very same message when there is nothing to hide.
 */
export function redactMessage(message: Message): Message {
  const known = cleaned.get(message);
  if (known) return known;
  const { parts, ...frame } = message;
  const cleanFrame = redactValue(frame, OURS);
  const cleanParts = parts && redactParts(parts);
  const isSame = cleanFrame === frame && cleanParts === parts;
  const clean = withNote(isSame ? message : { ...cleanFrame, ...(cleanParts && { parts: cleanParts }) });
  cleaned.set(message, clean).set(clean, clean);
  return clean;
}

/** A result is kept, shown, and shown again: it is searched once. Messages are never changed in place. */
const cleaned = new WeakMap<Message, Message>();

export function redactModal(modal: Modal): Modal {
  return { ...redactValue(modal, OURS), parts: redactParts(modal.parts) };
}

function redactParts(parts: readonly Part[]): readonly Part[] {
  const clean = parts.map((part) => redactValue(byLabel(part)));
  return clean.every((part, index) => part === parts[index]) ? parts : clean;
}

/** Where a label and its value are two strings, the label still announces what the value is. */
function byLabel(part: Part): Part {
  if (part.kind === 'fields') {
    if (!part.fields.some(({ label, value }) => typeof value === 'string' && isSecretUnder(label, value))) return part;
    return { ...part, fields: part.fields.map((field) => ({ ...field, value: under(field.label, field.value) })) };
  }
  if (part.kind === 'diff') {
    if (!part.entries.some(({ label, before, after }) => isSecretUnder(label, before) || isSecretUnder(label, after)))
      return part;
    const entries = part.entries.map(({ label, before, after }) => ({
      label,
      before: under(label, before),
      after: under(label, after),
    }));
    return { ...part, entries };
  }
  return part;
}

function under<T>(label: string, value: T): T | string {
  return typeof value === 'string' && isSecretUnder(label, value) ? marker(value) : value;
}

function withNote(message: Message): Message {
  const count = countIn(message);
  const footer = (message.footer ?? '').replace(NOTE, '');
  if (count === 0 && footer === (message.footer ?? '')) return message;
  const note = count === 0 ? [] : [`${count} ${count === 1 ? 'secret' : 'secrets'} hidden`];
  const { footer: _, ...rest } = message;
  const line = [...(footer === '' ? [] : [footer]), ...note].join(' · ');
  return line === '' ? rest : { ...rest, footer: line };
}

function countIn(value: unknown): number {
  if (typeof value === 'string') return countMarkers(value);
  if (value === null || typeof value !== 'object') return 0;
  let count = 0;
  for (const inner of Object.values(value)) count += countIn(inner);
  return count;
}
