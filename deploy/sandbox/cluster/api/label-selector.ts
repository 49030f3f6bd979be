import { badRequest } from '../status.ts';

type Labels = Readonly<Record<string, string>> | undefined;
export type LabelPredicate = (labels: Labels) => boolean;

interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
  values: string[];
}

/**
 * The whole grammar of `labels.Parse`: `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a)`, `k`, `!k`, `k>1`, `k<1`, comma = AND.
 * @throws ApiError 400 when the text is not a selector.
 */
export function parseLabelSelector(text: string): LabelPredicate {
  const requirements = parse(text);
  return (labels) => requirements.every((requirement) => holds(requirement, labels));
}

/** The predicate of a `metav1.LabelSelector`; an empty one matches everything, an absent one nothing. */
export function fromLabelSelector(
  selector:
    | {
        matchLabels?: Record<string, string>;
        matchExpressions?: { key: string; operator: string; values?: string[] }[];
      }
    | undefined,
): LabelPredicate {
  if (!selector) return () => false;
  const wanted = Object.entries(selector.matchLabels ?? {});
  const operators: Record<string, Requirement['operator']> = {
    In: 'in',
    NotIn: 'notin',
    Exists: 'exists',
    DoesNotExist: '!',
  };
  const requirements = (selector.matchExpressions ?? []).map((expression) => ({
    key: expression.key,
    operator: operators[expression.operator] ?? 'in',
    values: expression.values ?? [],
  }));
  return (labels) =>
    wanted.every(([key, value]) => labels?.[key] === value) &&
    requirements.every((requirement) => holds(requirement, labels));
}

/** A selector as text, as `metav1.FormatLabelSelector` prints it: `a=1,b in (x,y)`, or `<none>`. */
export function formatLabelSelector(selector: Parameters<typeof fromLabelSelector>[0]): string {
  const parts = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator.toLowerCase()} (${[...(values ?? [])].sort().join(',')})`);
  }
  return parts.length === 0 ? '<none>' : parts.sort().join(',');
}

function holds({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels?.[key];
  if (operator === 'exists') return value !== undefined;
  if (operator === '!') return value === undefined;
  if (operator === 'in') return value !== undefined && values.includes(value);
  if (operator === 'notin') return value === undefined || !values.includes(value);
  if (value === undefined || !/^-?\d+$/.test(value)) return false;
  return operator === 'gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
}

const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function parse(text: string): Requirement[] {
  const tokens = text.match(/==|!=|[(),=!<>]|[^\s(),=!<>]+/g) ?? [];
  const requirements: Requirement[] = [];
  let at = 0;
  const refuse = (what: string): never => {
    throw badRequest(`unable to parse requirement: ${what}`);
  };
  const word = (expected: string): string => {
    const token = tokens[at++];
    if (token === undefined || /^[(),=!<>]/.test(token)) {
      return refuse(`found '${token ?? ''}', expected: ${expected}`);
    }
    return token;
  };
  const checkKey = (key: string): string =>
    KEY.test(key)
      ? key
      : refuse(
          `<nil>: Invalid value: ${JSON.stringify(key)}: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        );
  const checkValue = (value: string, key: string): string =>
    VALUE.test(value)
      ? value
      : refuse(
          `values[0][${key}]: Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
        );
  while (at < tokens.length) {
    if (tokens[at] === '!') {
      at++;
      requirements.push({ key: checkKey(word('identifier')), operator: '!', values: [] });
    } else {
      if (tokens[at] === ',') throw badRequest("found ',', expected: !, identifier, or 'end of string'");
      const key = checkKey(word("!, identifier, or 'end of string'"));
      const next = tokens[at];
      if (next === undefined || next === ',') requirements.push({ key, operator: 'exists', values: [] });
      else if (next === '=' || next === '==' || next === '!=') {
        at++;
        const isValue = tokens[at] !== undefined && tokens[at] !== ',';
        const value = isValue ? checkValue(word('identifier'), key) : '';
        requirements.push({ key, operator: next === '!=' ? 'notin' : 'in', values: [value] });
      } else if (next === '>' || next === '<') {
        at++;
        requirements.push({ key, operator: next === '>' ? 'gt' : 'lt', values: [word('identifier')] });
      } else if (next === 'in' || next === 'notin') {
        at++;
        requirements.push({ key, operator: next, values: parseSet(key) });
      } else refuse(`found '${next}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    if (at < tokens.length && tokens[at++] !== ',')
      refuse(`found '${tokens[at - 1]}', expected: ',' or 'end of string'`);
  }
  return requirements;

  function parseSet(key: string): string[] {
    if (tokens[at] !== '(') refuse(`found '${tokens[at] ?? ''}' expected: '('`);
    at++;
    const values: string[] = [];
    while (tokens[at] !== ')') {
      if (tokens[at] === ',') values.push('');
      else values.push(checkValue(word("',', or identifier"), key));
      if (tokens[at] === ',') at++;
      else if (tokens[at] !== ')') refuse(`found '${tokens[at] ?? ''}', expected: ',' or ')'`);
    }
    at++;
    return values;
  }
}
