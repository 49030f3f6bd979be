import type { Channel } from '../store/channels.ts';
import type { Workspace } from '../workspace.ts';

export type Args = Readonly<Record<string, unknown>>;

/** `{ok: false, error}` as Slack answers it. Thrown by methods, never shown to people. */
export class ApiError extends Error {
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** Slack answers schema problems twice: bare in `errors`, and marked in `response_metadata.messages`. */
export function schemaError(code: string, problems: readonly string[]): ApiError {
  if (problems.length === 0) return new ApiError(code);
  const messages = problems.map((problem) => `[ERROR] ${problem}`);
  return new ApiError(code, { errors: problems, response_metadata: { messages } });
}

export interface Method {
  /** Which token it takes; `none` needs none. */
  readonly token: 'bot' | 'app' | 'none';
  /** One of these scopes must be granted; absent: none is needed. Scopes that depend on the kind of channel are checked by the method. */
  readonly scopes?: readonly string[];
  /** Work that the faults may cut off before or after. Returns what stands beside `ok: true`. */
  run(workspace: Workspace, args: Args): Record<string, unknown>;
}

export function requireScope(workspace: Workspace, ...oneOf: readonly string[]): void {
  if (oneOf.some((scope) => workspace.scopes.has(scope))) return;
  throw new ApiError('missing_scope', { needed: oneOf.join(','), provided: [...workspace.scopes].join(',') });
}

const KIND_PREFIX = { channel: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const;

/** `channels:read`, `groups:history`, …: the right depends on what kind of conversation it is. */
export function requireKindScope(workspace: Workspace, channel: Channel, right: 'read' | 'history' | 'write'): void {
  requireScope(workspace, `${KIND_PREFIX[channel.kind]}:${right}`);
}

/** A channel as the bot may see it: private ones it is not in do not exist for it. */
export function visibleChannel(workspace: Workspace, id: unknown): Channel {
  const channel = typeof id === 'string' ? workspace.channels.get(id) : undefined;
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (channel.kind !== 'channel' && !workspace.channels.isBotIn(channel)) throw new ApiError('channel_not_found');
  return channel;
}

export function textArg(args: Args, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : String(value);
}

export function requiredText(args: Args, name: string): string {
  const value = textArg(args, name);
  if (value === undefined || value === '') {
    throw schemaError('invalid_arguments', [`missing required field: ${name} [json-pointer:/${name}]`]);
  }
  return value;
}

export function flagArg(args: Args, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1' || args[name] === 1;
}

/** A whole number within limits, or the fallback when it is absent. */
export function numberArg(args: Args, name: string, fallback: number, min: number, max: number): number {
  const given = args[name];
  if (given === undefined || given === null || given === '') return fallback;
  const value = Number(given);
  if (!Number.isInteger(value)) throw new ApiError(`invalid_${name}`);
  return Math.min(max, Math.max(min, value));
}

/** Slack takes structures as JSON text in forms and as they are in JSON bodies. */
export function structArg(args: Args, name: string): unknown {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new ApiError(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_json');
  }
}

/** One page of a list with an opaque cursor. */
export function paged<T>(
  items: readonly T[],
  args: Args,
  limit: number,
): { readonly page: readonly T[]; readonly next: string } {
  const cursor = textArg(args, 'cursor');
  const from =
    cursor === undefined || cursor === ''
      ? 0
      : Number(Buffer.from(cursor, 'base64').toString('utf8').replace('at:', ''));
  if (!Number.isInteger(from) || from < 0) throw new ApiError('invalid_cursor');
  const page = items.slice(from, from + limit);
  const end = from + page.length;
  return { page, next: end < items.length ? Buffer.from(`at:${end}`).toString('base64') : '' };
}
