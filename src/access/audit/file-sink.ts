import { type FileHandle, open } from 'node:fs/promises';
import type { Store } from '../../state/store.ts';
import { type Entry, HEAD_PATH, type Head } from './entry.ts';
import { range } from './trail.ts';

const AT_ONCE = 200;
/** The last whole line is looked for in that many bytes: more than any entry has. */
const TAIL_BYTES = 1024 * 1024;

/**
 * The chain as JSON lines in a file of its own, mode 0600, only ever appended to. The file itself says how far it is, so each replica's file is
 * whole, whatever process appended and however it ended; a line that a crash cut short is ended and written again.
 */
export interface FileSink {
  /** Writes what the chain has and the file has not. @throws Error when the file cannot be written. */
  copy(): Promise<void>;
}

export function fileSink(path: string, store: Store): FileSink {
  let next: number | undefined;
  let last = Promise.resolve();
  const copy = async (): Promise<void> => {
    const file = await open(path, 'a+', 0o600);
    try {
      next ??= await resume(file);
      const head = (await store.get<Head>(HEAD_PATH))?.value;
      const first = (head?.base?.through ?? 0) + 1;
      for (let from = Math.max(next, first); head && from <= head.seq; ) {
        const entries = await range(store, from, Math.min(from + AT_ONCE, head.seq + 1));
        if (entries.length === 0) return;
        await file.appendFile(entries.map(({ value }) => `${JSON.stringify(value)}\n`).join(''));
        from = (entries.at(-1)?.value.seq ?? from) + 1;
        next = from;
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  };
  return {
    copy() {
      last = last.catch(() => undefined).then(copy);
      return last;
    },
  };
}

async function resume(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  if (size === 0) return 1;
  const length = Math.min(size, TAIL_BYTES);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const text = buffer.toString('utf8');
  if (!text.endsWith('\n')) await file.appendFile('\n');
  for (const line of text.split('\n').reverse()) {
    const seq = seqOfLine(line);
    if (seq !== undefined) return seq + 1;
  }
  return 1;
}

function seqOfLine(line: string): number | undefined {
  try {
    const { seq } = JSON.parse(line) as Partial<Entry>;
    return typeof seq === 'number' ? seq : undefined;
  } catch {
    return undefined;
  }
}
