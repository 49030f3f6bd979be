import { countMarkers, isMarker, marker, markerOf } from '../redact/marker.ts';
import { looksRandom } from '../redact/random.ts';
import { redactText } from '../redact/text.ts';
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
const SECRET_ARGUMENT = /^(--?[\w-]*(?:pass(?:word|wd)?|secret|token|key|cred\w*|auth)[\w-]*)(?:=(.+))?$/i;
class Redactor {
  hidden = 0;

  object(object: KubeObject): KubeObject {
    const isSecret = /secret/i.test(object.kind ?? '');
    const isConfigMap = object.kind === 'ConfigMap';
    // Helm may keep its releases, values and all, in ConfigMaps.
    const isRelease = isConfigMap && object.metadata.labels?.owner === 'helm';
    const { metadata, ...fields } = object;
    const entries = Object.entries(fields).map(([field, value]) => {
      const isContent = field === 'data' || field === 'stringData' || field === 'binaryData';
      if (isContent && (isSecret || isRelease)) return [field, this.#sizes(value, field !== 'stringData')];
      if (isContent && isConfigMap) return [field, field === 'data' ? this.#texts(value) : this.#sizes(value, true)];
      return [field, this.#value(value, field)];
    });
    return { ...Object.fromEntries(entries), metadata: this.#metadata(metadata) };
  }

  #metadata(metadata: KubeObject['metadata']): KubeObject['metadata'] {
    const { managedFields: _, annotations, ...rest } = metadata;
    if (annotations === undefined) return rest;
    return { ...rest, annotations: this.#value(annotations, 'annotations') as Record<string, string> };
  }

  /** Key names stay, values become their length. */
  #sizes(value: unknown, isBase64: boolean): unknown {
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, text]) => [
        key,
        isBase64 && !isMarker(String(text))
          ? this.#size(Buffer.byteLength(String(text), 'base64'))
          : this.#whole(String(text)),
      ]),
    );
  }

  #texts(value: unknown): unknown {
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, this.#text(key, String(text))]));
  }

  #text(key: string, text: string): string {
    if (text !== '' && !text.includes('\n') && SECRET_FIELD.test(key)) return this.#whole(text);
    return this.#parts(text);
  }

  /** Only what looks like a secret in it goes. */
  #parts(text: string): string {
    const shown = redactText(text);
    if (shown !== text) this.hidden += countMarkers(shown) - countMarkers(text);
    return shown;
  }

  #value(value: unknown, field: string): unknown {
    if (Array.isArray(value)) return this.#list(value, field);
    if (value !== null && typeof value === 'object') {
      const { name, value: literal } = value as { name?: unknown; value?: unknown };
      const isPair = typeof name === 'string' && typeof literal === 'string';
      return Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== LAST_APPLIED)
          .map(([key, inner]) => [
            key,
            isPair && key === 'value' && isSecretLiteral(name, literal)
              ? this.#whole(literal)
              : this.#value(inner, key),
          ]),
      );
    }
    const isLiteral = (typeof value === 'string' && value !== '') || typeof value === 'number';
    if (isLiteral && SECRET_FIELD.test(field)) return this.#whole(String(value));
    return typeof value === 'string' ? this.#parts(value) : value;
  }

  #list(list: readonly unknown[], field: string): unknown[] {
    if (field !== 'args' && field !== 'command') return list.map((item) => this.#value(item, field));
    return list.map((item, index) => {
      if (typeof item !== 'string') return this.#value(item, field);
      const before = SECRET_ARGUMENT.exec(String(list[index - 1] ?? ''));
      // `--password hush` in two words.
      if (before && before[2] === undefined && !item.startsWith('-')) return this.#whole(item);
      const own = SECRET_ARGUMENT.exec(item);
      if (own?.[2] !== undefined) return `${own[1]}=${this.#whole(own[2])}`;
      return isSecretValue(item) ? this.#whole(item) : item;
    });
  }

  #whole(text: string): string {
    if (isMarker(text)) return text;
    this.hidden += 1;
    return marker(text);
  }

  #size(bytes: number): string {
    this.hidden += 1;
    return markerOf(bytes);
  }
}

/** Literal environment variables and other name–value pairs: by their name, their form, or because nobody types such a word. */
function isSecretLiteral(name: string, value: string): boolean {
  return value !== '' && (SECRET_NAME.test(name) || isSecretValue(value) || looksRandom(value));
}

function isSecretValue(value: string): boolean {
  return redactText(value) !== value;
}
