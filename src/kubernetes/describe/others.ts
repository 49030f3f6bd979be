import type { KubeObject } from '../cluster.ts';
import {
  ago,
  atMost,
  type Beside,
  conditionLines,
  type Description,
  facts,
  ownerOf,
  quantities,
  section,
} from './description.ts';
import { podLines } from './pod.ts';

/** Node. Pure. */
export function describeNode(node: KubeObject, { now, pods }: Beside): Description {
  const { spec = {}, status = {}, metadata } = node;
  const { kubeletVersion, osImage, kernelVersion } = status.nodeInfo ?? {};
  const ready = (status.conditions ?? []).find(({ type }: { type: string }) => type === 'Ready');
  const { cpu, memory, pods: room } = status.allocatable ?? {};
  return {
    fields: facts(
      [
        'Status',
        [ready?.status === 'True' ? 'Ready' : 'NotReady', ...(spec.unschedulable ? ['cordoned'] : [])].join(', '),
      ],
      ['Pods', pods && `${pods.length} of ${room ?? '?'}`],
      ['Allocatable', quantities({ ...(cpu && { cpu }), ...(memory && { memory }) })],
      ['Kubelet', kubeletVersion],
      ['System', [osImage, kernelVersion].filter(Boolean).join(', ')],
      ['Age', ago(metadata.creationTimestamp, now)],
    ),
    sections: [
      ...section('Taints', atMost((spec.taints ?? []).map(taintText), 8)),
      ...section(
        'Pods in trouble',
        podLines(pods).filter((line) => line.startsWith('!')),
      ),
      ...section('Conditions', conditionLines(node, now)),
    ],
  };
}

function taintText({ key, value, effect }: { key: string; value?: string; effect: string }): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`;
}

/** PersistentVolumeClaim; `pods` are those that use it. Pure. */
export function describeClaim(claim: KubeObject, { now, pods = [] }: Beside): Description {
  const { spec = {}, status = {}, metadata } = claim;
  return {
    fields: facts(
      ['Status', status.phase],
      ['Size', status.capacity?.storage ?? `${spec.resources?.requests?.storage ?? '?'} asked`],
      ['Storage class', spec.storageClassName ?? '<default>'],
      ['Volume', spec.volumeName ?? '<none>'],
      ['Access', (status.accessModes ?? spec.accessModes ?? []).join(', ')],
      ['Age', ago(metadata.creationTimestamp, now)],
      ['Finalizers', (metadata.finalizers as string[] | undefined)?.join(', ')],
    ),
    sections: [
      ...section(
        'Used by',
        atMost(
          pods.map((pod) => `pod/${pod.metadata.name}`),
          8,
        ),
      ),
      ...section('Conditions', conditionLines(claim, now)),
    ],
  };
}

/** Any other kind: where it comes from, its conditions. Never its contents. Pure. */
export function describeAny(object: KubeObject, { now, pods }: Beside): Description {
  const { metadata, status = {} } = object;
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const keys = Object.keys({ ...object.data, ...object.binaryData });
  return {
    fields: facts(
      ['Status', typeof status.phase === 'string' ? status.phase : undefined],
      ['Age', ago(metadata.creationTimestamp, now)],
      ['Controlled by', ownerOf(object)],
      ['Terminating', metadata.deletionTimestamp && `since ${ago(metadata.deletionTimestamp, now)}`],
      ['Finalizers', (metadata.finalizers as string[] | undefined)?.join(', ')],
      ['Keys', atMost(keys, 20).join(', ')],
    ),
    sections: [
      ...section('Labels', atMost(labels, 8)),
      ...section('Pods', podLines(pods)),
      ...section('Conditions', conditionLines(object, now)),
    ],
  };
}
