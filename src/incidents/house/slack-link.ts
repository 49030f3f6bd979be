import type { Chat } from '../../chat/chat.ts';
import { cardOf } from '../../pipeline/claimed-row.ts';
import type { Store } from '../../state/store.ts';
import { INCIDENT } from '../book/words.ts';
import type { Incident } from '../incident.ts';

/** The address of an incident's message in Slack, once it has one and Slack has said where the workspace is. */
export function slackLink(
  store: Store,
  chat: Pick<Chat, 'linkTo'>,
): (incident: Incident) => Promise<string | undefined> {
  return async (incident) => {
    const ref = await cardOf(store, INCIDENT, incident.id);
    return ref && chat.linkTo(ref);
  };
}
