import type { ActionsBlock, ConfirmationDialog, Button as SlackButton, StaticSelect } from '@slack/types';
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
  return rows.map((row) => ({ type: 'actions', elements: row.map(slackElement) }));
}

function slackElement(button: Button): SlackButton | StaticSelect {
  return button.options === undefined || button.options.length === 0 ? slackButton(button) : slackMenu(button);
}

/** Slack takes 100, but not within the size of a message. */
const OPTIONS_MAX = 25;
const OPTION_VALUE_MAX = 75;

/** Slack gives a menu no value of its own: each choice carries the subject and its word, see `readChoice`. */
function slackMenu(button: Button): StaticSelect {
  return {
    type: 'static_select',
    action_id: cut(button.action, 255),
    placeholder: plain(button.label, 150),
    options: (button.options ?? []).slice(0, OPTIONS_MAX).map(({ word, label }) => ({
      text: plain(label, 75),
      value: `${button.value} ${word}`.slice(0, OPTION_VALUE_MAX),
    })),
    ...(button.ask && { confirm: dialog(button.ask, undefined) }),
  };
}

/** The subject and the word in the value of a chosen option. */
export function readChoice(value: string): { value: string; option: string } {
  const [subject = '', ...word] = value.split(' ');
  return { value: subject, option: word.join(' ') };
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
    ...(button.ask && { confirm: dialog(button.ask, style) }),
  };
}

function dialog(ask: NonNullable<Button['ask']>, style: Button['style']): ConfirmationDialog {
  return {
    title: plain(ask.title, 100),
    text: plain(ask.text, 300),
    confirm: plain(ask.yes, 30),
    deny: plain(ask.no, 30),
    ...(style && { style }),
  };
}

/** A text object that Slack does not parse. Never empty: Slack refuses that. */
export function plain(text: string, max: number): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text: cut(inertLine(text), max) || ' ', emoji: false };
}
