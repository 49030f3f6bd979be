import type {
  ActionAnswer,
  SeenMessage,
  SeenView,
  SubmitAnswer,
  TypeAnswer,
  ViewsAnswer,
} from '../../deploy/sandbox/slack/protocol.ts';
import { delay } from '../../src/time.ts';
import type { ControlClient } from './practice-slack-control.ts';

type Good<T> = Extract<T, { ok: true }>;
/** What to look for in a message's plain text: a part of it, or a pattern. */
type Wanted = string | RegExp;

export interface LookOptions {
  /** `ts` of a thread's parent; or a message in it. Absent: the channel itself. */
  readonly thread?: string | SeenMessage;
  /** Gives up after this many milliseconds. Default 10,000. */
  readonly withinMs?: number;
  /** Only messages after this one. */
  readonly after?: SeenMessage;
  /** Only the newest so many. */
  readonly limit?: number;
}

const LOOK_EVERY_MS = 25;
/** Looking at a long channel forty times a second would be work for nothing. */
const NEWEST = 200;

/**
 * One person at their own Slack. They see what Slack shows to them and nothing else:
 *
 *   const ada = slack.person('ada');
 *   await ada.types('/k8s scale deploy/web 5 -n shop', { channel: 'ops' });
 *   const card = await ada.sees('ops', 'scale deployment/web');
 *   await ada.clicks(card, 'Scale web to 5', { confirmed: true });
 */
export class Actor {
  readonly name: string;
  readonly #control: ControlClient;

  constructor(name: string, control: ControlClient) {
    this.name = name;
    this.#control = control;
  }

  /** Types and presses return. For commands this waits for the acknowledgement (or its absence, 3 s). */
  async types(
    text: string,
    where: { readonly channel: string; readonly thread?: string | SeenMessage },
  ): Promise<Good<TypeAnswer>> {
    const thread_ts = threadTs(where.thread);
    return this.#act<Good<TypeAnswer>>('type', {
      channel: where.channel,
      text,
      ...(thread_ts === undefined ? {} : { thread_ts }),
    });
  }

  /** Waits until a message that matches is visible to this person, and returns the newest such. */
  async sees(channel: string, wanted: Wanted, options: LookOptions = {}): Promise<SeenMessage> {
    return this.#until(
      options.withinMs,
      async () => {
        const after = Number(options.after?.ts ?? 0);
        const messages = await this.reads(channel, { ...options, limit: options.limit ?? NEWEST });
        return messages
          .filter((message) => Number(message.ts) > after)
          .findLast((message) => matches(message.plain, wanted));
      },
      async () =>
        `${this.name} never saw ${String(wanted)} in ${channel}. Visible:\n${await this.#transcript(channel, options)}`,
    );
  }

  /** Waits until this very message reads so. */
  async seesOn(
    message: SeenMessage,
    wanted: Wanted,
    options: { readonly withinMs?: number } = {},
  ): Promise<SeenMessage> {
    const look = {
      ...(message.thread_ts === undefined || message.thread_ts === message.ts ? {} : { thread: message.thread_ts }),
    };
    const find = async (): Promise<SeenMessage | undefined> =>
      (await this.reads(message.channel, look)).find((one) => one.ts === message.ts);
    return this.#until(
      options.withinMs,
      async () => {
        const now = await find();
        return now !== undefined && matches(now.plain, wanted) ? now : undefined;
      },
      async () => `The message never read ${String(wanted)}. It reads:\n${(await find())?.plain ?? '(gone)'}`,
    );
  }

  /** Waits until nothing visible matches any more. */
  async seesNo(channel: string, wanted: Wanted, options: LookOptions = {}): Promise<void> {
    await this.#until(
      options.withinMs,
      async () => !(await this.reads(channel, options)).some((message) => matches(message.plain, wanted)) || undefined,
      async () => `${this.name} still sees ${String(wanted)} in ${channel}.`,
    );
  }

  /** Everything visible to this person now, oldest first. */
  async reads(channel: string, options: LookOptions = {}): Promise<readonly SeenMessage[]> {
    const query = new URLSearchParams({ channel });
    const thread = threadTs(options.thread);
    if (thread !== undefined) query.set('thread_ts', thread);
    if (options.limit !== undefined) query.set('limit', String(options.limit));
    const path = `as/${this.name}/sees?${query}`;
    return (await this.#control.get<{ messages: readonly SeenMessage[] }>(path)).messages;
  }

  /** The plain texts visible now: for asserting that somebody saw exactly these. */
  async sawOnly(channel: string, options: LookOptions = {}): Promise<readonly string[]> {
    return (await this.reads(channel, options)).map((message) => message.plain);
  }

  /**
   * Presses a button by its label or `action_id`.
   * @throws Refused `needs_confirmation` when a confirm dialog stands before it and `confirmed` is not set.
   */
  async clicks(
    on: SeenMessage | SeenView | 'home' | 'modal',
    button: string,
    options: { readonly confirmed?: boolean } = {},
  ): Promise<Good<ActionAnswer>> {
    return this.#act<Good<ActionAnswer>>('click', { ...place(on), ...named(on, button), ...options });
  }

  /** Chooses in a select, overflow menu, radio buttons, checkboxes or picker, found by `action_id`. */
  async chooses(
    on: SeenMessage | SeenView | 'home' | 'modal',
    actionId: string,
    value: string | readonly string[],
    options: { readonly confirmed?: boolean } = {},
  ): Promise<Good<ActionAnswer>> {
    return this.#act<Good<ActionAnswer>>('choose', { ...place(on), action_id: actionId, value, ...options });
  }

  /** Fills in the topmost modal and submits it. */
  async submits(values: Readonly<Record<string, string | readonly string[]>> = {}): Promise<Good<SubmitAnswer>> {
    return this.#act<Good<SubmitAnswer>>('submit', { values });
  }

  async closes(options: { readonly all?: boolean } = {}): Promise<void> {
    await this.#act('close', options);
  }

  /** Waits until a modal of theirs is open (and reads so), and returns the topmost. */
  async modal(wanted: Wanted = '', withinMs?: number): Promise<SeenView> {
    return this.#until(
      withinMs,
      async () => {
        const view = (await this.views()).modals.at(-1);
        return view !== undefined && matches(`${view.title ?? ''}\n${view.plain}`, wanted) ? view : undefined;
      },
      async () => `${this.name} has no modal that reads ${String(wanted)}.`,
    );
  }

  /** Opens the App Home and waits until it reads so. */
  async home(wanted: Wanted = '', withinMs?: number): Promise<SeenView> {
    await this.#act('home', {});
    return this.#until(
      withinMs,
      async () => {
        const view = (await this.views()).home;
        return view !== undefined && matches(view.plain, wanted) ? view : undefined;
      },
      async () => `${this.name}'s home never read ${String(wanted)}.`,
    );
  }

  views(): Promise<Good<ViewsAnswer>> {
    return this.#control.get<Good<ViewsAnswer>>(`as/${this.name}/views`);
  }

  /** Reloads Slack: ephemeral messages and modals are gone. */
  async reloads(): Promise<void> {
    await this.#act('reload', {});
  }

  async reacts(message: SeenMessage, name: string): Promise<void> {
    await this.#act('react', { channel: message.channel, ts: message.ts, name });
  }

  #act<T>(gesture: string, body: unknown): Promise<T> {
    return this.#control.post<T>(`as/${this.name}/${gesture}`, body);
  }

  async #until<T>(withinMs = 10_000, look: () => Promise<T | undefined>, complain: () => Promise<string>): Promise<T> {
    const end = performance.now() + withinMs;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > end) throw new Error(await complain());
      await delay(LOOK_EVERY_MS);
    }
  }

  async #transcript(channel: string, options: LookOptions): Promise<string> {
    const messages = await this.reads(channel, options);
    return messages
      .map((message) => `  [${message.user}${message.ephemeral ? ', only you' : ''}] ${message.plain}`)
      .join('\n');
  }
}

function matches(text: string, wanted: Wanted): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

function threadTs(thread: string | SeenMessage | undefined): string | undefined {
  return typeof thread === 'object' ? (thread.thread_ts ?? thread.ts) : thread;
}

function place(on: SeenMessage | SeenView | 'home' | 'modal'): Record<string, string> {
  if (typeof on === 'string') return { view: on };
  return 'ts' in on ? { channel: on.channel, ts: on.ts } : { view: on.id };
}

/** A word that is some element's `action_id` is taken as such; everything else is a label. */
function named(on: SeenMessage | SeenView | 'home' | 'modal', button: string): Record<string, string> {
  const isActionId =
    typeof on === 'object'
      ? JSON.stringify([on.blocks, 'ts' in on ? on.attachments : []]).includes(`"action_id":${JSON.stringify(button)}`)
      : /^[a-z_.-]+$/.test(button);
  return isActionId ? { action_id: button } : { label: button };
}
