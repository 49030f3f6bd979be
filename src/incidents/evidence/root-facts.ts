import type { KubeObject } from '../../kubernetes/cluster.ts';
import { currentRevision, type Revision, revisionsOf } from '../../kubernetes/revisions.ts';
import { templateOf } from '../../kubernetes/template.ts';
import { templateDiff } from '../../kubernetes/template-diff.ts';
import type { ImageChange, RecentChange, TemplateChange } from './evidence.ts';
import type { Gathering } from './gathering.ts';

export interface RootFacts {
  readonly images: readonly ImageChange[];
  readonly template?: TemplateChange | undefined;
  readonly change?: RecentChange | undefined;
}

const FIELDS_KEPT = 20;
const WITH_HISTORY = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** What the root's history tells: images and template now and before, and who changed it last. */
export async function rootFacts(
  gathering: Gathering,
  root: KubeObject | undefined,
  pod: KubeObject | undefined,
): Promise<RootFacts> {
  const hasHistory = root !== undefined && WITH_HISTORY.includes(root.kind ?? '');
  const revisions =
    hasHistory && gathering.wants('I', 'D', 'C')
      ? await gathering.part(`rollout history of ${root.metadata.name}`, ({ signal }) =>
          revisionsOf(gathering.cluster, root, root.kind ?? '', signal),
        )
      : undefined;
  const now = root && revisions ? currentRevision(root, revisions) : undefined;
  const before = now && revisions?.findLast(({ number }) => number < now.number);
  const template = root && hasHistory ? templateOf(root) : { spec: pod?.spec };
  return {
    images: gathering.wants('I') ? imageChanges(template, before?.template) : [],
    ...(gathering.wants('I', 'D') && root && now && before ? { template: templateChange(root, now, before) } : {}),
    ...(gathering.wants('C', 'D', 'I') && root ? { change: recentChange(root, now) } : {}),
  };
}

interface Container {
  readonly name: string;
  readonly image?: string;
}

/** Pure. */
export function imageChanges(
  now: { readonly spec?: KubeObject['spec'] },
  before: { readonly spec?: KubeObject['spec'] } | undefined,
): readonly ImageChange[] {
  const earlier = new Map(containersOf(before).map(({ name, image }) => [name, image]));
  return containersOf(now)
    .slice(0, 10)
    .map(({ name, image = '' }) => ({ container: name, now: image, before: earlier.get(name) }));
}

function containersOf(template: { readonly spec?: KubeObject['spec'] } | undefined): readonly Container[] {
  return [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
}

function templateChange(root: KubeObject, now: Revision, before: Revision): TemplateChange {
  const fields = templateDiff(before.template, templateOf(root), true);
  return {
    from: before.number,
    to: now.number,
    fields: fields.slice(0, FIELDS_KEPT),
    more: Math.max(0, fields.length - FIELDS_KEPT),
  };
}

/** Controllers write annotations and statuses of what they control: they are not who changed it. */
const CONTROLLERS = new Set(['kube-controller-manager', 'kube-scheduler', 'kubelet', 'kwok']);

/**
 * Who last changed the wishes of an object, from its `managedFields`. A field manager's entry lists all that it owns, not only what it
 * wrote last. Pure.
 */
export function recentChange(root: KubeObject, revision: Revision | undefined): RecentChange | undefined {
  const last = (root.metadata.managedFields ?? [])
    .filter(({ manager = '', subresource, time }) => subresource !== 'status' && time && !CONTROLLERS.has(manager))
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))
    .at(0);
  if (last?.manager === undefined || last.time === undefined) return undefined;
  const cause = root.metadata.annotations?.['kubernetes.io/change-cause'];
  return {
    by: last.manager,
    at: Date.parse(last.time),
    fields: fieldsIn(last.fieldsV1).slice(0, 6),
    ...(cause === undefined ? {} : { cause: cause.slice(0, 300) }),
    ...(revision === undefined ? {} : { revision: revision.number }),
  };
}

/** `{ 'f:spec': { 'f:replicas': {} } }` as `spec.replicas`; of metadata only whether labels or annotations were written. */
function fieldsIn(fieldsV1: unknown): string[] {
  if (fieldsV1 === null || typeof fieldsV1 !== 'object') return [];
  return Object.entries(fieldsV1 as Record<string, Record<string, unknown>>).flatMap(([field, inner]) => {
    const name = field.replace(/^f:/, '');
    return Object.keys(inner)
      .filter((key) => key.startsWith('f:'))
      .map((key) => `${name}.${key.slice(2)}`);
  });
}
