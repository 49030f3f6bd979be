import type { ConversationFacts } from '../chat.ts';
import type { Web } from './web.ts';

/** One channel, from `conversations.info`. @throws NotDelivered, Ambiguous. */
export async function readConversation(web: Pick<Web, 'call'>, channel: string): Promise<ConversationFacts> {
  const answer = await web.call('interactive', 'conversations.info', { channel });
  const found = (answer.channel ?? {}) as { is_ext_shared?: boolean; is_pending_ext_shared?: boolean };
  return { isExternallyShared: found.is_ext_shared === true || found.is_pending_ext_shared === true };
}
