import {
  actToggle,
  clusterFlag,
  defineChange,
  planCordon,
  positional,
  text,
  verifyToggle,
} from '../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s cordon',
  summary: 'Keep new pods away from a node; those that run there stay',
  examples: ['/k8s cordon harbour-2', '/k8s cordon harbour-2 --cluster prod'],
  args: {
    node: positional(text, { placeholder: 'NODE', summary: 'The node' }),
    cluster: clusterFlag,
  },
  permission: 'k8s:node',
  risk: 'low',
  rbac: [{ group: '', resources: ['nodes'], verbs: ['get', 'list', 'patch'] }],
  scope: ({ cluster, node }) => ({ cluster, targets: [{ type: 'nodes', name: node.replace(/^(?:nodes?|no)\//, '') }] }),
  plan: (args, context) => planCordon(args, true, context),
  verify: ({ data }, context) => verifyToggle(data, context),
  act: ({ data }, context) => actToggle(data, context),
});
