import type { Entry, Where } from './entry.ts';

/** What `/shipmate audit` asks for; every field narrows. */
export interface AuditQuery {
  /** A Slack user id. */
  readonly user?: string | undefined;
  /** Part of the command's name or of the line that was typed; case does not matter. */
  readonly command?: string | undefined;
  /** A cluster's or an etcd cluster's alias. */
  readonly cluster?: string | undefined;
  /** Everything of one invocation. */
  readonly invocation?: string | undefined;
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
  /** At most that many stories. */
  readonly limit: number;
}

/** All entries of one invocation, oldest first. */
export interface Story {
  readonly invocation: string;
  readonly entries: readonly Entry[];
}

/** Entries of one invocation are gathered; what has no invocation stands alone. Newest story first. Pure. */
export function storiesOf(entries: readonly Entry[]): Story[] {
  const stories = new Map<string, Entry[]>();
  for (const entry of [...entries].sort((a, b) => a.seq - b.seq)) {
    const key = entry.invocation ?? `#${entry.seq}`;
    stories.set(key, [...(stories.get(key) ?? []), entry]);
  }
  const newest = (story: Story): number => story.entries.at(-1)?.seq ?? 0;
  return [...stories].map(([invocation, own]) => ({ invocation, entries: own })).sort((a, b) => newest(b) - newest(a));
}

export function matches(story: Story, query: AuditQuery): boolean {
  if (query.invocation !== undefined && story.invocation !== query.invocation) return false;
  if (query.since !== undefined && !story.entries.some((entry) => entry.at >= (query.since as number))) return false;
  if (query.user !== undefined && !story.entries.some((entry) => entry.who?.user === query.user)) return false;
  if (query.cluster !== undefined && !story.entries.some((entry) => isIn(entry.where, query.cluster as string)))
    return false;
  const words = query.command?.toLowerCase();
  if (words === undefined) return true;
  return story.entries.some((entry) =>
    [entry.command, entry.parsed, entry.typed].some((text) => text?.toLowerCase().includes(words)),
  );
}

function isIn(where: Where | undefined, cluster: string): boolean {
  return where?.cluster === cluster || where?.etcd === cluster;
}

/** How a story stands, in few words: its outcome, or what is the last thing known of it. Pure. */
export function standing(story: Story): string {
  const { entries } = story;
  const last = entries.at(-1);
  const outcome = entries.findLast((entry) => entry.type === 'outcome');
  if (outcome) return outcome.result ?? 'ended';
  if (entries.some((entry) => entry.type === 'intent')) return 'intent without outcome';
  if (last?.type === 'refused') return `refused ${last.result ?? ''}`.trim();
  return last?.type ?? '';
}
