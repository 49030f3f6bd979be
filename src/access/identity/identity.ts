import type { Chat, ConversationFacts, PersonFacts } from '../../chat/chat.ts';
import { NotDelivered } from '../../chat/delivery.ts';
import type { Person } from '../../chat/invocation.ts';
import { PermissionError, UnavailableError } from '../../errors.ts';
import type { Clock } from '../../time.ts';
import { judge } from './judge.ts';
import { sentenceFor, unknownPerson } from './refusals.ts';
import { seenFacts } from './seen.ts';

/** Who somebody is, and whether a place is among ourselves: what Slack knows, before the policy is asked. */
export interface Identity {
  /**
   * @param need `fresh` asks Slack again, for clicks and execution; `known` is content with facts up to five minutes old. Both refuse when
   * Slack cannot say. `seen` is for what only reads or stops something: facts of the last hour do while Slack cannot be asked.
   * @throws PermissionError with a sentence of its own for each kind of person.
   */
  admit(person: Person, need: Need): Promise<void>;
  /**
   * Whether outsiders read along. Never for direct messages; not known, and therefore not, where the bot is no member or the scope is
   * missing (a warning in `/shipmate status`).
   * @throws UnavailableError when Slack cannot be asked and never said.
   */
  isShared(channel: string): Promise<boolean>;
  /** Begins to ask for what will be needed in a moment. */
  foresee(person: Person, channel: string): void;
}

export type Need = 'fresh' | 'known' | 'seen';

export interface IdentityDeps {
  readonly chat: Pick<Chat, 'person' | 'conversation'>;
  allowedTeams(): readonly string[];
  readonly clock: Clock;
}

const FRESH_MS = 2_000;
const KNOWN_MS = 5 * 60_000;
const SEEN_MS = 60 * 60_000;
const CHANNEL_MS = 60_000;
/** Some hundred bytes each. */
const PEOPLE_REMEMBERED = 10_000;
const CHANNELS_REMEMBERED = 5_000;

const NOBODY: PersonFacts = { teams: [], isGuest: false, isDeactivated: false, isBot: false, isStranger: true };
/** Slack does not show everybody to everybody: whom we may not see is not one of us. */
const NOT_ONE_OF_US = new Set(['user_not_found', 'user_not_visible', 'users_not_found']);
const CANNOT_BE_KNOWN = new Set(['missing_scope', 'channel_not_found', 'method_not_supported_for_channel_type']);

export function createIdentity(deps: IdentityDeps): Identity {
  const { chat, clock } = deps;
  const people = seenFacts((user) => whoIs(chat, user), clock, PEOPLE_REMEMBERED);
  const channels = seenFacts((channel) => whatIs(chat, channel), clock, CHANNELS_REMEMBERED);

  const factsFor = async (person: Person, need: Need): Promise<PersonFacts> => {
    const seen = await people.get(person.user, need === 'fresh' ? FRESH_MS : KNOWN_MS).catch((failure: unknown) => {
      throw unknownPerson(failure);
    });
    const mayBeOldMs = need === 'seen' ? SEEN_MS : KNOWN_MS;
    if (seen.failure !== undefined && clock() - seen.at >= mayBeOldMs) throw unknownPerson(seen.failure);
    return seen.facts;
  };

  return {
    async admit(person, need) {
      const refusal = judge(await factsFor(person, need), person, deps.allowedTeams());
      if (refusal) throw new PermissionError(...sentenceFor(refusal));
    },
    async isShared(channel) {
      if (!/^[CG]/.test(channel)) return false;
      const seen = await channels.get(channel, CHANNEL_MS).catch((cause: unknown) => {
        throw new UnavailableError('Slack does not say whether this channel is shared with other organisations.', {
          hint: 'Try again in a moment, or write to Shipmate directly.',
          cause,
        });
      });
      return seen.facts.isExternallyShared;
    },
    foresee(person, channel) {
      people.get(person.user, KNOWN_MS).catch(() => undefined);
      if (/^[CG]/.test(channel)) channels.get(channel, CHANNEL_MS).catch(() => undefined);
    },
  };
}

async function whoIs(chat: IdentityDeps['chat'], user: string): Promise<PersonFacts> {
  try {
    return await chat.person(user);
  } catch (error) {
    if (error instanceof NotDelivered && NOT_ONE_OF_US.has(error.slackError)) return NOBODY;
    throw error;
  }
}

async function whatIs(chat: IdentityDeps['chat'], channel: string): Promise<ConversationFacts> {
  try {
    return await chat.conversation(channel);
  } catch (error) {
    if (error instanceof NotDelivered && CANNOT_BE_KNOWN.has(error.slackError)) return { isExternallyShared: false };
    throw error;
  }
}
