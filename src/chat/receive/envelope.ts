/**
 * An Events API envelope that carries no event: `app_rate_limited`, and whatever else Slack may invent. Pure.
 * @returns its type and envelope id, or undefined for every other message.
 */
export function withoutEvent(message: string): { type: string; id: string | undefined } | undefined {
  // A cheap look first: nearly every message is an ordinary one.
  if (!message.includes('"events_api"') || message.includes('"event":')) return undefined;
  try {
    const envelope = JSON.parse(message) as {
      type?: string;
      envelope_id?: string;
      payload?: { type?: string; event?: unknown };
    };
    if (envelope.type !== 'events_api' || envelope.payload?.event != null) return undefined;
    return { type: envelope.payload?.type ?? 'unknown', id: envelope.envelope_id };
  } catch {
    return undefined;
  }
}

/** Why Slack wants this connection to end; undefined for every other message. Pure. */
export function disconnectReason(message: string): string | undefined {
  if (!message.includes('"disconnect"')) return undefined;
  try {
    const frame = JSON.parse(message) as { type?: string; reason?: string };
    return frame.type === 'disconnect' ? (frame.reason ?? 'unknown') : undefined;
  } catch {
    return undefined;
  }
}
