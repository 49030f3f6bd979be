import { clusterFlag, defineRead, describe, namespaceFlag, READABLE, singleOf, words } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'k8s describe',
  aliases: ['k8s desc'],
  summary: 'One object on one screen: how it is, what is wrong with it, its pods and its events',
  examples: ['/k8s describe deploy/web -n shop', '/k8s describe pod web-7c9d5-x2x4q', '/k8s describe node harbour-2'],
  args: {
    what: words('TYPE/NAME', 'The object: deploy/web, pod web-7c9d5-x2x4q, node harbour-2'),
    namespace: namespaceFlag,
    cluster: clusterFlag,
  },
  permission: 'k8s:get',
  rbac: READABLE,
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),
  run: (args, context) => describe(args, context),
});
