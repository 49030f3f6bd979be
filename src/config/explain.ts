import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const KINDS: Record<string, string> = {
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  array: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

/**
 * A zod issue in plain words: what is expected and what was found, by kind and never by value, because the value may be a secret.
 * Messages written in the schemas pass through.
 */
export function explain(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (/received undefined/.test(issue.message)) return sentence(`is missing; it should be ${kind(issue.expected)}`);
      return sentence(`should be ${kind(issue.expected)}${found(issue)}`);
    case 'invalid_value':
      return sentence(`should be one of ${issue.values.map(String).join(', ')}`);
    case 'too_small':
      return sentence(`is too small: at least ${issue.minimum}${unit(issue.origin, Number(issue.minimum))}`);
    case 'too_big':
      return sentence(`is too large: at most ${issue.maximum}${unit(issue.origin, Number(issue.maximum))}`);
    case 'invalid_format':
      return sentence(issue.format === 'url' ? 'should be a URL such as https://example.org/' : issue.message);
    case 'invalid_key':
      return sentence(issue.issues[0]?.message ?? issue.message);
    default:
      return sentence(issue.message);
  }
}

function kind(word: string): string {
  return KINDS[word] ?? (word === 'int' ? 'a whole number' : word);
}

function found(issue: Issue): string {
  const received = /received (\w+)/.exec(issue.message)?.[1];
  if (received === undefined || received === 'NaN') return '';
  return `, not ${kind(received)}`;
}

function unit(origin: string, amount: number): string {
  const noun = { string: 'character', array: 'entry' }[origin];
  if (noun === undefined) return '';
  if (amount === 1) return ` ${noun}`;
  return noun === 'entry' ? ' entries' : ' characters';
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
