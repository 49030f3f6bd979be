import { actorOf, alertsDesk, defineRead, positional, reasonFlag, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts resolve',
  summary: 'End an incident by hand',
  examples: ['/alerts resolve k3f9q2x', '/alerts resolve shop/web --reason "rolled back"'],
  args: {
    incident: positional(text, { placeholder: 'ID', summary: 'Its id or the beginning of it, or NAMESPACE/NAME' }),
    reason: reasonFlag,
  },
  permission: 'alerts:resolve',
  async run({ incident: name, reason }, context) {
    const { incident } = await alertsDesk(context).resolve(name, reason, actorOf(context, `/alerts resolve ${name}`));
    return {
      status: 'succeeded',
      title: `${incident.id} is resolved: ${incident.cause}`,
      ...(incident.endedAt === undefined && {
        footer: 'It was still failing. You are told again when it gets worse, or recovers and fails anew.',
      }),
    };
  },
});
