import {
  actToggle,
  clusterFlag,
  defineChange,
  namespaceFlag,
  planPause,
  singleOf,
  verifyToggle,
  words,
} from '../../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s rollout resume',
  summary: 'Let a paused Deployment roll out its changes',
  examples: ['/k8s rollout resume deploy/web -n shop'],
  args: {
    what: words('TYPE/NAME', 'The Deployment'),
    namespace: namespaceFlag,
    cluster: clusterFlag,
  },
  permission: 'k8s:rollout',
  risk: 'low',
  rbac: [{ group: 'apps', resources: ['deployments'], verbs: ['get', 'patch'] }],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),
  plan: (args, context) => planPause(args, false, context),
  verify: ({ data }, context) => verifyToggle(data, context),
  act: ({ data }, context) => actToggle(data, context),
});
