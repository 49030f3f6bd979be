import type { Part } from '../../chat/message.ts';
import type { Evidence, LogTail } from '../evidence/evidence.ts';
import { short } from './words.ts';

const LINES = 6;
const LINE_MAX = 200;

/** The end of the log that says most, or, where there is none, the last warnings. At most six lines. */
export function logParts(evidence: Evidence | undefined): readonly Part[] {
  if (!evidence) return [];
  const tail = best(evidence.logs);
  if (tail) return block(captionOf(tail), lastLines(tail.lines));
  const events = evidence.events.map(
    ({ reason, message, count }) => `${reason}${count > 1 ? ` ×${count}` : ''}: ${message}`,
  );
  return events.length === 0 ? [] : block('Last warnings', events.slice(-3));
}

/** A container that restarts has nothing to say yet: its last words are those of the run before. */
function best(logs: readonly LogTail[]): LogTail | undefined {
  const speaking = logs.filter(({ lines }) => lines.some((line) => line.trim() !== ''));
  return speaking.find(({ isPrevious }) => isPrevious) ?? speaking[0];
}

function captionOf({ pod, container, isPrevious }: LogTail): string {
  return `Last lines of ${pod}, container ${container}${isPrevious ? ', before its last restart' : ''}`;
}

function lastLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== '').slice(-LINES);
}

function block(caption: string, lines: readonly string[]): readonly Part[] {
  return [
    { kind: 'text', spans: [`${caption}:`] },
    {
      kind: 'output',
      text: lines.map((line) => short(line.replaceAll('\n', ' '), LINE_MAX)).join('\n'),
      filename: 'log.txt',
      mayUpload: false,
    },
  ];
}
