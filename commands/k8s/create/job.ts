import {
  actRun,
  clusterFlag,
  defineChange,
  flag,
  followRun,
  namespaceFlag,
  optionalPositional,
  planRun,
  singleOf,
  text,
  timeoutFlag,
  UsageError,
  verifyRun,
} from '../../../src/sdk/index.ts';

export default defineChange({
  name: 'k8s create job',
  aliases: ['k8s run-job'],
  summary: 'Start a Job from a CronJob now, and follow it',
  examples: [
    '/k8s create job --from=cronjob/backup -n shop',
    '/k8s create job backup-before-upgrade --from=cronjob/backup -n shop',
  ],
  args: {
    name: optionalPositional(text, { placeholder: 'NAME', summary: 'Its name (default: one is made up)' }),
    from: flag(text, { placeholder: 'cronjob/NAME', summary: 'The CronJob' }),
    namespace: namespaceFlag,
    cluster: clusterFlag,
    timeout: timeoutFlag,
  },
  permission: 'k8s:job',
  risk: 'low',
  rbac: [
    { group: 'batch', resources: ['cronjobs'], verbs: ['get'] },
    { group: 'batch', resources: ['jobs'], verbs: ['get', 'list', 'watch', 'create'] },
    { group: '', resources: ['pods'], verbs: ['list'] },
  ],
  scope: ({ cluster, namespace, name, from }) => ({
    cluster,
    namespace,
    targets: [
      { type: 'jobs.batch', ...(name === undefined ? {} : { name }) },
      ...(from === undefined ? [] : [singleOf([from])]),
    ],
  }),
  plan: ({ from, ...args }, context) => {
    if (from === undefined)
      throw new UsageError('error: --from must be specified', { hint: 'For example --from=cronjob/backup' });
    return planRun({ ...args, from: [from], kind: 'CronJob' }, context);
  },
  facts: ({ data: { images } }) => ({ images }),
  verify: ({ data }, context) => verifyRun(data, context),
  act: ({ data }, context) => actRun(data, context),
  follow: ({ data }, effect, context) => followRun(data, effect, context),
});
