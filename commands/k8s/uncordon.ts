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
  name: 'k8s uncordon',
  summary: 'Let a node take new pods again',
  examples: ['/k8s uncordon harbour-2', '/k8s uncordon harbour-2 --cluster prod'],
  args: {
    node: positional(text, { placeholder: 'NODE', summary: 'The node' }),
    cluster: clusterFlag,
  },
  permission: 'k8s:node',
  risk: 'low',
  rbac: [{ group: '', resources: ['nodes'], verbs: ['get', 'list', 'patch'] }],
  scope: ({ cluster, node }) => ({ cluster, targets: [{ type: 'nodes', name: node.replace(/^(?:nodes?|no)\//, '') }] }),
  plan: (args, context) => planCordon(args, false, context),
  verify: ({ data }, context) => verifyToggle(data, context),
  act: ({ data }, context) => actToggle(data, context),
});
