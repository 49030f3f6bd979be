/**
 * What the page, scripts and tests say to a practice Slack, and what it says back.
 *
 * Everything is JSON over HTTP under `/control`. An answer is `{ok: true, …}` with status 200, or `{ok: false, error, message}` with
 * status 400 (not understood), 404 (no such person, channel, message, view), 403 (Slack would not let this person do it) or
 * 409 (`needs_confirmation`: show `confirm`, then send the same request again with `confirmed: true`).
 *
 *   GET    /control/state                          StateAnswer
 *   POST   /control/as/:person/type                TypeRequest    -> TypeAnswer
 *   POST   /control/as/:person/click               ClickRequest   -> ActionAnswer
 *   POST   /control/as/:person/choose              ChooseRequest  -> ActionAnswer
 *   POST   /control/as/:person/submit              SubmitRequest  -> SubmitAnswer
 *   POST   /control/as/:person/close               CloseRequest   -> {ok}
 *   POST   /control/as/:person/home                {}             -> HomeAnswer (opens the App Home tab)
 *   POST   /control/as/:person/reload              {}             -> {ok} (this person's ephemeral messages are gone, as in Slack)
 *   POST   /control/as/:person/react               ReactRequest   -> {ok}
 *   POST   /control/as/:person/edit | delete       EditRequest    -> {ok} (own messages only)
 *   POST   /control/as/:person/join | leave        {channel}      -> {ok}
 *   POST   /control/as/:person/options             OptionsRequest -> OptionsAnswer (external selects)
 *   GET    /control/as/:person/sees?channel=&thread_ts=&limit=   SeesAnswer (the newest `limit`, default 1,000; oldest first)
 *   GET    /control/as/:person/views               ViewsAnswer
 *   WS     /control/as/:person/events              PageEvent per frame, first `hello`
 *   POST   /control/faults                         FaultRequest   -> {ok, faults}; DELETE clears all
 *   GET    /control/calls                          CallsAnswer; DELETE clears
 *   POST   /control/clock                          {advanceMs}    -> {ok, now}
 *   POST   /control/usergroups                     {id, users} or a whole group -> {ok}
 *   POST   /control/settings                       SettingsRequest -> {ok, settings}
 *
 * `:person` is an id or a handle. `channel` is an id, a name with or without `#`, or `@handle` for a direct message (`@Shipmate`).
 * Files: `url_private` of a file is a path on this server and opens in a browser without a token.
 */
import type { CallRecord } from './protocol-faults.ts';
import type { UserGroupSeed, World } from './world.ts';

export type { CallFault, CallRecord, FaultRequest, SettingsRequest } from './protocol-faults.ts';
export type { AppSeed, ChannelSeed, PersonSeed, SlashCommandSeed, UserGroupSeed, World } from './world.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
/** A Block Kit block exactly as the app sent it, with `block_id` (and each element's `action_id`) filled in. */
export type Block = { readonly type: string; readonly block_id?: string; readonly [key: string]: unknown };

export interface Refusal {
  readonly ok: false;
  /** A stable word: `needs_confirmation`, `no_such_person`, `no_such_channel`, `no_such_button`, `not_in_channel`, `not_allowed`, … */
  readonly error: string;
  readonly message: string;
  readonly confirm?: ConfirmDialog;
}
export type Answer<T> = ({ readonly ok: true } & T) | Refusal;

/** Texts are plain; show them as they are. */
export interface ConfirmDialog {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
  readonly style?: 'primary' | 'danger';
}

export interface StateAnswer {
  readonly team: World['team'];
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly botUserId: string;
    readonly botId: string;
    readonly commands: readonly {
      readonly command: string;
      readonly description: string;
      readonly usageHint: string;
    }[];
    /** Live Socket Mode connections. */
    readonly sockets: number;
    readonly mode: 'socket' | 'http';
  };
  readonly people: readonly PersonState[];
  readonly channels: readonly ChannelState[];
  readonly userGroups: readonly UserGroupSeed[];
  /** Things to try, to be offered at the composer. */
  readonly tips: readonly string[];
  /** Epoch milliseconds of the server's clock. */
  readonly now: number;
}

export interface PersonState {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly color: string;
  readonly title: string;
  readonly isBot: boolean;
  readonly isGuest: boolean;
  readonly isDeactivated: boolean;
  readonly isStranger: boolean;
  readonly teamId: string;
}

export interface ChannelState {
  readonly id: string;
  /** Without `#`; for direct messages the other side's handle. */
  readonly name: string;
  readonly kind: 'channel' | 'private' | 'im' | 'mpim';
  readonly topic: string;
  readonly purpose: string;
  readonly members: readonly string[];
  readonly botIsMember: boolean;
  readonly isArchived: boolean;
  readonly isExtShared: boolean;
  readonly bookmarks: readonly {
    readonly id: string;
    readonly title: string;
    readonly link: string;
    readonly emoji?: string;
  }[];
  /** `ts` of the newest message, for unread marks. */
  readonly latest?: string;
}

export interface SeenMessage {
  readonly channel: string;
  readonly ts: string;
  /** Id of the person or bot user; `USLACKBOT` for Slack's own words. */
  readonly user: string;
  readonly bot_id?: string;
  /** Slack's mrkdwn with its `<…>` forms. Shown only when `blocks` is absent. */
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly { readonly [key: string]: unknown }[];
  /** Equal to `ts` on a message that has replies. */
  readonly thread_ts?: string;
  readonly reply_count: number;
  readonly reply_users: readonly string[];
  readonly latest_reply?: string;
  /** "Only visible to you". */
  readonly ephemeral: boolean;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files: readonly SeenFile[];
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[]; readonly count: number }[];
  readonly subtype?: string;
  readonly metadata?: { readonly event_type: string; readonly event_payload: { readonly [key: string]: unknown } };
  /** Everything a person reads in this message as plain text: blocks or text, attachments, buttons as `[Label]`, files. */
  readonly plain: string;
}

export interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  /** Opens in the page without a token. */
  readonly url_private: string;
  /** First lines of text files. */
  readonly preview?: string;
}

export interface SeenView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly hash: string;
  readonly callback_id: string;
  readonly title?: string;
  readonly submit?: string;
  readonly close?: string;
  readonly blocks: readonly Block[];
  readonly private_metadata: string;
  readonly plain: string;
  /** From `response_action: errors`: block_id → text. */
  readonly errors?: Readonly<Record<string, string>>;
  /** Slack's own sentence when the app did not answer a submission. */
  readonly trouble?: string;
}

export interface TypeRequest {
  readonly channel: string;
  /** `@handle`, `@Shipmate`, `@group-handle`, `#channel` become mentions; a leading `/` is a slash command. */
  readonly text: string;
  readonly thread_ts?: string;
}
export type TypeAnswer = Answer<
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string }
  /** Answered after the app's acknowledgement, or after it failed to come; the person then also sees Slack's sentence. */
  | ({ readonly kind: 'command'; readonly channel: string } & Delivery)
>;

export interface Delivery {
  readonly acknowledged: boolean;
  /** Milliseconds from the gesture to the app's acknowledgement. */
  readonly ackMs: number;
  /** `dispatch_failed` (nobody to deliver to, or a broken answer) or `operation_timeout` (no answer within 3 s). */
  readonly failure?: 'dispatch_failed' | 'operation_timeout';
  readonly triggerId?: string;
}

/** Names a button by `action_id` or by its visible `label`; `block_id` when several are alike. In a message (`channel`, `ts`) or a view. */
export interface ClickRequest {
  readonly channel?: string;
  readonly ts?: string;
  /** View id, or `home`, or `modal` for the topmost one. */
  readonly view?: string;
  readonly action_id?: string;
  readonly label?: string;
  readonly block_id?: string;
  readonly confirmed?: boolean;
}

/** For selects, overflow, radio buttons, checkboxes and pickers that act at once. */
export interface ChooseRequest extends ClickRequest {
  /** Option value(s) or visible text(s); user, channel or conversation id; `YYYY-MM-DD`; `HH:MM`; typed text. */
  readonly value: string | readonly string[];
}
export type ActionAnswer = Answer<Delivery & { readonly actionId: string; readonly blockId: string }>;

export interface SubmitRequest {
  /** Default: the topmost modal. */
  readonly view_id?: string;
  /** By `action_id` or `block_id` of the input: typed text, option value(s) or text(s), ids, dates. */
  readonly values?: Readonly<Record<string, string | readonly string[]>>;
}
/** Not submitted: `errors` (by block_id, from Slack's own checks or the app's), or `trouble`. */
export type SubmitAnswer = Answer<
  Delivery & {
    readonly closed: boolean;
    readonly errors?: Readonly<Record<string, string>>;
    readonly trouble?: string;
  }
>;

export interface CloseRequest {
  readonly view_id?: string;
  /** The small cross: all views of the stack, `is_cleared: true`. */
  readonly all?: boolean;
}
export interface ReactRequest {
  readonly channel: string;
  readonly ts: string;
  readonly name: string;
  readonly remove?: boolean;
}
export interface EditRequest {
  readonly channel: string;
  readonly ts: string;
  readonly text?: string;
}
export interface OptionsRequest extends ClickRequest {
  readonly query: string;
}
export type OptionsAnswer = Answer<{ readonly options: readonly { readonly text: string; readonly value: string }[] }>;

export type SeesAnswer = Answer<{ readonly channel: ChannelState; readonly messages: readonly SeenMessage[] }>;
export type HomeAnswer = Answer<{ readonly home?: SeenView }>;
/** `modals`: bottom first. */
export type ViewsAnswer = Answer<{ readonly modals: readonly SeenView[]; readonly home?: SeenView }>;

/** One frame of `/control/as/:person/events`. Only what this person may see. Thread replies come as `message` with `thread_ts`. */
export type PageEvent =
  | { readonly type: 'hello'; readonly me: PersonState; readonly state: StateAnswer }
  | { readonly type: 'message'; readonly channel: string; readonly message: SeenMessage }
  /** Also for reactions, new reply counts, and ephemerals replaced by their response_url. */
  | { readonly type: 'message_changed'; readonly channel: string; readonly message: SeenMessage }
  | { readonly type: 'message_deleted'; readonly channel: string; readonly ts: string; readonly thread_ts?: string }
  /** A new ephemeral message: `message.ephemeral` is true. */
  | { readonly type: 'ephemeral'; readonly channel: string; readonly message: SeenMessage }
  /** On top of whatever modal is open. */
  | { readonly type: 'view_opened'; readonly view: SeenView }
  | { readonly type: 'view_updated'; readonly view: SeenView }
  | { readonly type: 'view_closed'; readonly view_id: string }
  | { readonly type: 'home'; readonly view: SeenView }
  /** New channel, topic, bookmarks, members, archived. */
  | { readonly type: 'channel_changed'; readonly channel: ChannelState }
  | { readonly type: 'people_changed'; readonly people: readonly PersonState[] }
  /** Slack's own sentence about a gesture that failed (a button nobody answered). Failed commands come as `ephemeral`. */
  | { readonly type: 'notice'; readonly channel?: string; readonly view_id?: string; readonly text: string }
  | { readonly type: 'app'; readonly sockets: number };

export type CallsAnswer = Answer<{ readonly calls: readonly CallRecord[] }>;
