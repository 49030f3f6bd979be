import { NotFoundError, UnavailableError } from '../../errors.ts';
import type { Engine, Explained } from '../engine-contract.ts';
import type { Kind, SeenObject } from '../seen/kinds.ts';
import type { Sight } from '../sight.ts';
import type { ExplainedObject, ExplainTarget } from './desk.ts';

/** A cluster that this replica watches. */
export interface Watched {
  readonly sight: Sight;
  readonly engine: Pick<Engine, 'explain'>;
}

const PODS_SHOWN = 10;

/**
 * What the rules find about an object and about its pods, in words.
 * @throws UnavailableError when another replica watches the cluster, NotFoundError when the object is not there.
 */
export function explain(target: ExplainTarget, watched: Watched | undefined, now: number): readonly ExplainedObject[] {
  const { cluster, namespace, kind, name } = target;
  if (!watched) {
    throw new UnavailableError(`This replica does not watch ${cluster}, so it cannot tell what its rules find.`, {
      hint: 'Run it again; another replica may answer.',
    });
  }
  const object = watched.sight.get(kind as Kind, namespace, name) ?? watched.sight.get(kind as Kind, '', name);
  if (!object) {
    throw new NotFoundError(
      `${kind.toLowerCase()} "${name}" is not among what the rules see in ${namespace} on ${cluster}.`,
      {
        hint: 'Rules judge pods, workloads, jobs, autoscalers, budgets, volumes, quotas, namespaces and nodes.',
      },
    );
  }
  const pods = kind === 'Pod' ? [] : watched.sight.podsOf(object).slice(0, PODS_SHOWN);
  return [object, ...pods]
    .map((one) => ({
      object: nameOf(one),
      findings: chosen(watched.engine.explain(one.metadata.uid, now), target.rule),
    }))
    .filter(({ findings }) => findings.length > 0);
}

function chosen(findings: readonly Explained[], rule: string | undefined): readonly Explained[] {
  return rule === undefined ? findings : findings.filter((one) => one.rule.toUpperCase() === rule.toUpperCase());
}

function nameOf(object: SeenObject): string {
  return `${object.kind.toLowerCase()}/${object.metadata.name}`;
}
