import { InternalError } from '../errors.ts';

/** What stands in etcd for one document. `commit` names the commit that wrote it, so that a lost answer can be looked up. */
interface Envelope {
  readonly schemaVersion: 1;
  readonly commit: string;
  readonly value: unknown;
}

export interface Document<T> {
  readonly value: T;
  readonly commitId: string;
}

export function encodeDocument(value: object, commitId: string): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 1, commit: commitId, value } satisfies Envelope));
}

/**
 * @param key the whole key, for the error.
 * @throws InternalError naming the key when the bytes were not written by this version of Shipmate.
 */
export function decodeDocument<T>(bytes: Uint8Array, key: string): Document<T> {
  let found: Partial<Envelope> | null;
  try {
    found = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new InternalError(`The value of ${JSON.stringify(key)} in Shipmate's etcd is not JSON.`, {
      hint: HINT,
      cause,
    });
  }
  if (found?.schemaVersion !== 1 || typeof found.commit !== 'string' || found.value === undefined) {
    throw new InternalError(
      `The value of ${JSON.stringify(key)} in Shipmate's etcd has schemaVersion ${JSON.stringify(found?.schemaVersion) ?? 'none'}; this version reads 1.`,
      { hint: HINT },
    );
  }
  return { value: found.value as T, commitId: found.commit };
}

const HINT =
  'Somebody else wrote there, or a newer Shipmate did. Run one version, and give Shipmate a prefix of its own.';
