import type { AnyCommand, Effect, Plan } from '../../pipeline/definition.ts';
import { countMarkers, marker } from '../../redact/marker.ts';
import { isSecretUnder } from '../../redact/names.ts';
import { redactText } from '../../redact/text.ts';
import { redactValue } from '../../redact/values.ts';

/**
 * A command whose plans and effects are kept and shown without secrets. It is done where they are made, because the digest that a person
 * confirms is computed over the plan. `data`, by which `act` goes, stays as it is: it holds what the person typed, and a typed secret
 * was refused before.
 */
export function redactingPlans(command: AnyCommand): AnyCommand {
  if (command.risk === 'read') return command;
  return {
    ...command,
    async plan(args, context) {
      const plan = await command.plan(args, context);
      return 'nothingToDo' in plan ? plan : redactPlan(plan);
    },
    async verify(plan, context) {
      const verdict = await command.verify(plan, context);
      if (verdict.applied === true) return { applied: true, effect: redactEffect(verdict.effect) };
      return redactValue(verdict);
    },
    async act(plan, context) {
      return redactEffect(await command.act(plan, context));
    },
  };
}

/** Pure. */
export function redactPlan(plan: Plan): Plan {
  const { data, undo, changes, ...words } = plan;
  const isWhole = undo !== undefined && redactText(undo) === undo && countMarkers(undo) === 0;
  const clean = changes.map(({ label, before, after }) => ({
    label: redactText(label),
    before: under(label, before),
    after: under(label, after),
  }));
  const isHidden = clean.some(({ before }) => countMarkers(before) > 0);
  return {
    ...redactValue(words),
    changes: clean,
    // A line that would bring back a secret would have to say it.
    ...(isWhole && !isHidden ? { undo } : {}),
    data,
  };
}

function redactEffect(effect: Effect): Effect {
  return redactValue(effect);
}

function under(label: string, value: string): string {
  return isSecretUnder(label, value) ? marker(value) : redactText(value);
}
