import { LogLevel } from '@slack/bolt';
import type { Logger } from '../log.ts';

export interface BoltLogger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
  setLevel(level: LogLevel): void;
  getLevel(): LogLevel;
  setName(name: string): void;
}

/**
 * Bolt's logger on ours. Debug lines are dropped at every level: they hold whole message bodies. Bolt's errors become warnings, because
 * each of them is also handled, and reported with its meaning, by us.
 */
export function boltLogger(log: Logger): BoltLogger {
  const say = (words: unknown[]): string =>
    words.map((word) => (word instanceof Error ? word.message : String(word))).join(' ');
  return {
    debug: () => undefined,
    info: (...words) => log.debug({ library: 'bolt', said: say(words) }, 'Slack library'),
    warn: (...words) => log.info({ library: 'bolt', said: say(words) }, 'Slack library'),
    error: (...words) => log.warn({ library: 'bolt', said: say(words) }, 'Slack library'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
