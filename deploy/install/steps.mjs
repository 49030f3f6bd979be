/**
 * What `npm run sandbox` and `npm test` print while they prepare the machine. Plain Node without dependencies: it runs before `npm ci`.
 */

/** One line of progress on stderr, so that stdout stays the program's own. */
export function say(line) {
  process.stderr.write(`shipmate: ${line}\n`);
}

/** Ends the process with a reason and the next action; nothing else is started. */
export function giveUp(...lines) {
  for (const line of lines) say(line);
  process.exit(1);
}

/** Runs a step that takes a while and says how long it took. */
export function timed(line, step) {
  say(line);
  const startedAt = performance.now();
  const result = step();
  say(`done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return result;
}
