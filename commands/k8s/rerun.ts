import {
  actRun,
  clusterFlag,
  defineChange,
  flag,
  followRun,
  namespaceFlag,
  planRun,
  singleOf,
  text,
  timeoutFlag,
  UsageError,
  verifyRun,
  words,
} from '../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s rerun',
  summary: 'Run a Job once more, as a new Job, and follow it',
  examples: ['/k8s rerun job/import -n shop', '/k8s rerun job import -n shop --name import-2'],
  args: {
    what: words('job/NAME', 'The Job'),
    name: flag(text, { placeholder: 'NAME', summary: 'The new one’s name (default: one is made up)' }),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    timeout: timeoutFlag,
  },
  permission: 'k8s:job',
  risk: 'low',
  rbac: [
    { group: 'batch', resources: ['jobs'], verbs: ['get', 'list', 'watch', 'create'] },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, what }) => ({
    cluster,
    namespace,
    targets: what.length === 0 ? [] : [singleOf(what)],
  }),
  plan: ({ what, ...args }, context) => {
    if (what.length === 0)
      throw new UsageError('Which Job should run again?', { hint: 'For example /k8s rerun job/import' });
    return planRun({ ...args, from: what, kind: 'Job' }, context);
  },
  facts: ({ data: { images } }) => ({ images }),
  verify: ({ data }, context) => verifyRun(data, context),
  act: ({ data }, context) => actRun(data, context),
  follow: ({ data }, effect, context) => followRun(data, effect, context),
});
