import {
  actorOf,
  alertsDesk,
  defineRead,
  duration,
  FALLBACK_ZONE,
  flag,
  knownZone,
  optionalPositional,
  parseUntil,
  positional,
  text,
  UsageError,
  wallWords,
} from '../../src/sdk/index.ts';

export default defineRead({
  name: 'alerts snooze',
  summary: 'Keep an incident quiet for a while, or until it gets worse',
  examples: ['/alerts snooze k3f9q2x 2h', '/alerts snooze k3f9q2x --for 30m', '/alerts snooze shop/web --until 09:00'],
  args: {
    incident: positional(text, { placeholder: 'ID', summary: 'Its id or the beginning of it, or NAMESPACE/NAME' }),
    lasting: optionalPositional(duration, { placeholder: 'DURATION', summary: 'The same as --for' }),
    for: flag(duration, { placeholder: 'DURATION', summary: 'How long: 30m, 2h; at most 7d' }),
    until: flag(text, { placeholder: 'TIME', summary: 'Until when, on your clock: 09:00; or 2026-11-21T09:00Z' }),
  },
  permission: 'alerts:ack',
  async run({ incident: name, lasting, for: span, until }, context) {
    const given = [lasting, span, until].filter((one) => one !== undefined);
    if (given.length !== 1)
      throw new UsageError(given.length === 0 ? 'For how long?' : 'Say how long only once.', {
        hint: `For example: /alerts snooze ${name} 2h, or /alerts snooze ${name} --until 09:00`,
      });
    const desk = alertsDesk(context);
    const actor = actorOf(context, `/alerts snooze ${name}`);
    const told = await desk.zoneOf(actor);
    const zone = knownZone(told);
    const now = context.clock();
    const at = until === undefined ? now + ((lasting ?? span) as number) : parseUntil(until, now, zone);
    const { incident } = await desk.snooze(name, at, actor);
    const why = zone === FALLBACK_ZONE && told === undefined ? '; Slack does not tell your time zone' : '';
    return {
      status: 'succeeded',
      title: `${incident.id} is quiet until ${wallWords(at, zone)}${why}`,
      footer: 'It speaks earlier when it gets worse.',
    };
  },
});
