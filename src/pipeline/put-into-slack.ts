import type { Chat } from '../chat/chat.ts';
import type { MessageRef } from '../chat/invocation.ts';
import { UnavailableError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../time.ts';
import type { ClaimedRow } from './claimed-row.ts';
import type { Rendering } from './rendering.ts';

/** What putting something into Slack needs. */
export interface SlackDoor {
  readonly chat: Pick<Chat, 'find' | 'post' | 'update'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Slack refused the channel for good: not a member, archived, gone. */
  isRefusedChannel(error: unknown): boolean;
  /** Slack no longer has the message that was to be edited. */
  isGoneMessage(error: unknown): boolean;
  /** Outsiders read along in this channel now. @throws UnavailableError when Slack does not say. */
  isShared(channel: string): Promise<boolean>;
}

/** A channel that was refused is not asked again for so long: each try would take a second of the pace of the others. */
const REFUSED_FOR_MS = 60_000;

/** Channels that Slack refused lately, and why. */
export type Refused = Map<string, { readonly until: number; readonly error: unknown }>;

/** Edits the message of a row, or posts it where it belongs; where that is refused for good, at its fallback. */
export async function putIntoSlack(
  name: { readonly kind: string; readonly id: string },
  claimed: ClaimedRow,
  rendering: Rendering,
  deps: SlackDoor,
  refused: Refused,
): Promise<MessageRef> {
  const place = await placeOf(rendering, deps);
  const known = claimed.card.ref ?? (claimed.wasAttempted ? await find({ ...rendering, ...place }, deps) : undefined);
  if (known && !(await deps.isShared(known.channel))) {
    try {
      await deps.chat.update(known, rendering.message);
      return known;
    } catch (error) {
      if (!deps.isGoneMessage(error) && !deps.isRefusedChannel(error)) throw error;
      deps.log.info({ ...name, err: error }, 'the message cannot be edited any more; posting it anew');
    }
  }
  try {
    mustNotBeRefused(place.channel, deps, refused);
    return await deps.chat.post(place, rendering.message);
  } catch (error) {
    if (!deps.isRefusedChannel(error)) throw error;
    const isNew = !refused.has(place.channel);
    if (isNew) refused.set(place.channel, { until: deps.clock() + REFUSED_FOR_MS, error });
    const { fallbackUser } = rendering;
    const isLost = fallbackUser === '' || fallbackUser === place.channel;
    if (isNew && isLost)
      deps.log.error({ ...name, channel: place.channel, err: error }, 'Slack refused the channel; its messages wait');
    else if (isNew) deps.log.warn({ ...name, channel: place.channel, err: error }, 'Slack refused the channel');
    if (isLost) throw error;
    return await deps.chat.post({ channel: fallbackUser }, rendering.message);
  }
}

function mustNotBeRefused(channel: string, { clock }: SlackDoor, refused: Refused): void {
  const found = refused.get(channel);
  if (!found) return;
  if (found.until > clock()) throw found.error;
  refused.delete(channel);
}

/** A channel can become shared with another organisation at any time: then the person is told directly, and it hears no more. */
async function placeOf(
  { channel, thread, isBroadcast, fallbackUser }: Rendering,
  deps: SlackDoor,
): Promise<{ channel: string; thread: string | undefined; isBroadcast?: boolean | undefined }> {
  if (!(await deps.isShared(channel))) return { channel, thread, isBroadcast };
  if (fallbackUser === '') {
    throw new UnavailableError(`The channel ${channel} is shared with another organisation: nothing is said there.`, {
      hint: 'Choose another channel in shipmate.yaml.',
    });
  }
  deps.log.warn({ channel }, 'the channel is shared with another organisation; telling the person directly');
  return { channel: fallbackUser, thread: undefined };
}

async function find(rendering: Rendering, deps: SlackDoor): Promise<MessageRef | undefined> {
  try {
    return await deps.chat.find(
      { channel: rendering.channel, thread: rendering.thread, since: rendering.since },
      rendering.metadata,
    );
  } catch (error) {
    if (deps.isRefusedChannel(error)) return undefined;
    throw error;
  }
}
