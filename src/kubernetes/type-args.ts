import { NotFoundError, UsageError } from '../errors.ts';
import type { Cluster, Resource } from './cluster.ts';
import { encodeSegment } from './names.ts';

/** What `TYPE[,TYPE] [NAME…]` or `TYPE/NAME…` asks for. */
export type Wanted =
  | { readonly by: 'type'; readonly type: string }
  | { readonly by: 'name'; readonly pairs: readonly { readonly type: string; readonly name: string }[] };

/**
 * kubectl's two ways to name objects (cli-runtime `resource.Builder.ResourceTypeOrNameArgs`).
 * @param words what stands after the verb; at least one.
 * @throws UsageError when the two ways are mixed, or a name cannot be one.
 */
export function wantedOf(words: readonly string[]): Wanted {
  const [first = '', ...others] = words;
  const withSlash = words.filter((word) => word.includes('/'));
  if (withSlash.length > 0) {
    if (withSlash.length < words.length)
      throw new UsageError(
        'error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form',
        {
          hint: `Write every one as TYPE/NAME, or the type once and then the names: ${withSlash[0]?.split('/')[0]} ${others.join(' ')}`,
        },
      );
    return { by: 'name', pairs: words.flatMap(pairsOf) };
  }
  if (others.length === 0) return { by: 'type', type: first };
  const pairs = first.split(',').flatMap((type) => others.map((name) => ({ type, name })));
  for (const { name } of pairs) encodeSegment(name, 'resource name');
  return { by: 'name', pairs };
}

/** The kinds asked for, with the name where one is named; one entry may stand for several kinds (`deploy,svc`). */
export function targetsOf(words: readonly string[]): readonly { readonly type: string; readonly name?: string }[] {
  const wanted = wantedOf(words);
  return wanted.by === 'type' ? [{ type: wanted.type }] : wanted.pairs;
}

/** The one object that a command on a single workload names: `deploy/web` or `deploy web`. */
export function singleOf(words: readonly string[]): { readonly type: string; readonly name: string } {
  const wanted = wantedOf(words);
  if (wanted.by === 'type')
    throw new UsageError(`error: resource(s) were provided, but no name was specified`, {
      hint: `Name one: ${wanted.type}/NAME`,
    });
  const [only, ...more] = wanted.pairs;
  if (!only || more.length > 0)
    throw new UsageError('One workload at a time.', { hint: 'Repeat the command for each of them.' });
  return only;
}

/**
 * The one kind that a typed word means.
 * @throws NotFoundError when there is none; UsageError when the word means several (`all`).
 */
export async function resolveOne(cluster: Cluster, type: string): Promise<Resource> {
  const resources = await cluster.resolve(type);
  const [only, ...more] = resources;
  if (!only) throw new NotFoundError(`error: the server doesn't have a resource type ${JSON.stringify(type)}`);
  if (more.length > 0)
    throw new UsageError(`"${type}" means ${resources.length} kinds here; one is needed.`, {
      hint: `For example ${only.singular || only.plural}.`,
    });
  return only;
}

function pairsOf(word: string): { type: string; name: string }[] {
  const [types = '', name, ...more] = word.split('/');
  if (more.length > 0 || name === undefined || name === '' || types === '')
    throw new UsageError('error: arguments in resource/name form may not have more than one slash', {
      hint: `"${word}" should read TYPE/NAME, such as deploy/web.`,
    });
  encodeSegment(name, 'resource name');
  if (types.includes(','))
    throw new UsageError('error: arguments in resource/name form must have a single resource and name', {
      hint: `Write ${types
        .split(',')
        .map((type) => `${type}/${name}`)
        .join(' ')}`,
    });
  return [{ type: types, name }];
}
