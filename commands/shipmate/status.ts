import { defineRead } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'shipmate status',
  summary: 'How Shipmate and everything it stands on are doing',
  examples: ['/shipmate status'],
  args: {},
  permission: undefined,
  async run(_args, { house }) {
    const systems = await house.status();
    const away = systems.filter((system) => !system.ok && !system.optional);
    return {
      status: away.length === 0 ? 'succeeded' : 'failed',
      title:
        away.length === 0
          ? 'All systems answer'
          : `${away.map((system) => system.system).join(', ')}: not as it should be`,
      parts: [
        {
          kind: 'table',
          filename: 'shipmate-status.txt',
          columns: ['SYSTEM', 'STATE', 'DETAIL'].map((name) => ({ name, priority: 0 })),
          rows: systems.map((system) => [
            system.system,
            system.ok ? 'ok' : system.optional ? 'off' : 'not ok',
            system.detail,
          ]),
        },
        // The table cuts long details; what is wrong is worth its whole sentence.
        ...(away.length === 0
          ? []
          : [{ kind: 'list' as const, items: away.map(({ system, detail }) => `${system}: ${detail}`) }]),
      ],
    };
  },
});
