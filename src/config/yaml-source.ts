import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';

/** A YAML text that remembers where each value stood, so that a problem names its line. */
export interface YamlSource {
  /** Plain values; an empty text is an empty map. */
  readonly value: unknown;
  /** What is not YAML at all. */
  readonly problems: readonly Problem[];
  /** `file:line:column` of the value at `path`, or of the nearest thing around it that exists. */
  at(path: readonly PropertyKey[]): string;
  /** `file:line:column` of the key itself. */
  atKey(path: readonly PropertyKey[]): string;
}

/** @param file name for messages only. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    where: place(error.pos[0]),
    message: `${error.message.replace(/[.:]?$/, '.')}`,
  }));
  const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

  function atKey(path: readonly PropertyKey[]): string {
    if (path.length === 0) return place(0);
    const around = path.slice(0, -1);
    const parent = around.length === 0 ? document.contents : document.getIn(around, true);
    const offset = isMap(parent) ? offsetOf(keyNode(parent.items, path.at(-1))) : undefined;
    return offset === undefined ? at(path) : place(offset);
  }

  function at(path: readonly PropertyKey[]): string {
    const offset = path.length === 0 ? undefined : offsetOf(document.getIn(path, true));
    if (offset !== undefined) return place(offset);
    return path.length <= 1 ? place(0) : atKey(path.slice(0, -1));
  }

  let value: unknown = {};
  try {
    if (problems.length === 0) value = document.toJS() ?? {};
  } catch {
    // Aliases of aliases can stand for more values than any memory holds; the parser gives up at a hundred.
    problems.push({ where: place(0), message: 'Too many aliases (*name) of aliases. Write the values out.' });
  }
  return { value, problems, at, atKey };
}

function keyNode(items: readonly { key: unknown }[], name: PropertyKey | undefined): Node | undefined {
  const pair = items.find(({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(name));
  return isNode(pair?.key) ? pair.key : undefined;
}
