import { UnavailableError, UsageError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Clock, delay } from '../time.ts';
import { type BoltLogger, boltLogger } from './bolt-logger.ts';
import type { Answer, Chat, ChatHealth, ConversationFacts, PersonFacts, ReplyTarget } from './chat.ts';
import { type Identity, whoAmI } from './identity.ts';
import { IntakeApp } from './inbound/app.ts';
import { Intake } from './inbound/intake.ts';
import type { Inbox, MessageRef, Person } from './invocation.ts';
import type { Message, Metadata, Modal } from './message.ts';
import type { ChatMetrics } from './metrics.ts';
import { SignedHttpReceiver } from './receive/http-receiver.ts';
import { SocketReceiver } from './receive/socket-receiver.ts';
import { renderHome, renderModal } from './render/view.ts';
import { Answers } from './send/answers.ts';
import { readConversation } from './send/conversations.ts';
import { Files } from './send/files.ts';
import { findMessage } from './send/find.ts';
import { type Pace, SLACKS_PACE } from './send/lane.ts';
import { readPerson } from './send/people.ts';
import { ResponseUrls } from './send/response-url.ts';
import { Sender, type To } from './send/sender.ts';
import { readUserGroups } from './send/user-groups.ts';
import { Web } from './send/web.ts';

export interface SlackConfig {
  readonly botToken: string;
  /** Socket Mode when given, else signed HTTP. */
  readonly appToken?: string | undefined;
  readonly signingSecret?: string | undefined;
  /** For HTTP mode; 0 for any free one. */
  readonly port: number;
  readonly apiUrl: string;
  /** Posts per channel. Default: Slack's, one per second with short bursts. */
  readonly pace?: Pace;
}

export interface SlackDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: ChatMetrics;
}

/** What only tests and the composition root look at, beside `Chat`. */
export interface SlackChat extends Chat {
  /** The port of HTTP mode while it listens. */
  readonly httpPort: number | undefined;
  /** Members of each enabled user group, by group id. @throws NotDelivered, Ambiguous. */
  userGroups(): Promise<ReadonlyMap<string, readonly string[]>>;
}

const DRAIN_MS = 5_000;

/**
 * The Slack edge. Nothing happens before `start`.
 * @throws UsageError when neither an app token nor a signing secret is given.
 */
export function createChat(config: SlackConfig, deps: SlackDeps): SlackChat {
  return new Slack(config, deps);
}

class Slack implements SlackChat {
  readonly #config: SlackConfig;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #logger: BoltLogger;
  readonly #metrics: ChatMetrics;
  readonly #web: Web;
  readonly #sender: Sender;
  readonly #answers: Answers;
  readonly #receiver: SocketReceiver | SignedHttpReceiver;
  readonly #starting = new AbortController();
  #app: IntakeApp | undefined;
  #identity: Identity | undefined;
  #isReceiving = false;

  constructor(config: SlackConfig, deps: SlackDeps) {
    this.#config = config;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#logger = boltLogger(deps.log);
    this.#metrics = deps.metrics ?? {};
    const { clock, log } = deps;
    const metrics = this.#metrics;
    this.#web = new Web({ token: config.botToken, apiUrl: config.apiUrl, log, metrics });
    const web = this.#web;
    const files = new Files(web, log);
    const sender = new Sender({ web, files, clock, log, metrics, pace: config.pace ?? SLACKS_PACE });
    this.#sender = sender;
    this.#answers = new Answers({ sender, web, files, urls: new ResponseUrls(clock, metrics), log });
    this.#receiver = this.#chooseReceiver();
  }

  async start(inbox: Inbox, options: { receive?: boolean } = {}): Promise<void> {
    this.#identity = await whoAmI(this.#web, this.#log, this.#starting.signal);
    if (options.receive === false) return;
    const intake = new Intake({
      inbox,
      clock: this.#clock,
      log: this.#log,
      metrics: this.#metrics,
      botUser: this.#identity.userId,
      tell: (target, text) => this.#tell(target, text),
    });
    this.#app = new IntakeApp({
      intake,
      receiver: this.#receiver,
      logger: this.#logger,
      botToken: this.#config.botToken,
      botUser: this.#identity.userId,
      botId: this.#identity.botId,
      slackApiUrl: this.#config.apiUrl,
    });
    await this.#app.init();
    this.#isReceiving = true;
    await this.#receiver.start();
    if (!this.#isReceiving) return;
    this.#log.info({ mode: this.#mode, bot: this.#identity.userId, team: this.#identity.team }, 'Slack is connected');
  }

  async stopReceiving(): Promise<void> {
    this.#starting.abort(new Error('stopping'));
    if (!this.#isReceiving) return;
    this.#isReceiving = false;
    await Promise.race([this.#app?.settled(), delay(DRAIN_MS)]);
    await this.#receiver.stop();
  }

  async stop(): Promise<void> {
    await this.stopReceiving();
    await Promise.race([this.#sender.settled(), delay(DRAIN_MS)]);
  }

  health(): ChatHealth {
    const connections = this.#receiver instanceof SocketReceiver ? this.#receiver.health() : undefined;
    const isUp = connections ? connections.live > 0 : (this.#receiver as SignedHttpReceiver).isListening;
    const { userId, team, name } = this.#identity ?? {};
    return {
      connected: this.#isReceiving && isUp,
      mode: this.#mode,
      ...(connections && { connections }),
      missing: this.#web.missing(),
      ...(userId !== undefined && team !== undefined && name !== undefined && { bot: { userId, team, name } }),
    };
  }

  linkTo({ channel, ts }: MessageRef): string | undefined {
    const url = this.#identity?.url;
    return url && new URL(`archives/${encodeURIComponent(channel)}/p${ts.replace('.', '')}`, url).href;
  }

  get httpPort(): number | undefined {
    return this.#receiver instanceof SignedHttpReceiver ? this.#receiver.port : undefined;
  }

  post(to: To, message: Message): Promise<MessageRef> {
    return this.#sender.post(to, message);
  }

  update(ref: MessageRef, message: Message): Promise<void> {
    return this.#sender.update(ref, message);
  }

  find(where: To & { since: number }, metadata: Omit<Metadata, 'generation'>): Promise<MessageRef | undefined> {
    return findMessage(this.#web, where, metadata);
  }

  answer(target: ReplyTarget, message: Message, options: { isPublic?: boolean } = {}): Promise<Answer> {
    return this.#answers.answer(target, message, options.isPublic ?? false);
  }

  replace(answer: Answer, message: Message): Promise<Answer> {
    return this.#answers.replace(answer, message);
  }

  async openModal(triggerId: string, modal: Modal): Promise<void> {
    try {
      await this.#web.call('interactive', 'views.open', { trigger_id: triggerId, view: renderModal(modal) });
    } catch (error) {
      throw new UnavailableError('Slack did not open the dialog in time.', {
        hint: 'Press the button again.',
        cause: error,
      });
    }
  }

  async publishHome(person: Person, message: Message): Promise<void> {
    await this.#web.call('interactive', 'views.publish', { user_id: person.user, view: renderHome(message) });
  }

  person(user: string): Promise<PersonFacts> {
    return readPerson(this.#web, user);
  }

  conversation(channel: string): Promise<ConversationFacts> {
    return readConversation(this.#web, channel);
  }

  userGroups(): Promise<ReadonlyMap<string, readonly string[]>> {
    return readUserGroups(this.#web);
  }

  get #mode(): 'socket' | 'http' {
    return this.#receiver instanceof SocketReceiver ? 'socket' : 'http';
  }

  #chooseReceiver(): SocketReceiver | SignedHttpReceiver {
    const { appToken, signingSecret, apiUrl, port } = this.#config;
    const common = { logger: this.#logger, log: this.#log };
    if (appToken !== undefined) return new SocketReceiver({ ...common, appToken, apiUrl, metrics: this.#metrics });
    if (signingSecret !== undefined) {
      return new SignedHttpReceiver({ ...common, signingSecret, port, clock: this.#clock });
    }
    throw new UsageError('Slack needs an app token (Socket Mode) or a signing secret (HTTP).', {
      hint: 'Set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET with SLACK_PORT.',
    });
  }

  /** Never throws: it is said when something else has failed already. */
  async #tell(target: ReplyTarget, text: string): Promise<void> {
    try {
      await this.#answers.answer(target, { title: text }, false);
    } catch (error) {
      this.#log.error({ err: error }, 'Nobody could be told');
    }
  }
}
