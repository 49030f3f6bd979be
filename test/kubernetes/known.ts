import type { Discovered } from '../../src/kubernetes/discovery-read.ts';

type Known = Discovered['resources'][number];

function resource(group: string, version: string, plural: string, kind: string, more: Partial<Known> = {}): Known {
  return {
    ...{ group, version, plural, kind, singular: kind.toLowerCase(), shortNames: [], namespaced: true },
    ...{ verbs: ['get', 'list'], categories: [], subresources: [], isPreferred: true },
    ...more,
  };
}

/** What a small cluster serves, in the server's order: core first, each group's preferred version first. */
export const known: Discovered['resources'] = [
  resource('', 'v1', 'pods', 'Pod', { shortNames: ['po'], categories: ['all'] }),
  resource('', 'v1', 'events', 'Event', { shortNames: ['ev'] }),
  resource('', 'v1', 'nodes', 'Node', { shortNames: ['no'], namespaced: false }),
  resource('apps', 'v1', 'deployments', 'Deployment', {
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['scale'],
  }),
  resource('events.k8s.io', 'v1', 'events', 'Event', { shortNames: ['ev'] }),
  resource('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    shortNames: ['hpa'],
    categories: ['all'],
  }),
  resource('autoscaling', 'v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    shortNames: ['hpa'],
    categories: ['all'],
    isPreferred: false,
  }),
  resource('metrics.k8s.io', 'v1beta1', 'pods', 'PodMetrics', { singular: '' }),
];
