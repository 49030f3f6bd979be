/**
 * What Shipmate says, in Shipmate's own words. Domains and commands build these values; only `chat/render` knows Block Kit.
 *
 * All text here is treated as untrusted: it is rendered where Slack parses nothing (rich_text, plain_text, raw_text cells), so a pod
 * called `<!channel>` pings nobody and a log line cannot close its own fence.
 */
export type Status =
  | 'queued'
  | 'needs-confirmation'
  | 'needs-approval'
  | 'running'
  | 'succeeded'
  | 'no-change'
  | 'failed'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'unknown';

export interface Message {
  readonly status?: Status;
  /** One line that carries the result; becomes the notification text. Without status word or emoji: those are computed. */
  readonly title: string;
  /** What the notification says instead of status and title. */
  readonly notice?: string;
  /** A bar of this colour beside everything but the title. Colour alone says nothing: the words say it, too. */
  readonly colour?: Colour;
  readonly parts?: readonly Part[];
  readonly buttons?: readonly Button[];
  /** Small print under everything: where, who, when, the invocation id. */
  readonly footer?: string;
  readonly metadata?: Metadata;
}

/** What the colour of a living message stands for. */
export type Colour = 'firing' | 'acked' | 'snoozed' | 'resolved';

/** Found again after a crash by these (Slack message metadata, event_type `shipmate`). */
export interface Metadata {
  readonly invocation?: string;
  readonly incident?: string;
  readonly request?: string;
  readonly generation: number;
}

export type Part = TextPart | FieldsPart | OutputPart | TablePart | DiffPart | ListPart | ProgressPart | ButtonsPart;

/** Buttons that belong to what stands right above them, where a message is about several things. */
export interface ButtonsPart {
  readonly kind: 'buttons';
  readonly buttons: readonly Button[];
}

/** Our own words, with marked spans. */
export interface TextPart {
  readonly kind: 'text';
  readonly spans: readonly Span[];
}
export type Span =
  | string
  | { readonly code: string }
  | { readonly bold: string }
  | { readonly person: string }
  /** A Slack user group by its id. */
  | { readonly group: string }
  | { readonly link: string; readonly label: string }
  | Moment;

/** A time, epoch ms, that Slack shows in the reader's own time zone together with how long ago it is, without any edit. */
export interface Moment {
  readonly at: number;
}

/** Short label–value pairs: cluster, namespace, requested by … */
export interface FieldsPart {
  readonly kind: 'fields';
  readonly fields: readonly { readonly label: string; readonly value: FieldValue }[];
}
export type FieldValue =
  | string
  | { readonly person: string }
  | { readonly link: string; readonly label: string }
  | Moment
  /** Several pieces, such as a time and a few words. */
  | { readonly spans: readonly Span[] };

/** Preformatted output. Past the inline limits its head and tail stay in the message and the whole goes to a file in the thread. */
export interface OutputPart {
  readonly kind: 'output';
  readonly text: string;
  /** File name used when it is too long, such as `get-pods-prod-default-20261120T0941Z.txt`. */
  readonly filename: string;
  /** False where a file must never be made of it. Default true. */
  readonly mayUpload?: boolean;
}

/** A server-side table, as kubectl prints it. */
export interface TablePart {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Rows are grouped with repeated headers where several kinds were asked for; each group is its own part. */
  readonly caption?: string;
  readonly filename: string;
  readonly view?: TableView;
}
export interface Column {
  readonly name: string;
  /** Kubernetes' own: 0 is always shown, higher ones with `-o wide`. */
  readonly priority: number;
}
export interface TableView {
  /** Zero-based page of 25 rows. */
  readonly page: number;
  readonly wide: boolean;
  /** False suppresses the header line (`--no-headers`). Default true. */
  readonly headers?: boolean;
  /** The id under which the frozen result is stored; absent: no paging buttons are offered. */
  readonly id?: string;
}

/** Before → after, line by line. */
export interface DiffPart {
  readonly kind: 'diff';
  readonly entries: readonly { readonly label: string; readonly before: string; readonly after: string }[];
}

export interface ListPart {
  readonly kind: 'list';
  readonly items: readonly string[];
}

/** A progress bar while something runs; `total` 0 means not known. */
export interface ProgressPart {
  readonly kind: 'progress';
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

export interface Button {
  /** Stable word, becomes Slack's action_id. */
  readonly action: string;
  /** Says the action: "Scale web to 5", never "OK". */
  readonly label: string;
  /** Opaque: `<subject id>.<generation>`. */
  readonly value: string;
  readonly style?: 'primary' | 'danger';
  /** Choices: then it is a menu that shows `label`, and the press carries the chosen `word`. At most 25. */
  readonly options?: readonly { readonly word: string; readonly label: string }[];
  /** A native confirm dialog before the press is sent. */
  readonly ask?: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string };
}

export interface Modal {
  /** Stable word that comes back in `ModalSubmission.callback`. */
  readonly callback: string;
  /** Comes back in `ModalSubmission.subject`. */
  readonly subject: string;
  readonly title: string;
  readonly submit: string;
  readonly parts: readonly Part[];
  readonly fields: readonly ModalField[];
}
export interface ModalField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly multiline?: boolean;
  readonly optional?: boolean;
}
