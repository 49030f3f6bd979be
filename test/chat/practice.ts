import type {
  CallRecord,
  ClickRequest,
  Delivery,
  FaultRequest,
  SeenMessage,
  SettingsRequest,
  SubmitRequest,
  TypeRequest,
} from '../../deploy/sandbox/slack/protocol.ts';
import { type PracticeSlack, startPracticeSlack } from '../../deploy/sandbox/slack/server.ts';
import { smallWorld } from '../../deploy/sandbox/slack/small-world.ts';
import type { World } from '../../deploy/sandbox/slack/world.ts';
import type {
  ButtonPress,
  Inbox,
  Invocation,
  ModalAnswer,
  ModalSubmission,
  Person,
} from '../../src/chat/invocation.ts';
import { createChat, type SlackChat, type SlackConfig } from '../../src/chat/slack.ts';
import { createLogger } from '../../src/log.ts';

/** An inbox that keeps what it was given, and can be told to fail or to hang. */
export class KeepingInbox implements Inbox {
  readonly invocations: Invocation[] = [];
  readonly presses: ButtonPress[] = [];
  readonly submissions: ModalSubmission[] = [];
  readonly homes: Person[] = [];
  /** Runs before anything is kept. */
  before: () => Promise<void> = () => Promise.resolve();
  modalAnswer: ModalAnswer = { close: true };

  async invoked(invocation: Invocation): Promise<void> {
    await this.before();
    this.invocations.push(invocation);
  }
  async pressed(press: ButtonPress): Promise<void> {
    await this.before();
    this.presses.push(press);
  }
  async submitted(submission: ModalSubmission): Promise<ModalAnswer> {
    await this.before();
    this.submissions.push(submission);
    return this.modalAnswer;
  }
  async homeOpened(person: Person): Promise<void> {
    await this.before();
    this.homes.push(person);
  }
}

/** A practice Slack with one running chat in it. */
export class Practice implements AsyncDisposable {
  readonly slack: PracticeSlack;
  readonly inbox = new KeepingInbox();
  readonly logs: string[] = [];
  readonly metrics: { requests: string[]; plainForms: string[]; rateLimits: number } = {
    requests: [],
    plainForms: [],
    rateLimits: 0,
  };
  chat: SlackChat;

  private constructor(slack: PracticeSlack, config: Partial<SlackConfig>, clock: () => number) {
    this.slack = slack;
    this.chat = this.another(config, clock);
  }

  /** @param options.start false leaves the chat unstarted. */
  static async open(
    options: { world?: Partial<World>; config?: Partial<SlackConfig>; start?: boolean; clock?: () => number } = {},
  ): Promise<Practice> {
    const slack = await startPracticeSlack({ seed: smallWorld(options.world) });
    const practice = new Practice(slack, options.config ?? {}, options.clock ?? Date.now);
    if (options.start !== false) await practice.chat.start(practice.inbox);
    return practice;
  }

  another(config: Partial<SlackConfig> = {}, clock: () => number = Date.now): SlackChat {
    const { app } = this.slack.world;
    const log = createLogger(process.env.TEST_LOG_LEVEL ?? 'info', {
      write: (line: string) => void this.logs.push(line),
    });
    return createChat(
      { botToken: app.botToken, appToken: app.appToken, port: 0, apiUrl: this.slack.apiUrl, ...config },
      {
        clock,
        log,
        metrics: {
          request: (method, result) => void this.metrics.requests.push(`${method} ${result}`),
          plainForm: (code) => void this.metrics.plainForms.push(code),
          eventsRateLimited: () => {
            this.metrics.rateLimits += 1;
          },
        },
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chat.stop();
    await this.slack.stop();
  }

  type(person: string, request: TypeRequest) {
    return this.#post<{ ts?: string; kind: string } & Partial<Delivery>>(`as/${person}/type`, request);
  }
  click(person: string, request: ClickRequest) {
    return this.#post<Delivery>(`as/${person}/click`, request);
  }
  submit(person: string, request: SubmitRequest) {
    return this.#post<{ closed: boolean; errors?: Record<string, string> }>(`as/${person}/submit`, request);
  }
  home(person: string) {
    return this.#post<{ home?: { plain: string } }>(`as/${person}/home`, {});
  }
  faults(request: FaultRequest) {
    return this.#post(`faults`, request);
  }
  settings(request: SettingsRequest) {
    return this.#post(`settings`, request);
  }
  async clearFaults(): Promise<void> {
    await fetch(`${this.slack.controlUrl}/faults`, { method: 'DELETE' });
  }
  async views(person: string): Promise<{ modals: { id: string; plain: string }[]; home?: { plain: string } }> {
    return this.#get(`as/${person}/views`);
  }
  async sees(person: string, channel: string, thread?: string): Promise<SeenMessage[]> {
    const query = new URLSearchParams({ channel, ...(thread !== undefined && { thread_ts: thread }) });
    return (await this.#get<{ messages: SeenMessage[] }>(`as/${person}/sees?${query}`)).messages;
  }
  async calls(method?: string): Promise<CallRecord[]> {
    const { calls } = await this.#get<{ calls: CallRecord[] }>('calls');
    return calls.filter((call) => method === undefined || call.method === method);
  }
  async sockets(): Promise<number> {
    return (await this.#get<{ app: { sockets: number } }>('state')).app.sockets;
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.slack.controlUrl}/${path}`);
    return (await response.json()) as T;
  }
  async #post<T = unknown>(path: string, body: unknown): Promise<T & { ok: boolean; error?: string }> {
    const response = await fetch(`${this.slack.controlUrl}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T & { ok: boolean; error?: string };
  }
}
