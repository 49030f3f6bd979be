import { marker } from '../redact/marker.ts';
import { isSecretUnder } from '../redact/names.ts';
import { redactText } from '../redact/text.ts';
import { utf8 } from './text.ts';

/**
 * A key with its value as it may be shown: what looks like a secret, or stands under a key whose name announces one, is hidden. It is
 * done on the bytes, before any format is printed, because base64 and hex are no redaction. The very same object when there is nothing
 * to hide.
 */
export function hideSecrets<T extends { readonly key: Uint8Array; readonly value: Uint8Array }>(kv: T): T {
  const text = utf8(kv.value);
  if (text === undefined || text === '') return kv;
  const shown = isSecretUnder(utf8(kv.key) ?? '', text) ? marker(text) : redactText(text);
  return shown === text ? kv : { ...kv, value: Buffer.from(shown) };
}
