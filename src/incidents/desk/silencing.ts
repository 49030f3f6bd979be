import type { Asked } from '../../access/policy/asked.ts';
import { EVERY_NAMESPACE } from '../../access/policy/asked.ts';
import { NotFoundError, UsageError } from '../../errors.ts';
import type { Match } from '../silences/match.ts';
import type { Silence } from '../silences/silence.ts';
import { inPlace } from './place.ts';

/**
 * What silencing this asks of the policy: the right in every namespace and cluster that it reaches. Pure.
 * @param clusters all that are configured, for silences that name none.
 */
export function askedForSilence(match: Match, clusters: readonly string[]): readonly Asked[] {
  const named = match.clusters ?? clusters;
  const places = named.flatMap((cluster) => (cluster.includes('*') ? clusters : [cluster]));
  if (places.length === 0) return [{ permission: 'alerts:silence', anywhere: true }];
  const namespaces = match.namespaces?.some((one) => !one.includes('*')) ? match.namespaces : [EVERY_NAMESPACE];
  return [...new Set(places)].flatMap((cluster) =>
    namespaces.map((namespace) =>
      inPlace('alerts:silence', cluster, namespace.includes('*') ? EVERY_NAMESPACE : namespace),
    ),
  );
}

/** @throws NotFoundError, or UsageError when several begin so. */
export function silenceNamed(typed: string, silences: readonly Silence[]): Silence {
  const name = typed.trim().toLowerCase();
  const found = silences.filter(({ id }) => id === name);
  const begun = found.length > 0 ? found : silences.filter(({ id }) => name.length > 1 && id.startsWith(name));
  const [first, ...others] = begun;
  if (first && others.length === 0) return first;
  if (first) {
    throw new UsageError(`${begun.length} silences begin with "${typed}": ${begun.map(({ id }) => id).join(', ')}.`, {
      hint: 'Type the whole id.',
    });
  }
  throw new NotFoundError(`No silence "${typed}" is in force.`, { hint: '`/alerts silences` lists them.' });
}
