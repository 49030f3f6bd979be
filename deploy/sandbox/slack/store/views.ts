import type { Block } from '../protocol.ts';
import { randomText, slackId } from './ids.ts';

type PlainText = Readonly<Record<string, unknown>> & { readonly text: string };

/** A view as the app sends it, checked before it comes here. */
export interface ViewDefinition {
  readonly type: 'modal' | 'home';
  readonly blocks: readonly Block[];
  readonly title?: PlainText;
  readonly submit?: PlainText;
  readonly close?: PlainText;
  readonly private_metadata?: string;
  readonly callback_id?: string;
  readonly external_id?: string;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
}

export interface View {
  readonly id: string;
  readonly owner: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  definition: ViewDefinition;
  hash: string;
  /** block_id → action_id → what stands in the field, in the form of `view.state.values`. */
  readonly state: Map<string, Map<string, Readonly<Record<string, unknown>>>>;
  errors: Readonly<Record<string, string>> | undefined;
  trouble: string | undefined;
}

export const STACK_LIMIT = 3;

/** Each person's own stack of modals, and their own App Home. */
export class Views {
  readonly #stacks = new Map<string, View[]>();
  readonly #homes = new Map<string, View>();

  /** Bottom first. */
  stack(owner: string): readonly View[] {
    return this.#stacks.get(owner) ?? [];
  }

  home(owner: string): View | undefined {
    return this.#homes.get(owner);
  }

  byId(id: string): View | undefined {
    return this.#all().find((view) => view.id === id);
  }

  byExternalId(externalId: string): View | undefined {
    return this.#all().find((view) => view.definition.external_id === externalId);
  }

  /** Opens a new stack; an older one of the same person is closed by it. @returns the views that were closed. */
  open(owner: string, definition: ViewDefinition, now: number): { view: View; closed: readonly View[] } {
    const closed = this.stack(owner);
    const id = slackId('V');
    const view = newView(id, owner, id, undefined, definition, now);
    this.#stacks.set(owner, [view]);
    return { view, closed };
  }

  /** On top of the owner's stack, which must not be full. */
  push(owner: string, definition: ViewDefinition, now: number): View {
    const stack = this.stack(owner);
    const below = stack.at(-1);
    const id = slackId('V');
    const view = newView(id, owner, below?.rootId ?? id, below?.id, definition, now);
    this.#stacks.set(owner, [...stack, view]);
    return view;
  }

  publish(owner: string, definition: ViewDefinition, now: number): View {
    const existing = this.#homes.get(owner);
    if (existing !== undefined) {
      this.replace(existing, definition, now);
      return existing;
    }
    const id = slackId('V');
    const view = newView(id, owner, id, undefined, definition, now);
    this.#homes.set(owner, view);
    return view;
  }

  /** What stands in fields whose block_id and action_id are kept stays, as in Slack. */
  replace(view: View, definition: ViewDefinition, now: number): void {
    const kept = new Set(definition.blocks.map((block) => block.block_id));
    view.definition = definition;
    view.hash = newHash(now);
    view.errors = undefined;
    view.trouble = undefined;
    for (const blockId of [...view.state.keys()]) if (!kept.has(blockId)) view.state.delete(blockId);
  }

  close(view: View): void {
    const left = this.stack(view.owner).filter((other) => other !== view);
    this.#stacks.set(view.owner, left);
  }

  clear(owner: string): readonly View[] {
    const gone = this.stack(owner);
    this.#stacks.delete(owner);
    return gone;
  }

  #all(): View[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }
}

function newView(
  id: string,
  owner: string,
  rootId: string,
  previousId: string | undefined,
  definition: ViewDefinition,
  now: number,
): View {
  return {
    id,
    owner,
    rootId,
    previousId,
    definition,
    hash: newHash(now),
    state: new Map(),
    errors: undefined,
    trouble: undefined,
  };
}

function newHash(now: number): string {
  return `${Math.floor(now / 1_000)}.${randomText(8)}`;
}
