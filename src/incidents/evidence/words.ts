import type { Evidence } from './evidence.ts';

/** What one line can tell in a thread, so that the message shows the log itself. */
const LONGEST = 300;

/** The line of an incident's log that says what was found; undefined when nothing worth a line was. Pure. */
export function evidenceLine(evidence: Evidence): string | undefined {
  const last = lastLogLine(evidence);
  if (last !== undefined) return last;
  const [exit] = evidence.exits;
  if (exit) return `${exit.pod}/${exit.container} ended with exit code ${exit.exitCode}: ${exit.meaning}.`;
  const changed = evidence.images.find(({ before, now }) => before !== undefined && before !== now);
  if (changed) return `Image of ${changed.container}: ${changed.before} → ${changed.now}.`;
  const event = evidence.events.at(-1);
  if (event) return `Last warning of ${event.object}: ${cut(event.message)}`;
  const { node, change } = evidence;
  if (node && node.troubles.length > 0) return `Node ${node.name}: ${node.troubles.join(', ')}.`;
  return change && `Last changed by ${change.by}: ${change.fields.join(', ') || 'its wishes'}.`;
}

/** `Last log line of web-7d9f/main: panic: …`; of the run that ended, where there is one. */
function lastLogLine({ logs }: Evidence): string | undefined {
  const tail = logs.find(({ isPrevious }) => isPrevious) ?? logs[0];
  const line = tail?.lines.findLast((text) => text.trim() !== '');
  return tail && line && `Last log line of ${tail.pod}/${tail.container}: ${cut(line.trim())}`;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
