import type { Store, Versioned } from '../../state/store.ts';
import type { Clock } from '../../time.ts';
import { HEAD_PATH, type Head } from './entry.ts';
import { range } from './trail.ts';

/**
 * The chain sent to somebody else's collector: batches of JSON lines by POST, in order, each at least once. How far it is stands in etcd, so any
 * replica goes on where another stopped; a claim keeps two from sending the same at once.
 */
export interface HttpSink {
  /**
   * Sends what the collector has not confirmed. Does nothing while another replica does it.
   * @throws Error when the collector did not take a batch; it will be sent again.
   */
  send(): Promise<void>;
}

export interface HttpSinkOptions {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** This process, for the claim. */
  readonly owner: string;
}

interface Cursor {
  /** The first entry that is not confirmed. */
  readonly next: number;
  readonly owner: string;
  readonly until: number;
}

const CURSOR_PATH = 'audit-export/http';
const AT_ONCE = 100;
const CLAIM_MS = 30_000;
const DEADLINE_MS = 10_000;

export function httpSink(store: Store, options: HttpSinkOptions, clock: Clock): HttpSink {
  const move = async (found: Versioned<Cursor> | undefined, next: number, until: number): Promise<string | undefined> =>
    store.commit([
      {
        op: 'put',
        path: CURSOR_PATH,
        value: { next, owner: options.owner, until } satisfies Cursor,
        expect: found ? { revision: found.revision } : 'absent',
      },
    ]);
  return {
    async send() {
      for (;;) {
        const [head, cursor] = await Promise.all([store.get<Head>(HEAD_PATH), store.get<Cursor>(CURSOR_PATH)]);
        const from = Math.max(cursor?.value.next ?? 1, (head?.value.base?.through ?? 0) + 1);
        if (!head || from > head.value.seq) return;
        if (cursor && cursor.value.owner !== options.owner && cursor.value.until > clock()) return;
        const revision = await move(cursor, from, clock() + CLAIM_MS);
        if (revision === undefined) return;
        const claimed = { path: CURSOR_PATH, value: { next: from, owner: options.owner, until: 0 }, revision };
        const entries = await range(store, from, Math.min(from + AT_ONCE, head.value.seq + 1));
        const last = entries.at(-1)?.value.seq;
        if (last === undefined) return;
        await post(entries.map(({ value }) => JSON.stringify(value)).join('\n'), from, last, options);
        // Confirmed, and free for whoever comes next.
        if ((await move(claimed, last + 1, 0)) === undefined) return;
      }
    },
  };
}

async function post(lines: string, from: number, to: number, options: HttpSinkOptions): Promise<void> {
  const answer = await fetch(options.url, {
    method: 'POST',
    redirect: 'error',
    headers: {
      'content-type': 'application/x-ndjson',
      'x-shipmate-audit': `${from}-${to}`,
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
    },
    body: `${lines}\n`,
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the audit collector answered ${answer.status}`);
}
