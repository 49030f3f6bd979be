import { type Clock, delay } from '../../time.ts';
import type { KeptBook } from '../book/book.ts';
import { told } from '../lifecycle/presses.ts';

/** Nobody waits for this note: many of a burst fit into one commit. */
const GATHER_MS = 200;

/** Notes that Slack has taken the messages of incidents. @returns what to call with an id; resolves once it is recorded. */
export function tellingNotes(book: Pick<KeptBook, 'applyAll'>, clock: Clock): (id: string) => Promise<void> {
  let at = new Map<string, number>();
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    await delay(GATHER_MS);
    const batch = at;
    at = new Map();
    writing = undefined;
    await book.applyAll([...batch.keys()], (incident, now) => told(batch.get(incident.id) ?? now)(incident, now));
  };
  return (id) => {
    at.set(id, clock());
    writing ??= write();
    return writing;
  };
}
