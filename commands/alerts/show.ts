import {
  actorOf,
  alertsDesk,
  defineRead,
  type Incident,
  type Part,
  positional,
  type Span,
  text,
} from '../../src/sdk/index.ts';

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
    const items = findings(incident);
    const parts: Part[] = [
      ...(items.length > 0 ? [{ kind: 'list' as const, items }] : []),
      { kind: 'text', spans: history(incident) },
    ];
    return { ...card, parts: [...(card.parts ?? []), ...parts] };
  },
});

function findings({ signals, moreSignals }: Incident): string[] {
  return [
    ...signals.map(
      ({ rule, title, object, cause }) => `${rule} ${title} · ${object.kind.toLowerCase()}/${object.name}: ${cause}`,
    ),
    ...(moreSignals > 0 ? [`and ${moreSignals} more findings`] : []),
  ];
}

/** People as Slack names them. */
function history({ log }: Incident): Span[] {
  return log.flatMap(({ at, text, by }, index): Span[] => [
    ...(index === 0 ? [] : ['\n']),
    `${new Date(at).toISOString().slice(0, 19)}Z ${text}`,
    ...(by ? [' by ', { person: by.user }] : []),
  ]);
}
