import { UnavailableError, UsageError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { delay } from '../time.ts';
import { NotDelivered } from './delivery.ts';
import { missingFeatures } from './scopes.ts';
import type { Web } from './send/web.ts';

export interface Identity {
  readonly userId: string;
  readonly botId: string;
  readonly team: string;
  readonly name: string;
  /** Of the workspace, `https://northwind.slack.com/`. */
  readonly url: string | undefined;
}

const BAD_TOKEN = new Set(['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired']);
const LONGEST_PAUSE_MS = 10_000;

/**
 * Who we are, from auth.test, and which scopes were granted. While Slack cannot be reached it is asked again.
 * @throws UsageError when the token is no good: waiting will not mend that. UnavailableError when stopped while waiting.
 */
export async function whoAmI(web: Web, log: Logger, signal: AbortSignal): Promise<Identity> {
  for (let pauseMs = 250; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      const answer = await web.call('interactive', 'auth.test', {});
      const scopes = (answer.response_metadata as { scopes?: string[] } | undefined)?.scopes;
      if (scopes !== undefined) web.noteMissing(missingFeatures(scopes));
      return {
        userId: String(answer.user_id),
        botId: String(answer.bot_id ?? ''),
        team: String(answer.team_id),
        name: String(answer.user ?? 'shipmate'),
        url: typeof answer.url === 'string' ? answer.url : undefined,
      };
    } catch (error) {
      if (error instanceof NotDelivered && BAD_TOKEN.has(error.slackError)) {
        throw new UsageError(`Slack refuses the bot token (${error.slackError}).`, {
          hint: 'Copy the Bot User OAuth Token of the installed app into SLACK_BOT_TOKEN.',
          cause: error,
        });
      }
      log.warn({ err: error, pauseMs }, 'Slack does not answer auth.test; trying again');
      await delay(pauseMs, signal).catch(() => {
        throw new UnavailableError('Stopped before Slack answered.', { cause: error });
      });
    }
  }
}
