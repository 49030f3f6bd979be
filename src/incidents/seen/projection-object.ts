import type { SeenCondition, SeenMeta, SeenOwner, SeenSelector } from './object.ts';
import { texts, values } from './pool.ts';
import { count, fields, items, message, type Raw, text, textOrNone, time, timeOrNone } from './raw.ts';

/**
 * The annotations that are kept, whole names or the beginnings of names: those that rules, evidence and people's settings use. The others
 * (kubectl's last-applied-configuration above all) are often larger than the object.
 */
export const ANNOTATIONS: readonly string[] = [
  'shipmate/',
  'deployment.kubernetes.io/revision',
  'rollout.argoproj.io/revision',
  'kubernetes.io/change-cause',
  'kubernetes.io/config.mirror',
  'kubernetes.io/config.source',
  'cluster-autoscaler.kubernetes.io/',
  'cronjob.kubernetes.io/instantiate',
  'batch.kubernetes.io/',
  'storageclass.kubernetes.io/is-default-class',
  'volume.kubernetes.io/',
  // Machines that update themselves: Flatcar's operator, kured, the system upgrade controller.
  'flatcar-linux-update.v1.flatcar-linux.net/',
  'weave.works/kured-',
  'kured.dev/',
  'upgrade.cattle.io/',
  'plan.upgrade.cattle.io/',
];

const NO_TEXTS: Readonly<Record<string, string>> = Object.freeze({});
const NO_NAMES: readonly string[] = Object.freeze([]);

/** Labels and the like, shared where equal; values that are no strings are left out. */
export function textMap(
  value: unknown,
  isKept: (name: string) => boolean = () => true,
): Readonly<Record<string, string>> {
  const raw = fields(value);
  let kept: Record<string, string> | undefined;
  let key = '';
  for (const name in raw) {
    const inner = raw[name];
    if (typeof inner !== 'string' || !isKept(name)) continue;
    kept ??= {};
    kept[name] = inner;
    key += `${name}\n${inner}\n`;
  }
  return kept === undefined ? NO_TEXTS : values.share(key, kept);
}

/** A list of names, shared where equal. */
export function names(value: unknown): readonly string[] {
  const found = items(value).filter((item) => typeof item === 'string');
  return sharedNames(found);
}

export function sharedNames(found: readonly string[]): readonly string[] {
  return found.length === 0 ? NO_NAMES : values.share(`names\n${found.join('\n')}`, found);
}

/** @param kind stands in for the uid, with the name, where a (made-up) object has none: every object has an identity. */
export function metaOf(kind: string, value: unknown): SeenMeta {
  const raw = fields(value);
  const name = text(raw.name);
  const namespace = texts.text(text(raw.namespace));
  return {
    name,
    namespace,
    uid: text(raw.uid) || `${kind}/${namespace}/${name}`,
    resourceVersion: text(raw.resourceVersion),
    generation: count(raw.generation),
    creationTimestamp: time(raw.creationTimestamp),
    deletionTimestamp: timeOrNone(raw.deletionTimestamp),
    finalizers: raw.finalizers === undefined ? undefined : names(raw.finalizers),
    labels: textMap(raw.labels),
    annotations: textMap(raw.annotations, isKeptAnnotation),
    owner: ownerOf(raw.ownerReferences),
  };
}

function isKeptAnnotation(name: string): boolean {
  return ANNOTATIONS.some((kept) => (kept.endsWith('/') || kept.endsWith('-') ? name.startsWith(kept) : name === kept));
}

function ownerOf(value: unknown): SeenOwner | undefined {
  const raw = items(value)
    .map(fields)
    .find((owner) => owner.controller === true);
  const uid = text(raw?.uid);
  if (raw === undefined || uid === '') return undefined;
  const owner = {
    apiVersion: texts.text(text(raw.apiVersion)),
    kind: texts.text(text(raw.kind)),
    name: text(raw.name),
    uid,
  };
  return values.share(uid, owner);
}

export function conditionsOf(value: unknown): readonly SeenCondition[] {
  return items(value).map((item) => conditionOf(fields(item)));
}

export function conditionOf(raw: Raw): SeenCondition {
  const lastUpdateTime = timeOrNone(raw.lastUpdateTime);
  return {
    type: texts.text(text(raw.type)),
    status: texts.text(text(raw.status)),
    reason: texts.text(text(raw.reason)),
    message: texts.text(message(raw.message)),
    lastTransitionTime: time(raw.lastTransitionTime),
    ...(lastUpdateTime === undefined ? {} : { lastUpdateTime }),
  };
}

export function selectorOf(value: unknown): SeenSelector | undefined {
  if (value === undefined || value === null) return undefined;
  const raw = fields(value);
  const matchExpressions = items(raw.matchExpressions).map((item) => {
    const expression = fields(item);
    const chosen = expression.values === undefined ? {} : { values: names(expression.values) };
    return { key: text(expression.key), operator: text(expression.operator), ...chosen };
  });
  return {
    ...(raw.matchLabels === undefined ? {} : { matchLabels: textMap(raw.matchLabels) }),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
  };
}

/** A text that many objects have in common, or nothing. */
export function commonText(value: unknown): string | undefined {
  const found = textOrNone(value);
  return found === undefined ? undefined : texts.text(found);
}
