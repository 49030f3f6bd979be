import type { Message, Status } from '../message.ts';
import { cut, inertLine } from './inert.ts';

/** The word first: screen readers and notifications read it, and a colour-blind person needs nothing else. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  queued: 'Queued ⏳',
  'needs-confirmation': 'Needs confirmation ❔',
  'needs-approval': 'Needs approval 🔒',
  running: 'Running ▶️',
  succeeded: 'Succeeded ✅',
  'no-change': 'No change ➖',
  failed: 'Failed ❌',
  denied: 'Denied ⛔',
  expired: 'Expired ⌛',
  cancelled: 'Cancelled ✋',
  unknown: 'Unknown ⚠️',
};

const TITLE_MAX = 1_500;

export function titleOf(message: Message): string {
  return cut(inertLine(message.title), TITLE_MAX);
}

/** Status word and title: what a notification shows. */
export function headline(message: Message): string {
  return message.status === undefined ? titleOf(message) : `${STATUS_WORDS[message.status]} ${titleOf(message)}`;
}
