import type { Chat } from '../../chat/chat.ts';
import { redactMessage, redactModal } from './message.ts';

/** The one way to Slack: whatever is said passes `redactMessage` first. */
export function redactingChat(chat: Chat): Chat {
  return {
    start: (inbox, options) => chat.start(inbox, options),
    stopReceiving: () => chat.stopReceiving(),
    stop: () => chat.stop(),
    health: () => chat.health(),
    linkTo: (ref) => chat.linkTo(ref),
    find: (where, metadata) => chat.find(where, metadata),
    post: (to, message) => chat.post(to, redactMessage(message)),
    update: (ref, message) => chat.update(ref, redactMessage(message)),
    answer: (invocation, message, options) => chat.answer(invocation, redactMessage(message), options),
    replace: (answer, message) => chat.replace(answer, redactMessage(message)),
    openModal: (triggerId, modal) => chat.openModal(triggerId, redactModal(modal)),
    person: (user) => chat.person(user),
    conversation: (channel) => chat.conversation(channel),
    publishHome: (person, message) => chat.publishHome(person, redactMessage(message)),
  };
}
