import { distance } from 'fastest-levenshtein';
import { explain } from './explain.ts';
import { type FileConfig, fileSchema } from './file.ts';
import type { Problem } from './problem.ts';
import { knownKeys } from './schema-keys.ts';
import { readYaml } from './yaml-source.ts';

export interface CheckedFile {
  /** Absent when there is any problem. */
  readonly file?: FileConfig;
  readonly problems: readonly Problem[];
}

/** Validates a config file's text by itself, touching nothing else; each problem has file, line and column. */
export function checkFile(path: string, text: string): CheckedFile {
  const source = readYaml(path, text);
  if (source.problems.length > 0) return { problems: source.problems };
  const result = fileSchema.safeParse(source.value);
  if (result.success) return { file: result.data, problems: [] };

  const problems = result.error.issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(key, issue.path, source.atKey([...issue.path, key])));
    }
    const where = issue.code === 'invalid_key' ? source.atKey(issue.path) : source.at(issue.path);
    const name = issue.path.join('.');
    return [{ where, message: name ? `\`${name}\` ${verb(explain(issue))}` : `The file ${explain(issue)}` }];
  });
  return { problems: problems.sort((a, b) => line(a) - line(b)) };
}

/** Problems are told in the order in which a person reads the file. */
function line({ where }: Problem): number {
  return Number(/:(\d+):\d+$/.exec(where)?.[1]);
}

function unknownKey(key: string, path: readonly PropertyKey[], where: string): Problem {
  const known = knownKeys(fileSchema, path);
  const around = path.length === 0 ? 'at the top level' : `in \`${path.join('.')}\``;
  const near = nearest(key, known);
  const fix = near ? `Did you mean \`${near}\`?` : known.length > 0 ? `Known keys: ${known.join(', ')}.` : undefined;
  return { where, message: `Unknown key \`${key}\` ${around}.`, ...(fix && { fix }) };
}

/** Explanations that start with a verb read on from the key's name; others are set off by a colon. */
function verb(text: string): string {
  return /^(should|is|needs|must|may|cannot|names)\b/.test(text) ? text : `is wrong: ${text}`;
}

function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best && best.steps <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}
