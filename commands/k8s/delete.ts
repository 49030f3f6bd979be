import {
  actDelete,
  clusterFlag,
  defineChange,
  followDelete,
  namespaceFlag,
  planDelete,
  podWords,
  singleOf,
  verifyDelete,
} from '../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s delete',
  aliases: ['k8s rm'],
  summary: 'Delete a pod, exactly the one that is there now; its controller makes a new one',
  examples: ['/k8s delete pod web-7c9d5-x2x4q -n shop', '/k8s delete pod/db-0 -n shop'],
  args: {
    what: podWords,
    namespace: namespaceFlag,
    cluster: clusterFlag,
  },
  permission: 'k8s:delete',
  risk: 'low',
  rbac: [
    { group: '', resources: ['pods'], verbs: ['get', 'list', 'watch', 'delete'] },
    { group: 'policy', resources: ['poddisruptionbudgets'], verbs: ['list'] },
    { group: 'autoscaling', resources: ['horizontalpodautoscalers'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),
  plan: (args, context) => planDelete(args, context),
  verify: ({ data }, context) => verifyDelete(data, context),
  act: ({ data }, context) => actDelete(data, context),
  follow: ({ data }, effect, context) => followDelete(data, effect, context),
});
