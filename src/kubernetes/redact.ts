import type { KubeObject } from './cluster.ts';

/**
 * Whole objects without what must not reach Slack. It is done on the tree, before any printer runs, so that no format can get around it.
 *
 * Certain: the values of Secrets (base64 is not redaction), `last-applied-configuration` (it repeats them), `managedFields` (noise).
 * By pattern, and therefore only best effort: literal environment variables, command-line arguments, ConfigMap values, fields whose name
 * says that they are secret, private keys, tokens and addresses with a password anywhere.
 */
export interface Redacted {
  readonly object: KubeObject;
  /** How many values were hidden. */
  readonly hidden: number;
}

export function redact(object: KubeObject): Redacted {
  const redactor = new Redactor();
  return { object: redactor.object(object), hidden: redactor.hidden };
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const SECRET_NAME = /pass|secret|token|key|cred|dsn|auth|cookie/i;
/** Field names that hold the secret itself; `secretName`, `tokenRef`, `imagePullSecrets` only point at one. */
const SECRET_FIELD =
  /^(password|passwd|passphrase|token|secret|bearer|api_?key|access_?key|secret_?key|private_?key|client_?secret|credentials?)$/i;
const SECRET_VALUE = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i,
  /\b(xox[abprs]-|gh[pousr]_|AKIA|ASIA|glpat-|sk-)[\w-]{10,}/,
];
const SECRET_ARGUMENT = /^(--?[\w-]*(?:pass(?:word|wd)?|secret|token|key|cred\w*|auth)[\w-]*)(?:=(.+))?$/i;
const SECRET_LINE =
  /^(\s*["']?[\w.-]*(?:pass(?:word|wd)?|secret|token|api_?key|access_?key|private_?key|credentials?|dsn)["']?\s*[:=]\s*)(\S.*)$/i;

class Redactor {
  hidden = 0;

  object(object: KubeObject): KubeObject {
    const isSecret = /secret/i.test(object.kind ?? '');
    const isConfigMap = object.kind === 'ConfigMap';
    const { metadata, ...fields } = object;
    const entries = Object.entries(fields).map(([field, value]) => {
      const isContent = field === 'data' || field === 'stringData' || field === 'binaryData';
      if (isContent && isSecret) return [field, this.#sizes(value, field !== 'stringData')];
      if (isContent && isConfigMap) return [field, field === 'data' ? this.#texts(value) : this.#sizes(value, true)];
      return [field, this.#value(value, field)];
    });
    return { ...Object.fromEntries(entries), metadata: this.#metadata(metadata) };
  }

  #metadata(metadata: KubeObject['metadata']): KubeObject['metadata'] {
    const { managedFields: _, annotations, ...rest } = metadata;
    if (annotations === undefined) return rest;
    const { [LAST_APPLIED]: __, ...others } = annotations;
    return { ...rest, annotations: this.#value(others, 'annotations') as Record<string, string> };
  }

  /** Key names stay, values become their length. */
  #sizes(value: unknown, isBase64: boolean): unknown {
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, text]) => [
        key,
        this.#size(Buffer.byteLength(String(text), isBase64 ? 'base64' : 'utf8')),
      ]),
    );
  }

  #texts(value: unknown): unknown {
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, this.#text(key, String(text))]));
  }

  #text(key: string, text: string): string {
    if (isSecretValue(text) || (!text.includes('\n') && SECRET_FIELD.test(key)))
      return this.#size(Buffer.byteLength(text));
    return text
      .split('\n')
      .map((line) =>
        line.replace(
          SECRET_LINE,
          (_, name: string, secret: string) => `${name}${this.#size(Buffer.byteLength(secret))}`,
        ),
      )
      .join('\n');
  }

  #value(value: unknown, field: string): unknown {
    if (Array.isArray(value)) return this.#list(value, field);
    if (value !== null && typeof value === 'object') {
      const { name, value: literal } = value as { name?: unknown; value?: unknown };
      const isPair = typeof name === 'string' && typeof literal === 'string';
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          isPair && key === 'value' && (SECRET_NAME.test(name) || isSecretValue(inner) || isRandom(inner))
            ? this.#size(Buffer.byteLength(inner as string))
            : this.#value(inner, key),
        ]),
      );
    }
    const isHidden = typeof value === 'string' && value !== '' && (SECRET_FIELD.test(field) || isSecretValue(value));
    return isHidden ? this.#size(Buffer.byteLength(value)) : value;
  }

  #list(list: readonly unknown[], field: string): unknown[] {
    if (field !== 'args' && field !== 'command') return list.map((item) => this.#value(item, field));
    return list.map((item, index) => {
      if (typeof item !== 'string') return this.#value(item, field);
      const before = SECRET_ARGUMENT.exec(String(list[index - 1] ?? ''));
      // `--password hush` in two words.
      if (before && before[2] === undefined && !item.startsWith('-')) return this.#size(Buffer.byteLength(item));
      const own = SECRET_ARGUMENT.exec(item);
      if (own?.[2] !== undefined) return `${own[1]}=${this.#size(Buffer.byteLength(own[2]))}`;
      return isSecretValue(item) ? this.#size(Buffer.byteLength(item)) : item;
    });
  }

  #size(bytes: number): string {
    this.hidden += 1;
    return `<hidden, ${bytes} bytes>`;
  }
}

function isSecretValue(value: unknown): boolean {
  return typeof value === 'string' && SECRET_VALUE.some((pattern) => pattern.test(value));
}

/** Long, one word, letters of both cases and digits, and no two places alike: nobody types that by hand. */
function isRandom(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 20 || !/^[\w+/=-]+$/.test(value)) return false;
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  const bits = [...counts.values()].reduce((sum, n) => sum - (n / value.length) * Math.log2(n / value.length), 0);
  return bits > 3.5;
}
