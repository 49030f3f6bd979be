import { closest } from 'fastest-levenshtein';
import { matcherOf } from '../access/policy/glob.ts';
import type { FileConfig } from '../config/file.ts';
import type { Problem } from '../config/problem.ts';
import type { ReadFile } from '../config/read-file.ts';
import { readYaml, type YamlSource } from '../config/yaml-source.ts';

type Path = readonly (string | number)[];
type Report = (path: Path, message: string, fix?: string) => void;

/** Shorter ones could be guessed. */
export const LEAST_TOKEN = 16;
const MAKE_ONE = 'Make one: openssl rand -hex 24';

/**
 * What a valid file's `bridges` says that cannot work: clusters that do not exist, tokens that could be guessed or that two share, empty
 * keys. What the files hold is in no message.
 * @param file with absolute paths. @param readFile reads a token or a key; what cannot be read is somebody else's to tell.
 */
export function checkBridges(path: string, text: string, file: FileConfig, readFile: ReadFile): Problem[] {
  const source = readYaml(path, text);
  const problems: Problem[] = [];
  const report = reporter(source, problems);
  const clusters = Object.keys(file.clusters);
  const tokens = new Map<string, string>();
  for (const [index, bridge] of file.bridges.in.entries()) {
    const at = ['in', index];
    if (bridge.cluster !== undefined) checkCluster([...at, 'cluster'], bridge.cluster, clusters, report);
    checkToken([...at, 'tokenFile'], contentOf(bridge.tokenFile, readFile), bridge.name, tokens, report);
  }
  for (const [index, bridge] of file.bridges.out.entries()) {
    const at = ['out', index];
    bridge.clusters?.forEach((pattern, place) => {
      checkCluster([...at, 'clusters', place], pattern, clusters, report);
    });
    if (bridge.keyFile !== undefined && contentOf(bridge.keyFile, readFile) === '')
      report([...at, 'keyFile'], 'names an empty file.', 'Put the key into it, and nothing else.');
  }
  return problems;
}

function reporter(source: YamlSource, problems: Problem[]): Report {
  return (path, message, fix) => {
    const full = ['bridges', ...path];
    problems.push({ where: source.at(full), message: `\`${full.join('.')}\` ${message}`, ...(fix && { fix }) });
  };
}

function contentOf(file: string, readFile: ReadFile): string | undefined {
  try {
    return readFile(file).trim();
  } catch {
    return undefined;
  }
}

function checkToken(
  at: Path,
  token: string | undefined,
  bridge: string,
  tokens: Map<string, string>,
  report: Report,
): void {
  if (token === undefined) return;
  const other = tokens.get(token);
  tokens.set(token, bridge);
  if (token.length < LEAST_TOKEN) report(at, `names a file with fewer than ${LEAST_TOKEN} characters.`, MAKE_ONE);
  else if (/[\s/?#%]/.test(token)) report(at, 'names a file with a space, "/", "?", "#" or "%" in it.', MAKE_ONE);
  else if (other !== undefined) report(at, `holds the same token as the one of "${other}".`, MAKE_ONE);
}

function checkCluster(at: Path, pattern: string, clusters: readonly string[], report: Report): void {
  const matches = matcherOf([pattern]);
  if (matches === undefined || clusters.some(matches)) return;
  const fix = clusters.length === 0 ? 'There are no clusters.' : `Did you mean \`${closest(pattern, [...clusters])}\`?`;
  report(at, 'names no cluster.', fix);
}
