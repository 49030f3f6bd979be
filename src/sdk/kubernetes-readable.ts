const LOOK = ['get', 'list'];
/**
 * What everybody asks for, and no Secrets: their contents are never shown here, so Shipmate's account need not be able to read them. More
 * kinds, custom ones too, are opened in the cluster by a ClusterRole labelled `shipmate/aggregate-to-read: "true"`.
 */
export const READABLE = [
  {
    group: '',
    resources: [
      ...[
        'configmaps',
        'endpoints',
        'events',
        'limitranges',
        'namespaces',
        'nodes',
        'persistentvolumeclaims',
        'persistentvolumes',
      ],
      ...['pods', 'replicationcontrollers', 'resourcequotas', 'serviceaccounts', 'services'],
    ],
    verbs: LOOK,
  },
  ...[
    'apps',
    'autoscaling',
    'batch',
    'discovery.k8s.io',
    'events.k8s.io',
    'metrics.k8s.io',
    'networking.k8s.io',
    'policy',
    'scheduling.k8s.io',
    'storage.k8s.io',
  ].map((group) => ({ group, resources: ['*'], verbs: LOOK })),
  { group: 'apiextensions.k8s.io', resources: ['customresourcedefinitions'], verbs: LOOK },
  { group: 'coordination.k8s.io', resources: ['leases'], verbs: LOOK },
];
