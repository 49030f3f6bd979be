/** The text of a file. @throws an error with `code: 'ENOENT'` when it does not exist. */
export type ReadFile = (path: string) => string;

/** Why a file cannot be read, in words. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a directory';
  return code ?? (error as Error).message;
}
