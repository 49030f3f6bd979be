import { slackId } from './ids.ts';

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly mimetype: string;
  readonly size: number;
  readonly user: string;
  readonly created: number;
  readonly snippetType: string | undefined;
  readonly altText: string | undefined;
  bytes: Buffer | undefined;
  isComplete: boolean;
  /** Channels where it is shared: who may read those may open it. */
  readonly channels: Set<string>;
}

const TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  json: 'application/json',
  yaml: 'text/yaml',
  yml: 'text/yaml',
  md: 'text/markdown',
  diff: 'text/x-diff',
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
};
const KEEP_FILES = 500;
const KEEP_BYTES = 100 * 1024 * 1024;

/** Uploaded files; the oldest ones go when there are too many or too large ones. */
export class Files {
  readonly #byId = new Map<string, StoredFile>();

  /** The first step of an upload: a place for `size` bytes. */
  reserve(file: Pick<StoredFile, 'name' | 'size' | 'user' | 'created' | 'snippetType' | 'altText'>): StoredFile {
    const extension = file.name.split('.').at(-1)?.toLowerCase() ?? '';
    const stored: StoredFile = {
      ...file,
      id: slackId('F'),
      title: file.name,
      mimetype: TYPES[extension] ?? 'application/octet-stream',
      bytes: undefined,
      isComplete: false,
      channels: new Set(),
    };
    this.#byId.set(stored.id, stored);
    this.#forgetOldest();
    return stored;
  }

  get(id: string): StoredFile | undefined {
    return this.#byId.get(id);
  }

  #forgetOldest(): void {
    let total = [...this.#byId.values()].reduce((sum, file) => sum + file.size, 0);
    for (const [id, file] of this.#byId) {
      if (this.#byId.size <= KEEP_FILES && total <= KEEP_BYTES) return;
      this.#byId.delete(id);
      total -= file.size;
    }
  }
}

/** The `file` object of the Web API and of messages. */
export function fileObject(file: StoredFile, baseUrl: string): Record<string, unknown> {
  const address = `${baseUrl}/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: Math.floor(file.created / 1_000),
    timestamp: Math.floor(file.created / 1_000),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.snippetType ?? file.name.split('.').at(-1) ?? 'binary',
    user: file.user,
    size: file.size,
    mode: file.mimetype.startsWith('text/') ? 'snippet' : 'hosted',
    is_external: false,
    is_public: true,
    url_private: address,
    url_private_download: `${address}?download=1`,
    permalink: address,
    channels: [...file.channels],
    ...(file.altText === undefined ? {} : { alt_txt: file.altText }),
  };
}

/** First lines of a text file, for showing it in place. */
export function filePreview(file: StoredFile): string | undefined {
  const isText = file.mimetype.startsWith('text/') || file.mimetype === 'application/json';
  if (!isText || file.bytes === undefined) return undefined;
  return file.bytes.toString('utf8').split('\n').slice(0, 12).join('\n').slice(0, 2_000);
}
