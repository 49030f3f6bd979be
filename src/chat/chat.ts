import type { Inbox, Invocation, MessageRef, Person } from './invocation.ts';
import type { Message, Metadata, Modal } from './message.ts';

/** The Slack edge as everybody else sees it. `chat/` is the only room that knows Bolt and the Web API. */
export interface Chat {
  /** Connects (Socket Mode) or listens (HTTP) and delivers to `inbox`. Resolves when the first connection is up. */
  /** @param options.receive false for replicas that only speak (role `worker` alone): the token is checked, nothing is received. Default true. */
  start(inbox: Inbox, options?: { receive?: boolean }): Promise<void>;
  /** Stops receiving and waits for deliveries in flight (at most 5 s); speaking still works. Idempotent. */
  stopReceiving(): Promise<void>;
  /** Stops receiving, sends what is waiting to be sent (at most 5 s), closes. */
  stop(): Promise<void>;
  health(): ChatHealth;
  /** Web address of a message; undefined until Slack has said where the workspace is. */
  linkTo(ref: MessageRef): string | undefined;

  /**
   * Posts once, without any retry that could post twice.
   * Paced per channel (about 1 per second, bursts allowed by Slack), honouring Retry-After.
   * @throws NotDelivered when Slack certainly did not take it; Ambiguous when it may have: look with `find` before posting again.
   */
  post(
    to: { channel: string; thread?: string | undefined; isBroadcast?: boolean | undefined },
    message: Message,
  ): Promise<MessageRef>;
  /** Edits in place; repeated edits of one message are coalesced to one per 1.2 s and the last one always goes out. */
  update(ref: MessageRef, message: Message): Promise<void>;
  /** Finds our message by its metadata (subject and, if given, generation) among the newest in the channel or thread. */
  find(
    where: { channel: string; thread?: string | undefined; since: number },
    metadata: Omit<Metadata, 'generation'>,
  ): Promise<MessageRef | undefined>;

  /**
   * Answers the person who invoked: privately (only visible to them) for slash commands, in the thread for mentions, in the conversation
   * for direct messages; `isPublic` makes a slash answer visible to the channel. Falls back from response_url to chat.postEphemeral to a
   * direct message, so that there is always an answer. Returns the reference where the answer can be edited later.
   */
  answer(invocation: ReplyTarget, message: Message, options?: { isPublic?: boolean }): Promise<Answer>;
  /**
   * Replaces an earlier answer: by chat.update, or for a private one by the response_url of the button pressed on it. A private answer to
   * a slash command cannot be changed (bolt-js#2287): there the new one is said below it.
   */
  replace(answer: Answer, message: Message): Promise<Answer>;

  /** Opens a modal; the trigger id lives 3 seconds. @throws UnavailableError when it is dead or Slack is slow. */
  openModal(triggerId: string, modal: Modal): Promise<void>;
  /** Publishes the App Home of one person. */
  publishHome(person: Person, message: Message): Promise<void>;

  /** What Slack says about a user id now. @throws NotDelivered (`user_not_found`, `missing_scope`, …), Ambiguous. */
  person(user: string): Promise<PersonFacts>;
  /** What Slack says about a channel now. @throws NotDelivered (`channel_not_found`, `missing_scope`, …), Ambiguous. */
  conversation(channel: string): Promise<ConversationFacts>;
}

/** From `users.info`. */
export interface PersonFacts {
  /** Workspaces the person belongs to; several on Enterprise Grid. */
  readonly teams: readonly string[];
  readonly enterprise?: string | undefined;
  /** A single-channel or multi-channel guest. */
  readonly isGuest: boolean;
  readonly isDeactivated: boolean;
  readonly isBot: boolean;
  /** Of another organisation, seen here through a shared channel. */
  readonly isStranger: boolean;
  /** Their time zone by its name, `Europe/Berlin`, where Slack tells. */
  readonly timeZone?: string | undefined;
}

/** From `conversations.info`. */
export interface ConversationFacts {
  /** Shared with another organisation, or invited to be. */
  readonly isExternallyShared: boolean;
}

/** What is needed to answer: every `Invocation` and `ButtonPress` has it. */
export type ReplyTarget = Pick<Invocation, 'person' | 'channel' | 'thread' | 'responseUrl' | 'receivedAt'> & {
  surface: Invocation['surface'];
};

/** Where an answer went. JSON, because it outlives the process that gave it. */
export type Answer =
  | { readonly kind: 'message'; readonly ref: MessageRef }
  | {
      readonly kind: 'ephemeral';
      readonly responseUrl?: string | undefined;
      readonly channel: string;
      readonly person: Person;
      readonly receivedAt: number;
    };

export interface ChatHealth {
  readonly connected: boolean;
  readonly mode: 'socket' | 'http';
  /** Live Socket Mode connections, of how many wanted. */
  readonly connections?: { readonly live: number; readonly wanted: number };
  /** Features that the workspace does not grant, each with the scope or method missing and what is lost. */
  readonly missing: readonly { readonly feature: string; readonly scope: string; readonly lost: string }[];
  readonly bot?: { readonly userId: string; readonly team: string; readonly name: string };
}
