import type { ActionsBlock, Button as SlackButton } from '@slack/types';
import type { Button } from '../message.ts';
import { cut, inertLine } from './inert.ts';

const PER_BLOCK = 25;

/** Buttons as action blocks; Slack wants action ids to be unique within a block. */
export function actionBlocks(buttons: readonly Button[]): ActionsBlock[] {
  const rows: Button[][] = [];
  for (const button of buttons) {
    const row = rows.at(-1);
    const fits = row !== undefined && row.length < PER_BLOCK && row.every((other) => other.action !== button.action);
    if (fits) row.push(button);
    else rows.push([button]);
  }
  return rows.map((row) => ({ type: 'actions', elements: row.map(slackButton) }));
}

function slackButton(button: Button): SlackButton {
  const style = button.style === 'primary' && /^(deny|cancel)$/.test(button.action) ? undefined : button.style;
  return {
    type: 'button',
    action_id: cut(button.action, 255),
    text: plain(button.label, 75),
    accessibility_label: cut(inertLine(button.label), 75),
    value: button.value,
    ...(style && { style }),
    ...(button.ask && {
      confirm: {
        title: plain(button.ask.title, 100),
        text: plain(button.ask.text, 300),
        confirm: plain(button.ask.yes, 30),
        deny: plain(button.ask.no, 30),
        ...(style && { style }),
      },
    }),
  };
}

/** A text object that Slack does not parse. Never empty: Slack refuses that. */
export function plain(text: string, max: number): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text: cut(inertLine(text), max) || ' ', emoji: false };
}
