import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer satisfies or the time is over. @returns the last answer. */
export async function until<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean, withinMs: number): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isEnough(answer) || performance.now() > giveUpAt) return answer;
    await sleep(250);
  }
}
