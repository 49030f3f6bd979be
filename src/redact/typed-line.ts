import { UsageError } from '../errors.ts';
import { countMarkers, marker } from './marker.ts';
import { isSecretUnder } from './names.ts';
import { redactText } from './text.ts';

/** `etcd put … KEY VALUE`, the value being the rest of the line. */
const PUT =
  /^(\s*\/?(?:\S{1,60}\s+)?(?:etcd|etcdctl)\s+put\s+(?:-\S*\s+)*)(["']?)([^\s"']{1,1024})\2(\s+(?:--\s+)?)(\S[\s\S]*)$/i;

/** A line as it was typed, with the secrets in it hidden. Pure. */
export function redactTyped(line: string): string {
  const [, start = '', quote = '', key = '', space = '', value = ''] = PUT.exec(line) ?? [];
  const [first = ''] = /^(?:"[^"]*"|'[^']*'|\S+)/.exec(value) ?? [];
  const bare = first.replace(/^["']|["']$/g, '');
  if (key !== '' && isSecretUnder(key, bare))
    return `${redactText(start)}${quote}${key}${quote}${space}${marker(value)}`;
  return redactText(line);
}

/**
 * Refuses a line from which something was hidden before it was queued: the rest of it is not what the person meant.
 * @throws UsageError
 */
export function refuseHidden(line: string): void {
  if (countMarkers(line) === 0) return;
  throw new UsageError('That line seems to hold a secret, so nothing was done and the secret was not kept.', {
    hint: 'Secrets do not belong into Slack. Write it with kubectl or etcdctl from a file; and change it if others could read the message.',
  });
}
