import type { RichTextElement } from '@slack/types';

/** `2026-11-21 06:24Z`: what stands where Slack cannot show the reader's own time. */
export function momentWords(at: number): string {
  return `${new Date(inRange(at)).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** Slack writes `today at 7:24 AM, 12 minutes ago` in the reader's time zone, and keeps the age true by itself. */
export function moment(at: number): RichTextElement {
  return {
    type: 'date',
    timestamp: Math.trunc(inRange(at) / 1_000),
    format: '{date_short_pretty} at {time}, {ago}',
    fallback: momentWords(at),
  };
}

/** A clock that is wrong by centuries must not cost us the message. */
function inRange(at: number): number {
  return Number.isFinite(at) ? Math.min(Math.max(at, 0), 8.64e15) : 0;
}
