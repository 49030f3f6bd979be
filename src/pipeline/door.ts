import type { Identity, Need } from '../access/identity/identity.ts';
import { sharedChannel } from '../access/identity/refusals.ts';
import type { Chat, ReplyTarget } from '../chat/chat.ts';
import type { Message } from '../chat/message.ts';
import { asShipmateError, type ShipmateError } from '../errors.ts';

/** Who stands at the door and where, before anything they typed or pressed is looked at. */
export interface Met {
  /** Why they are sent away. */
  readonly refusal?: ShipmateError;
  /** Outsiders read along where they stand: whatever is said goes to them directly. */
  readonly isShared: boolean;
}

/** Asks about the person and the place at once; from memory in the ordinary case. Never rejects. */
export async function meet(
  identity: Identity,
  { person, channel }: Pick<ReplyTarget, 'person' | 'channel'>,
  need: Need,
): Promise<Met> {
  const [admitted, place] = await Promise.allSettled([identity.admit(person, need), identity.isShared(channel)]);
  const isShared = place.status === 'fulfilled' && place.value;
  if (admitted.status === 'rejected') return { refusal: asShipmateError(admitted.reason), isShared };
  if (place.status === 'rejected') return { refusal: asShipmateError(place.reason), isShared };
  return isShared ? { refusal: sharedChannel(), isShared } : { isShared };
}

/** Answers where the person stands, or in a direct message where outsiders read along. */
export async function sayTo(chat: Chat, target: ReplyTarget, message: Message, isShared: boolean): Promise<void> {
  if (isShared) {
    try {
      await chat.post({ channel: target.person.user }, message);
      return;
    } catch {
      // No direct message to this person: below it is for their eyes only, too.
    }
  }
  await chat.answer(isShared ? { ...target, surface: 'slash' } : target, message);
}
