/** The parts of Slack's payloads that we read. Everything may be missing: it came from outside. */
export interface SlashPayload {
  readonly command: string;
  readonly text?: string;
  readonly team_id: string;
  readonly enterprise_id?: string;
  readonly user_id: string;
  readonly channel_id: string;
  readonly trigger_id: string;
  readonly response_url?: string;
}

export interface EventPayload {
  readonly type?: string;
  readonly team_id?: string;
  readonly enterprise_id?: string;
  readonly authorizations?: readonly { readonly team_id?: string | null; readonly enterprise_id?: string | null }[];
  readonly event?: SlackEvent;
}

export interface SlackEvent {
  readonly type: string;
  readonly subtype?: string;
  readonly hidden?: boolean;
  readonly edited?: unknown;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly user?: string;
  readonly user_team?: string;
  readonly team?: string;
  readonly text?: string;
  readonly channel?: string;
  readonly channel_type?: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly client_msg_id?: string;
  readonly tab?: string;
}

interface Clicker {
  readonly id: string;
  readonly team_id?: string;
}
interface Team {
  readonly id: string;
  readonly enterprise_id?: string;
}

export interface ActionsPayload {
  readonly type: string;
  readonly user: Clicker;
  readonly team?: Team | null;
  readonly enterprise?: { readonly id: string } | null;
  readonly trigger_id?: string;
  readonly response_url?: string;
  readonly channel?: { readonly id: string };
  readonly message?: { readonly ts: string; readonly thread_ts?: string };
  readonly container?: {
    readonly type?: string;
    readonly message_ts?: string;
    readonly channel_id?: string;
    readonly thread_ts?: string;
    readonly is_ephemeral?: boolean;
  };
  readonly actions?: readonly {
    readonly action_id: string;
    readonly action_ts?: string;
    readonly value?: string;
    readonly selected_option?: { readonly value: string } | null;
  }[];
}

export interface SubmissionPayload {
  readonly type: string;
  readonly user: Clicker;
  readonly team?: Team | null;
  readonly enterprise?: { readonly id: string } | null;
  readonly view: {
    readonly id: string;
    readonly hash: string;
    readonly callback_id: string;
    readonly private_metadata?: string;
    readonly app_installed_team_id?: string;
    readonly state?: unknown;
    readonly blocks?: readonly { readonly type: string; readonly block_id: string }[];
  };
}
