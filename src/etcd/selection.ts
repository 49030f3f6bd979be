import { UsageError } from '../errors.ts';
import { bytesOf, type KeyRange, OPEN_END, prefixRange } from './keys.ts';
import { displayKey } from './text.ts';

/** The words that name keys in `/etcd get` and `/etcd del`. */
export interface SelectionWords {
  readonly key: string;
  readonly end?: string | undefined;
  readonly prefix: boolean;
  readonly fromKey: boolean;
}

/** Which keys are meant, as a range and in words. */
export interface Selection extends KeyRange {
  /** `key a`, `keys with prefix a/`, `keys from a up to but not including b`, `keys from a on`. */
  readonly words: string;
  readonly isSingle: boolean;
}

/**
 * The keys that etcdctl would take for the same words.
 * @throws UsageError in etcdctl's words for combinations that it refuses.
 */
export function selectKeys({ key, end, prefix, fromKey }: SelectionWords): Selection {
  if (prefix && fromKey) throw new UsageError('`--prefix` and `--from-key` cannot be set at the same time, choose one');
  if (end !== undefined && (prefix || fromKey)) {
    throw new UsageError('too many arguments, only accept one argument when `--prefix` or `--from-key` is set');
  }
  const start = bytesOf(key);
  if (prefix) {
    const words = key === '' ? 'all keys' : `keys with prefix ${displayKey(start)}`;
    return { ...prefixRange(start), words, isSingle: false };
  }
  if (fromKey) {
    const words = key === '' ? 'all keys' : `keys from ${displayKey(start)} on`;
    return {
      key: key === '' ? OPEN_END : start,
      rangeEnd: OPEN_END,
      words,
      isSingle: false,
    };
  }
  if (key === '')
    throw new UsageError('etcdserver: key is not provided', {
      hint: 'All keys are: "" --prefix.',
    });
  // etcd reads an empty end as none.
  if (end === undefined || end === '') return { key: start, words: `key ${displayKey(start)}`, isSingle: true };
  const rangeEnd = bytesOf(end);
  if (Buffer.compare(rangeEnd, start) <= 0) {
    throw new UsageError(
      `The end ${displayKey(rangeEnd)} does not come after ${displayKey(start)}: no key can be between.`,
      {
        hint: 'KEY END is the half-open range from KEY up to but not including END, in byte order.',
      },
    );
  }
  const words = `keys from ${displayKey(start)} up to but not including ${displayKey(rangeEnd)}`;
  return { key: start, rangeEnd, words, isSingle: false };
}
