import { distance } from 'fastest-levenshtein';
import { NotFoundError } from '../errors.ts';
import type { Resource } from './cluster.ts';
import type { Discovered } from './discovery-read.ts';
import { qualifiedPlural } from './names.ts';

type Known = Discovered['resources'];

/**
 * What a typed word means, or undefined where one part of it means nothing; kubectl's order (cli-runtime resource builder, client-go
 * shortcut and category expanders): category → resource.version.group → exact plural or singular → short name → group prefix → kind.
 * Letters' case does not matter. Where two groups share a name the server's own preference decides: core before metrics.k8s.io.
 * @param word one word or several with commas: `po`, `deploy,svc`, `all`.
 */
export function resolveIn(known: Known, word: string): readonly Resource[] | undefined {
  const found: Resource[] = [];
  for (const part of word.split(',')) {
    const resources = resolvePart(known, part.trim().toLowerCase());
    if (resources.length === 0) return undefined;
    for (const one of resources) if (!found.some((other) => isSame(one, other))) found.push(plain(one));
  }
  return found;
}

/** kubectl's sentence for a word that means nothing, with the nearest known words as the hint. */
export function unknownResource(known: Known, word: string, missing: readonly string[]): NotFoundError {
  const part = word.split(',').find((one) => resolvePart(known, one.trim().toLowerCase()).length === 0) ?? word;
  const near = nearestWords(known, part.trim().toLowerCase());
  const hints = [
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined,
    missing.length > 0 ? `These API groups do not answer at the moment: ${missing.join(', ')}.` : undefined,
  ].filter((hint) => hint !== undefined);
  return new NotFoundError(`error: the server doesn't have a resource type ${JSON.stringify(part)}`, {
    hint: hints.length > 0 ? hints.join(' ') : 'For example pods, deployments, services, nodes.',
  });
}

function resolvePart(known: Known, word: string): Known {
  if (word === '') return [];
  const preferred = known.filter((one) => one.isPreferred);

  const inCategory = preferred.filter((one) => one.categories.includes(word) && one.verbs.includes('list'));
  if (inCategory.length > 0) return inCategory;

  const [name = '', ...rest] = word.split('.');
  const [version, ...group] = rest;
  if (group.length > 0) {
    const exact = known.filter((one) => one.version === version && one.group === group.join('.') && isNamed(one, name));
    if (exact.length > 0) return exact.slice(0, 1);
  }
  const groupText = rest.join('.');
  const inGroup = (matches: (one: Resource) => boolean): Known =>
    preferred.filter((one) => matches(one) && (groupText === '' || one.group === groupText)).slice(0, 1);
  const inGroupPrefix = (matches: (one: Resource) => boolean): Known =>
    groupText === '' ? [] : preferred.filter((one) => matches(one) && one.group.startsWith(groupText)).slice(0, 1);
  const named = (one: Resource): boolean => isNamed(one, name);
  const short = (one: Resource): boolean => one.shortNames.some((shortName) => shortName.toLowerCase() === name);
  const kind = (one: Resource): boolean => one.kind.toLowerCase() === name;

  const attempts = [
    () => inGroup(named),
    () => inGroup(short),
    () => inGroupPrefix(named),
    () => inGroupPrefix(short),
    () => inGroup(kind),
    () => inGroupPrefix(kind),
  ];
  for (const attempt of attempts) {
    const found = attempt();
    if (found.length > 0) return found;
  }
  return [];
}

function isNamed(one: Resource, name: string): boolean {
  return one.plural.toLowerCase() === name || (one.singular !== '' && one.singular.toLowerCase() === name);
}

function nearestWords(known: Known, word: string): string[] {
  const candidates = new Map<string, string>();
  for (const one of known.filter((each) => each.isPreferred)) {
    for (const name of [one.plural, one.singular, ...one.shortNames, ...one.categories, qualifiedPlural(one)])
      if (name !== '' && !candidates.has(name)) candidates.set(name, name);
  }
  const limit = word.length <= 3 ? 1 : word.length <= 8 ? 2 : 3;
  return [...candidates.keys()]
    .map((name) => ({ name, far: distance(word, name) }))
    .filter(({ name, far }) => far <= limit && (far < name.length || name === word))
    .sort((a, b) => a.far - b.far || b.name.length - a.name.length)
    .slice(0, 2)
    .map(({ name }) => name);
}

function isSame(a: Resource, b: Resource): boolean {
  return a.group === b.group && a.version === b.version && a.plural === b.plural;
}

function plain({ isPreferred: _, ...resource }: Known[number]): Resource {
  return resource;
}
