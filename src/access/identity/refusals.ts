import { NotDelivered } from '../../chat/delivery.ts';
import { type ErrorDetail, PermissionError } from '../../errors.ts';
import type { Refusal } from './judge.ts';

const SENTENCES: Readonly<Record<Refusal, readonly [string, ErrorDetail]>> = {
  foreign: [
    'Shipmate does not work for people of other workspaces.',
    {
      hint: 'Ask somebody of this workspace to do it. An administrator can allow a whole workspace under access.teams in shipmate.yaml.',
    },
  ],
  deactivated: [
    'This Slack account is deactivated, so nothing is done in its name.',
    { hint: 'Ask a colleague to run the command again.' },
  ],
  bot: [
    'Shipmate takes commands from people only, not from bots and workflows.',
    { hint: 'Run the command yourself; for machines there are the webhooks.' },
  ],
  guest: [
    'Shipmate does not work for guests of this workspace.',
    { hint: 'Ask a member of your channel to do it, or your workspace’s administrators to make you a full member.' },
  ],
};

/** What a refused person reads: the fact, and the next step. */
export function sentenceFor(refusal: Refusal): readonly [string, ErrorDetail] {
  return SENTENCES[refusal];
}

/** Slack could not say who somebody is: refused, with what is missing. */
export function unknownPerson(failure: unknown): PermissionError {
  const isScope = failure instanceof NotDelivered && failure.slackError === 'missing_scope';
  return isScope
    ? new PermissionError('Shipmate may not ask Slack who you are (the scope users:read is missing), so it refuses.', {
        hint: 'Whoever installed the app can grant users:read and reinstall it; `deploy/slack/manifest.yaml` has all scopes.',
        cause: failure,
      })
    : new PermissionError('Slack does not say at the moment who you are, so nothing was done.', {
        hint: 'Try again in a minute.',
        cause: failure,
      });
}

/** Said in a direct message to whoever used Shipmate in a channel where outsiders read along. */
export function sharedChannel(): PermissionError {
  return new PermissionError('That channel is shared with another organisation, so Shipmate says nothing there.', {
    hint: 'Use an internal channel, or write to me here.',
  });
}
