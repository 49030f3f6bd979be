/**
 * Small pieces that check JSON the way Slack does, and say what is wrong in Slack's words with a JSON pointer:
 * `no more than 50 items allowed [json-pointer:/blocks]`.
 */
export class Report {
  readonly problems: string[] = [];
  /** On modals and App Home some blocks and limits differ. */
  readonly surface: 'message' | 'modal' | 'home';

  constructor(surface: 'message' | 'modal' | 'home') {
    this.surface = surface;
  }

  add(at: string, problem: string): void {
    this.problems.push(`${problem} [json-pointer:${at}]`);
  }
}

export type Check = (value: unknown, at: string, report: Report) => void;
export type Fields = Readonly<Record<string, unknown>>;

/** A text of `min` to `max` characters (UTF-16 units, as Slack counts). */
export function text(max: number, min = 0): Check {
  return (value, at, report) => {
    if (typeof value !== 'string') report.add(at, 'must provide a string');
    else if (value.length > max) report.add(at, `must be less than ${max + 1} characters`);
    else if (value.length < min) report.add(at, `must be more than ${min - 1} characters`);
  };
}

export function url(max: number): Check {
  return (value, at, report) => {
    text(max, 1)(value, at, report);
    if (typeof value === 'string' && value !== '' && !/^(https?|mailto|slack|tel):/.test(value))
      report.add(at, 'invalid url');
  };
}

export function matching(pattern: RegExp, words: string): Check {
  return (value, at, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) report.add(at, words);
  };
}

export const bool: Check = (value, at, report) => {
  if (typeof value !== 'boolean') report.add(at, 'must be a boolean');
};

export const number: Check = (value, at, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report.add(at, 'must be a number');
};

export function integer(min: number, max: number): Check {
  return (value, at, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) report.add(at, 'must be an integer');
    else if (value < min || value > max) report.add(at, `must be between ${min} and ${max}`);
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, at, report) => {
    if (!allowed.includes(value as string)) report.add(at, `invalid value: must be one of ${allowed.join(', ')}`);
  };
}

export function list(item: Check, limits: { readonly min?: number; readonly max: number }): Check {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report.add(at, 'must provide an array');
    if (value.length > limits.max) return report.add(at, `no more than ${limits.max} items allowed`);
    if (value.length < (limits.min ?? 0)) return report.add(at, `no fewer than ${limits.min} items allowed`);
    value.forEach((one, index) => {
      item(one, `${at}/${index}`, report);
    });
  };
}

/** An object with exactly these fields; a name that ends in `?` may be absent. Then `also` looks at the whole. */
export function object(
  fields: Readonly<Record<string, Check>>,
  also?: (value: Fields, at: string, report: Report) => void,
): Check {
  const entries = Object.entries(fields).map(([name, check]) => ({
    name: name.replace(/\?$/, ''),
    isOptional: name.endsWith('?'),
    check,
  }));
  const known = new Set(entries.map(({ name }) => name));
  return (value, at, report) => {
    if (!isFields(value)) return report.add(at, 'must provide an object');
    for (const { name, isOptional, check } of entries) {
      const field = value[name];
      if (field !== undefined && field !== null) check(field, `${at}/${name}`, report);
      else if (!isOptional) report.add(at, `missing required field: ${name}`);
    }
    for (const name of Object.keys(value)) if (!known.has(name)) report.add(at, `invalid additional property: ${name}`);
    also?.(value, at, report);
  };
}

/** Chooses the check by the field `type`; a type that is not listed is refused. */
export function byType(kinds: Readonly<Record<string, Check>>): Check {
  return (value, at, report) => {
    if (!isFields(value)) return report.add(at, 'must provide an object');
    const type = value.type;
    const check = typeof type === 'string' ? kinds[type] : undefined;
    if (type === undefined) report.add(at, 'missing required field: type');
    else if (check === undefined) report.add(`${at}/type`, `unsupported type: ${String(type)}`);
    else check(value, at, report);
  };
}

/** Only for checking that ids are unique in a list of objects. */
export function refuseTwice(
  values: readonly { readonly id: unknown; readonly at: string }[],
  name: string,
  report: Report,
): void {
  const seen = new Set<unknown>();
  for (const { id, at } of values) {
    if (id === undefined || id === null || id === '') continue;
    if (seen.has(id)) report.add(`${at}/${name}`, `\`${name}\` "${String(id)}" already exists`);
    seen.add(id);
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const anything: Check = () => {};
