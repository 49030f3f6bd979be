import { App, LogLevel } from '@slack/bolt';
import type { KnownBlock, View } from '@slack/types';
import type { PracticeSlack } from '../../deploy/sandbox/slack/server.ts';

/**
 * A bot of two screens for the page's own tests: it says every kind of thing Shipmate says, but knows no cluster. A program of its own
 * instead of Shipmate, so that these tests judge the page alone.
 */
export interface ScriptedBot {
  /** Moves the scale of `ts` on: the message is edited in place. */
  progress(channel: string, ts: string, done: number): Promise<void>;
  /** A message in a thread, or in the channel. */
  says(channel: string, text: string, thread?: string): Promise<string>;
  stop(): Promise<void>;
}

export const COMMANDS = [
  { command: '/k8s', description: 'Look at and change Kubernetes clusters', usageHint: 'get pods -n shop' },
  { command: '/reboot', description: 'Ask for the reboot of a node', usageHint: 'worker-3' },
  { command: '/shipmate', description: 'How Shipmate is', usageHint: 'status' },
];

const OUTPUT = `NAME                       READY   STATUS             RESTARTS   AGE
web-6d5f8c9b7d-2xkqp       1/1     Running            0          3d
web-6d5f8c9b7d-9fjwm       1/1     Running            0          3d
web-6d5f8c9b7d-tq4z8       1/1     Running            0          3d
cart-7c9d5b6f4-hk2lp       0/1     CrashLoopBackOff   17         2h
<img src=x onerror=boom>   0/1     Pending            0          1s`;

const words = (text: string) => ({ type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text }] });

function scaleCard(done: number): KnownBlock[] {
  const bar = `${'▓'.repeat(done * 4)}${'░'.repeat((5 - done) * 4)} ${done}/5 ready`;
  const running: KnownBlock[] = [
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'confirm',
          style: 'primary',
          text: { type: 'plain_text', text: 'Scale web to 5' },
          confirm: {
            title: { type: 'plain_text', text: 'Scale web to 5?' },
            text: { type: 'plain_text', text: 'deployment/web in shop goes from 3 to 5 replicas.' },
            confirm: { type: 'plain_text', text: 'Scale' },
            deny: { type: 'plain_text', text: 'Not now' },
          },
        },
        { type: 'button', action_id: 'cancel', text: { type: 'plain_text', text: 'Cancel' } },
      ],
    },
  ];
  return [
    {
      type: 'rich_text',
      elements: [
        words(done === 0 ? 'Needs confirmation ❔ Scale deployment/web to 5' : `Scaling deployment/web: ${bar}`),
      ],
    },
    ...(done === 0 ? running : []),
    { type: 'context', elements: [{ type: 'plain_text', text: 'demo · shop · asked by Ada' }] },
  ];
}

const REBOOT: View = {
  type: 'modal',
  callback_id: 'reboot',
  title: { type: 'plain_text', text: 'Request a reboot' },
  submit: { type: 'plain_text', text: 'Request' },
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: '`worker-3` runs *12 pods*.' } },
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'text', multiline: true },
    },
    {
      type: 'input',
      block_id: 'approver',
      optional: true,
      label: { type: 'plain_text', text: 'Approver' },
      element: { type: 'users_select', action_id: 'person' },
    },
  ],
};

export async function startScriptedBot(slack: PracticeSlack): Promise<ScriptedBot> {
  const { botToken, appToken } = slack.world.app;
  const app = new App({
    token: botToken,
    appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  const post = async (channel: string, text: string, blocks?: KnownBlock[], thread?: string): Promise<string> => {
    const message = { channel, text, ...(blocks && { blocks }), ...(thread && { thread_ts: thread }) };
    return (await app.client.chat.postMessage(message)).ts ?? '';
  };
  const progress = async (channel: string, ts: string, done: number): Promise<void> => {
    await app.client.chat.update({ channel, ts, text: `Scaling web: ${done}/5`, blocks: scaleCard(done) });
  };

  app.command('/k8s', async ({ command, ack }) => {
    await ack();
    if (command.text.startsWith('scale')) await post(command.channel_id, 'Scale deployment/web to 5', scaleCard(0));
    else {
      await post(command.channel_id, '5 pods', [
        {
          type: 'rich_text',
          elements: [
            words('5 pods in shop'),
            { type: 'rich_text_preformatted', elements: [{ type: 'text', text: OUTPUT }] },
          ],
        },
      ]);
    }
  });
  app.command('/shipmate', async ({ ack }) =>
    ack({ response_type: 'ephemeral', text: 'All *three* systems are well.' }),
  );
  app.command('/reboot', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: REBOOT });
  });
  app.action('confirm', async ({ ack, body }) => {
    await ack();
    if (body.type === 'block_actions' && body.message) await progress(body.channel?.id ?? '', body.message.ts, 1);
  });
  app.view('reboot', async ({ ack, view, body }) => {
    const reason = view.state.values.reason?.text?.value ?? '';
    if (reason.length < 10) {
      await ack({ response_action: 'errors', errors: { reason: 'Say why, in at least ten characters.' } });
      return;
    }
    await ack();
    await post('C0OPS', `Reboot of worker-3 asked for by <@${body.user.id}>: ${reason}`);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: 'Aye aye' } },
          { type: 'section', text: { type: 'mrkdwn', text: 'All clusters are *calm*.' } },
        ],
      },
    });
  });

  await app.start();
  return {
    progress,
    says: (channel, text, thread) => post(channel, text, undefined, thread),
    async stop() {
      await app.stop();
    },
  };
}
