import { randomBytes } from 'node:crypto';
import { randomText } from './ids.ts';

/** Slack: 3 seconds, one use. */
const TRIGGER_LIFE_MS = 3_000;
/** Slack: 5 uses within 30 minutes. */
const RESPONSE_LIFE_MS = 30 * 60_000;
const RESPONSE_USES = 5;
const KEEP = 5_000;

export interface Trigger {
  readonly id: string;
  readonly person: string;
  readonly madeAt: number;
  /** The modal it was pressed in: what `views.push` builds on. */
  readonly viewId?: string | undefined;
  isUsed: boolean;
}

export interface ResponseTicket {
  readonly token: string;
  readonly person: string;
  readonly channel: string;
  readonly threadTs?: string | undefined;
  readonly madeAt: number;
  /** The message whose button was pressed. Slash commands have none, so `replace_original` means nothing to them (bolt-js#2287). */
  readonly original?: { readonly ts: string; readonly isEphemeral: boolean } | undefined;
  uses: number;
}

/** Rights that an interaction hands to the app for a short time. */
export class Tickets {
  readonly #triggers = new Map<string, Trigger>();
  readonly #responses = new Map<string, ResponseTicket>();

  newTrigger(person: string, now: number, viewId?: string): Trigger {
    const id = `${Math.floor(now)}.${String(now % 1_000_000).padStart(6, '0')}.${randomBytes(16).toString('hex')}`;
    const trigger = { id, person, madeAt: now, viewId, isUsed: false };
    this.#triggers.set(id, trigger);
    forgetOldest(this.#triggers);
    return trigger;
  }

  /** Spends a trigger. @returns the trigger, or Slack's error word. */
  exchange(id: string, now: number): Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) return 'invalid_trigger_id';
    if (trigger.isUsed) return 'exchanged_trigger_id';
    if (now - trigger.madeAt > TRIGGER_LIFE_MS) return 'expired_trigger_id';
    trigger.isUsed = true;
    return trigger;
  }

  newResponse(ticket: Omit<ResponseTicket, 'token' | 'uses'>): ResponseTicket {
    const made = { ...ticket, token: randomText(24), uses: 0 };
    this.#responses.set(made.token, made);
    forgetOldest(this.#responses);
    return made;
  }

  /** Spends one use. @returns the ticket, or Slack's error word (answered with 404). */
  spend(token: string, now: number): ResponseTicket | 'invalid_url' | 'expired_url' | 'used_url' {
    const ticket = this.#responses.get(token);
    if (ticket === undefined) return 'invalid_url';
    if (now - ticket.madeAt > RESPONSE_LIFE_MS) return 'expired_url';
    if (ticket.uses >= RESPONSE_USES) return 'used_url';
    ticket.uses += 1;
    return ticket;
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= KEEP) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
