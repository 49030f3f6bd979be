import type { Message } from '../../chat/message.ts';
import type { Explained } from '../engine-contract.ts';
import type { Incident } from '../incident.ts';
import type { BridgeBoard } from '../relay/board.ts';
import type { AnyRule } from '../rule.ts';
import type { RuleSetting } from '../settings.ts';
import type { Severity } from '../severity.ts';
import type { Match } from '../silences/match.ts';
import type { Silence } from '../silences/silence.ts';
import type { Actor, Done } from './deeds.ts';
import type { RuleStats } from './stats.ts';

/**
 * What `/alerts` asks and does. Names of incidents may be typed as an id or its beginning, as `namespace/name`, `kind/name` or `name`,
 * where only one matches. Everything is asked of the policy where the incident's objects are; lists leave out what the asker may not see.
 */
export interface AlertsDesk {
  list(filter: ListFilter, actor: Actor): Promise<readonly Incident[]>;
  /** @throws NotFoundError with the nearest, UsageError when several match, PermissionError. */
  find(name: string, actor: Actor): Promise<Incident>;
  /** Its living message as it would look now. */
  card(incident: Incident): Promise<Message>;
  /** @param isTakenOver also from somebody who has it. */
  ack(name: string, actor: Actor, isTakenOver?: boolean): Promise<Done>;
  /** @param until epoch ms. */
  snooze(name: string, until: number, actor: Actor): Promise<Done>;
  escalate(name: string, actor: Actor): Promise<Done>;
  resolve(name: string, why: string | undefined, actor: Actor): Promise<Done>;
  noise(name: string, why: string, actor: Actor): Promise<Done>;
  /** Those that are over, the newest first. */
  history(filter: HistoryFilter, actor: Actor): Promise<readonly Incident[]>;
  /** By rule, the most frequent first. @param since epoch ms. */
  stats(since: number, actor: Actor): Promise<readonly RuleStats[]>;
  silence(wish: SilenceWish, actor: Actor): Promise<{ readonly silence: Silence; readonly matching: number }>;
  /** Those in force, the one that ends first before the others. */
  silences(actor: Actor): Promise<readonly Silence[]>;
  /** @param name an id or its beginning. @throws NotFoundError, PermissionError. */
  unsilence(name: string, actor: Actor): Promise<Silence>;
  rules(): readonly RuleFacts[];
  /** @throws NotFoundError with the nearest. */
  rule(id: string): RuleFacts;
  /** What the rules find about one object, its pods included. @throws NotFoundError, UnavailableError when it is not watched here. */
  explain(target: ExplainTarget, actor: Actor): Promise<readonly ExplainedObject[]>;
  /** Opens a drill, labelled as such. It ends by itself, or by its button. */
  test(rule: string, actor: Actor): Promise<Incident>;
  /** How the ways from and to other systems stand. @throws PermissionError. */
  bridges(actor: Actor): Promise<Awaited<ReturnType<BridgeBoard['look']>>>;
  /**
   * Puts what a bridge gave up back to be told. @param bridge default all. @returns how many.
   * @throws NotFoundError with the nearest name, PermissionError.
   */
  replay(bridge: string | undefined, actor: Actor): Promise<number>;
  /** The person's time zone, as Slack tells it; undefined: it does not. */
  zoneOf(actor: Actor): Promise<string | undefined>;
}

export interface ListFilter {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly status?: 'firing' | 'acked' | 'snoozed' | 'silenced' | 'resolved' | 'open' | 'all' | undefined;
  readonly rule?: string | undefined;
  /** Only what the asker has acked, snoozed or escalated. */
  readonly mine?: boolean | undefined;
}

export interface HistoryFilter extends Omit<ListFilter, 'status'> {
  /** Epoch ms. */
  readonly since: number;
  readonly limit: number;
}

export interface SilenceWish {
  readonly match: Match;
  /** Ms. */
  readonly lastingMs: number;
  readonly reason: string;
}

export interface RuleFacts {
  readonly rule: AnyRule;
  readonly setting: RuleSetting;
}

export interface ExplainTarget {
  /** Alias; undefined: the default cluster. */
  readonly cluster: string;
  readonly namespace: string;
  /** The API's kind: `Deployment`. */
  readonly kind: string;
  readonly name: string;
  /** Only this rule. */
  readonly rule?: string | undefined;
}

export interface ExplainedObject {
  /** `pod/web-7d9f`. */
  readonly object: string;
  readonly findings: readonly Explained[];
}
