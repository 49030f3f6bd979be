import { checkFile } from '../../config/check-file.ts';
import type { FileConfig } from '../../config/file.ts';
import { withAbsolutePaths } from '../../config/file-paths.ts';
import { canonicalJson } from '../../ids.ts';
import { checkPolicy } from './check.ts';
import type { Reread } from './in-force.ts';

/**
 * A config file as it reads now, against the one that runs. Only `access` can change while Shipmate runs; what else differs is named. Pure.
 * @param running the file that runs, with absolute paths. @param home for `~/`.
 */
export function reread(
  path: string,
  text: string,
  running: FileConfig,
  permissions: readonly string[],
  home: string | undefined,
): Reread {
  const { file, problems } = checkFile(path, text);
  if (!file) return { problems, needsRestart: [] };
  // Aliases are those that run: a rule for a cluster that only the new file knows says nothing yet, but is no mistake.
  const wrong = checkPolicy(path, text, file, permissions);
  const now = withAbsolutePaths(file, path, home);
  const differs = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b);
  const needsRestart: string[] = (Object.keys(now) as (keyof FileConfig)[]).filter(
    (key) => key !== 'access' && differs(now[key], running[key]),
  );
  if (differs(now.access.audit, running.access.audit)) needsRestart.push('access.audit');
  return wrong.length > 0 ? { problems: wrong, needsRestart } : { access: file.access, problems: [], needsRestart };
}
