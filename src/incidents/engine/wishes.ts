import type { AnyRule } from '../rule.ts';
import type { SeenObject } from '../seen/kinds.ts';
import { durationFrom, thresholdFrom } from '../settings.ts';
import type { ObjectRef, Sight } from '../sight.ts';

/**
 * What annotations wish: `shipmate/alerts: "off"` or a list of rules, `"P01,P08"`, and `shipmate/alert.P03.hold: 5m` or any other
 * threshold. Of the namespace, the root and the object, the nearest to the object wins; one opt-out is enough.
 */
interface Wishes {
  readonly isOff: boolean;
  readonly off: ReadonlySet<string>;
  /** `P03.hold` → as written. */
  readonly values: ReadonlyMap<string, string>;
}

const OPT_OUT = 'shipmate/alerts';
const VALUE = 'shipmate/alert.';
const NONE: Wishes = { isOff: false, off: new Set(), values: new Map() };

/** Equal annotations are one value in the cache of a cluster, nearly always the empty one. */
const read = new WeakMap<object, Wishes>();

function wishesOf(annotations: Readonly<Record<string, string>>): Wishes {
  const known = read.get(annotations);
  if (known) return known;
  const wishes = parse(annotations);
  read.set(annotations, wishes);
  return wishes;
}

function parse(annotations: Readonly<Record<string, string>>): Wishes {
  const entries = Object.entries(annotations).filter(([name]) => name === OPT_OUT || name.startsWith(VALUE));
  if (entries.length === 0) return NONE;
  const words = (annotations[OPT_OUT] ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return {
    isOff: words.some((word) => word.toLowerCase() === 'off'),
    off: new Set(words.map((word) => word.toUpperCase())),
    values: new Map(
      entries.filter(([name]) => name !== OPT_OUT).map(([name, value]) => [name.slice(VALUE.length), value]),
    ),
  };
}

/** The wishes that reach one object; the nearest last. */
export class Wishing {
  readonly #levels: readonly { readonly what: string; readonly wishes: Wishes }[];

  constructor(sight: Sight, object: SeenObject, root: ObjectRef) {
    const { namespace, uid } = object.metadata;
    const above = namespace === '' ? undefined : sight.get('Namespace', '', namespace);
    const top = root.uid === uid ? undefined : sight.byUid(root.uid);
    const levels: { what: string; wishes: Wishes }[] = [];
    for (const one of [above, top, object]) {
      const wishes = one && wishesOf(one.metadata.annotations);
      if (one && wishes && wishes !== NONE)
        levels.push({ what: `${one.kind.toLowerCase()}/${one.metadata.name}`, wishes });
    }
    this.#levels = levels;
  }

  /** Who opted out of this rule, `namespace/shop`. */
  optedOut(rule: string): string | undefined {
    return this.#levels.find(({ wishes }) => wishes.isOff || wishes.off.has(rule))?.what;
  }

  hold(rule: AnyRule): number | undefined {
    return this.#last(rule, 'hold', durationFrom);
  }

  threshold(rule: AnyRule, name: string): number | undefined {
    const threshold = rule.settings[name];
    return threshold && this.#last(rule, name, (text) => thresholdFrom(threshold, text));
  }

  /** Annotations about this rule that mean nothing, each as half a sentence. */
  mistakes(rule: AnyRule): readonly string[] {
    return this.#levels.flatMap(({ what, wishes }) =>
      [...wishes.values].flatMap(([name, text]) => {
        const [id, setting = ''] = splitOnce(name);
        if (id !== rule.id) return [];
        const why = mistake(rule, setting, text);
        return why === undefined ? [] : [`annotation ${VALUE}${name} of ${what} is ignored: ${why}`];
      }),
    );
  }

  #last(rule: AnyRule, name: string, from: (text: string) => number | undefined): number | undefined {
    let found: number | undefined;
    for (const { wishes } of this.#levels) {
      const text = wishes.values.get(`${rule.id}.${name}`);
      if (text !== undefined) found = from(text) ?? found;
    }
    return found;
  }
}

/** Whether two sets of annotations wish different things. */
export function wishDifferently(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const [one, other] = [wishesOf(a), wishesOf(b)];
  if (one === other) return false;
  return (
    JSON.stringify([one.isOff, [...one.off], [...one.values]]) !==
    JSON.stringify([other.isOff, [...other.off], [...other.values]])
  );
}

function mistake(rule: AnyRule, setting: string, text: string): string | undefined {
  if (setting === 'hold')
    return durationFrom(text) === undefined ? `"${text}" is not a duration such as 90s or 5m` : undefined;
  const threshold = rule.settings[setting];
  if (!threshold) return `${rule.id} has no setting "${setting}"`;
  if (thresholdFrom(threshold, text) !== undefined) return undefined;
  return threshold.kind === 'duration' ? `"${text}" is not a duration such as 90s or 5m` : `"${text}" is not a number`;
}

function splitOnce(name: string): [string, string?] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}
