import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

const SETTLE_MS = 200;

/**
 * Tells when a file may have changed. The directory is watched, because editors replace files and Kubernetes replaces the link beside a
 * mounted ConfigMap; so `onChange` may be called for nothing, and whoever is called compares.
 * @returns how to stop; a directory that cannot be watched is not an error, SIGHUP still works.
 */
export function watchFile(path: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(path), { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
      timer.unref();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
