import { closest, distance } from 'fastest-levenshtein';
import { NotFoundError, UsageError } from '../../errors.ts';
import type { Incident } from '../incident.ts';

const SHORTEST_PREFIX = 2;

/**
 * The incident that a typed name means among the current ones: by id, by the beginning of one, by `namespace/name`, `kind/name`,
 * `namespace/kind/name` or `name`. What is open wins over what is over. Pure.
 * @returns undefined when none does. @throws UsageError naming the ids when several do.
 */
export function findNamed(typed: string, incidents: readonly Incident[]): Incident | undefined {
  const name = typed.trim().toLowerCase();
  const exact = incidents.find(({ id }) => id === name);
  if (exact) return exact;
  const named = incidents.filter((incident) => namesOf(incident).includes(name));
  const begun = name.length < SHORTEST_PREFIX ? [] : incidents.filter(({ id }) => id.startsWith(name));
  return only(typed, named) ?? only(typed, begun);
}

function only(typed: string, found: readonly Incident[]): Incident | undefined {
  const open = found.filter(({ status }) => status === 'firing');
  const [first, ...others] = open.length > 0 ? open : found;
  if (first === undefined || others.length === 0) return first;
  const all = [first, ...others];
  const shown = all.slice(0, 6).map(({ id, cluster, cause }) => `${id} (${cluster}: ${cause.slice(0, 60)})`);
  throw new UsageError(`${all.length} incidents match "${typed}": ${shown.join(', ')}${all.length > 6 ? ', …' : ''}.`, {
    hint: 'Type the id of the one you mean.',
  });
}

function namesOf({ root }: Incident): string[] {
  const { namespace, kind, name } = root;
  const kindName = `${kind}/${name}`;
  return [name, kindName, `${namespace}/${name}`, `${namespace}/${kindName}`].map((text) => text.toLowerCase());
}

/** Nothing is called so; the nearest that is. */
export function noSuchIncident(typed: string, incidents: readonly Incident[]): NotFoundError {
  const known = incidents.flatMap((incident) => [incident.id, ...namesOf(incident).slice(0, 3)]);
  const near = known.length > 0 ? closest(typed.toLowerCase(), known) : undefined;
  const isNear = near !== undefined && distance(typed.toLowerCase(), near) <= 3;
  return new NotFoundError(`No incident "${typed}" is known.`, {
    hint: isNear ? `Did you mean ${near}?` : '`/alerts list` shows what is open, `/alerts history` what was.',
  });
}
