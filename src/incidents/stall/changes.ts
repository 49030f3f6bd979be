import type { SeenContainer } from '../seen/pod.ts';
import type { SeenTemplate } from '../seen/workloads.ts';

export interface ImageChange {
  readonly container: string;
  /** Undefined: the container is new. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Images that differ between two templates. Without a previous one: every image, as new. */
export function imageChanges(before: SeenTemplate | undefined, after: SeenTemplate): readonly ImageChange[] {
  const old = new Map(all(before).map((one) => [one.name, one.image]));
  return all(after)
    .filter(({ name, image }) => old.get(name) !== image)
    .map(({ name, image }) => ({ container: name, before: old.get(name), after: image }));
}

/**
 * Which fields of a template differ, as far as it is seen: `app limits.memory 128Mi → 64Mi`, `container proxy added`. Images are told
 * apart (`imageChanges`). Where the templates differ in nothing that is seen, the one line says so; empty when they are equal.
 */
export function templateChanges(before: SeenTemplate | undefined, after: SeenTemplate): readonly string[] {
  if (!before || before.digest === after.digest) return [];
  const [old, now] = [byName(before), byName(after)];
  const changes = [...now].flatMap(([name, one]) => {
    const was = old.get(name);
    return was ? containerChanges(was, one) : [`container ${name} added`];
  });
  for (const name of old.keys()) if (!now.has(name)) changes.push(`container ${name} removed`);
  if (changes.length > 0 || imageChanges(before, after).length > 0) return changes;
  return ['other fields of the pod template (environment, volumes, annotations …)'];
}

function containerChanges(was: SeenContainer, now: SeenContainer): string[] {
  return [
    ...quantities(`${now.name} requests`, was.requests, now.requests),
    ...quantities(`${now.name} limits`, was.limits, now.limits),
    ...(['startup', 'readiness', 'liveness'] as const).flatMap((kind) => {
      const [a, b] = [was[`${kind}Probe`], now[`${kind}Probe`]];
      if (JSON.stringify(a) === JSON.stringify(b)) return [];
      return [
        `${now.name} ${kind} probe ${a?.what ?? 'none'} → ${b?.what ?? 'none'}${a?.what === b?.what ? ' (timing)' : ''}`,
      ];
    }),
  ];
}

function quantities(
  label: string,
  was: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(now)])]
    .filter((name) => was[name] !== now[name])
    .map((name) => `${label}.${name} ${was[name] ?? 'none'} → ${now[name] ?? 'none'}`);
}

function all(template: SeenTemplate | undefined): readonly SeenContainer[] {
  return template ? [...template.initContainers, ...template.containers] : [];
}

function byName(template: SeenTemplate): ReadonlyMap<string, SeenContainer> {
  return new Map(all(template).map((one) => [one.name, one]));
}
