import { actorOf, alertsDesk, defineRead, type Incident, positional, text } from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts show',
  aliases: ['alerts describe'],
  summary: 'One incident, as it stands now, and what has happened to it',
  examples: ['/alerts show k3f9q2x', '/alerts show shop/web'],
  args: {
    incident: positional(text, { placeholder: 'ID', summary: 'Its id or the beginning of it, or NAMESPACE/NAME' }),
  },
  permission: 'alerts:read',
  async run({ incident: name }, context) {
    const desk = alertsDesk(context);
    const incident = await desk.find(name, actorOf(context, `/alerts show ${name}`));
    const { metadata: _living, notice: _notice, ...card } = await desk.card(incident);
    return { ...card, parts: [...(card.parts ?? []), { kind: 'list', items: history(incident) }] };
  },
});

function history({ log, signals, moreSignals }: Incident): string[] {
  return [
    ...signals.map(
      ({ rule, title, object, cause }) => `${rule} ${title} · ${object.kind.toLowerCase()}/${object.name}: ${cause}`,
    ),
    ...(moreSignals > 0 ? [`and ${moreSignals} more findings`] : []),
    ...log.map(({ at, text, by }) => `${new Date(at).toISOString().slice(0, 19)}Z ${text}${by ? ` (${by.user})` : ''}`),
  ];
}
