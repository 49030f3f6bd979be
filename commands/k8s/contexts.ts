import { defineRead } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'k8s contexts',
  aliases: ['k8s ctx'],
  summary: 'The clusters that Shipmate knows, by the names to type after --cluster',
  examples: ['/k8s contexts'],
  args: {},
  permission: 'k8s:get',
  async run(_args, { clusters }) {
    const all = clusters.all();
    if (all.length === 0)
      return {
        title: 'No Kubernetes cluster is configured',
        parts: [{ kind: 'text', spans: ['Add one under ', { code: 'clusters:' }, ' in shipmate.yaml.'] }],
      };
    return {
      title: all.length === 1 ? '1 cluster' : `${all.length} clusters`,
      parts: [
        {
          kind: 'table',
          filename: 'contexts.txt',
          columns: ['CURRENT', 'NAME', 'CLUSTER', 'NAMESPACE', 'PRODUCTION'].map((name) => ({ name, priority: 0 })),
          rows: all.map((cluster, index) => [
            // The first one is used when a command names none.
            index === 0 ? '*' : '',
            cluster.name,
            cluster.context ?? '',
            cluster.defaultNamespace,
            cluster.isProduction ? 'PROD' : '',
          ]),
        },
      ],
    };
  },
});
