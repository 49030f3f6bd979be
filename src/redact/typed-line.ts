import { UsageError } from '../errors.ts';
import { countMarkers, marker } from './marker.ts';
import { isSecretUnder } from './names.ts';
import { redactText } from './text.ts';

const PUT = /(?:^|[\s/])(?:etcd|etcdctl)\s+put\s/i;
const WORD = /"[^"]*"|'[^']*'|\S+/g;

/** A line as it was typed, with the secrets in it hidden. `etcd put KEY VALUE` has no sign between the two, so it is read as such. Pure. */
export function redactTyped(line: string): string {
  const put = PUT.exec(line);
  if (!put) return redactText(line);
  let key = '';
  for (const { 0: word, index } of line.slice(put.index + put[0].length).matchAll(WORD)) {
    if (word.startsWith('-')) continue;
    const bare = word.replace(/^["'“”]|["'“”]$/g, '');
    const at = put.index + put[0].length + index;
    if (key !== '' && isSecretUnder(key, bare)) return redactText(line.slice(0, at)) + marker(line.slice(at));
    key = bare;
  }
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
