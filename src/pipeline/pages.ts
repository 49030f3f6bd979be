import type { Asked } from '../access/policy/asked.ts';
import type { Message, Part, TablePart } from '../chat/message.ts';
import { idOf } from '../ids.ts';
import type { Shelf } from '../jobs/queues.ts';

/** A frozen result: turning its page never asks the cluster again. Kept this long. */
export const PAGE_TTL_MS = 15 * 60_000;
const ROWS_PER_PAGE = 25;

export interface FrozenResult {
  readonly message: Message;
  /** Who may turn its pages without being checked anew: the one who asked. */
  readonly user: string;
  /** What others must have the right to before they turn its pages. */
  readonly asked: readonly Asked[];
  readonly shown: string;
}

/**
 * Gives tables that do not fit a page an id under which `keepPages` stores the whole message. Pure.
 * @returns the message to show; the very same one when everything fits.
 */
export function withPages(invocation: string, message: Message): Message {
  const parts = message.parts ?? [];
  if (!parts.some(needsPages)) return message;
  const id = idOf('page', invocation);
  return {
    ...message,
    parts: parts.map((part) =>
      withView(part, { id, page: 0, wide: part.kind === 'table' && part.view?.wide === true }),
    ),
  };
}

/** Keeps a message whose pages can be turned; one without pages needs no keeping. */
export async function keepPages(result: FrozenResult, shelf: Shelf): Promise<void> {
  const id = result.message.parts?.map((part) => (part.kind === 'table' ? part.view?.id : undefined)).find(Boolean);
  if (id !== undefined) await shelf.put(`page.${id}`, result, PAGE_TTL_MS);
}

/** The same frozen message on another page, or wider. Pure. */
export function turnPage(message: Message, action: string, page: number, wide: boolean): Message {
  const step = action === 'next' ? 1 : action === 'prev' ? -1 : 0;
  const isWide = action === 'wide' ? true : action === 'narrow' ? false : wide;
  return {
    ...message,
    parts: (message.parts ?? []).map((part) =>
      part.kind === 'table' && part.view?.id !== undefined
        ? withView(part, { id: part.view.id, page: clampPage(page + step, part), wide: isWide })
        : part,
    ),
  };
}

function needsPages(part: Part): part is TablePart {
  return (
    part.kind === 'table' && (part.rows.length > ROWS_PER_PAGE || part.columns.some((column) => column.priority > 0))
  );
}

function withView(part: Part, view: { id: string; page: number; wide: boolean }): Part {
  if (part.kind !== 'table') return part;
  return { ...part, view: { ...part.view, ...view } };
}

function clampPage(page: number, part: TablePart): number {
  return Math.max(0, Math.min(page, Math.ceil(part.rows.length / ROWS_PER_PAGE) - 1));
}
