import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listener, listenTo } from './listener.ts';
import { JOBS } from './stories/jobs.ts';
import { NODE_STORIES } from './stories/nodes.ts';
import { OTHERS } from './stories/others.ts';
import { ROLLOUTS } from './stories/rollouts.ts';
import { release, type Story, workload } from './stories/story.ts';
import { Place, type QuietWorld } from './world.ts';

const STORIES: readonly Story[] = [...ROLLOUTS, ...NODE_STORIES, ...JOBS, ...OTHERS];
const OUTPUT = new URL('../output/', import.meta.url);

/**
 * What happens in a healthy house every day, all of it at once, and what Shipmate says about it: nothing. The rules are all there, with
 * the holds that users get, on a cluster that lives as fast as its clock shows (or, where the clock cannot run faster, with everything
 * shortened by one factor). A rule that fires as soon as something looks wrong would be heard: `test/output/quiet-*.txt` lists what every
 * rule found and for how long, and the suite insists that there was something to be silent about. What is truly broken is heard in the
 * same run, or the silence would prove nothing.
 */
export function describeQuiet(
  where: string,
  start: () => Promise<QuietWorld>,
  limits: { readonly timeoutMs: number },
): void {
  describe(`on ${where}`, () => {
    let world: QuietWorld;
    let listener: Listener;
    const told = new Map<string, Promise<void>>();
    const tell = (id: string, story: (place: Place) => Promise<void>): void => {
      const place = new Place(world, id);
      const telling = place.open().then(() => story(place));
      telling.catch(() => undefined);
      told.set(id, telling);
    };
    beforeAll(async () => {
      world = await start();
      listener = await listenTo(world);
      for (const { id, tell: story } of STORIES) tell(id, story);
      tell('loud', breakThings);
    }, limits.timeoutMs);
    afterAll(async () => {
      await listener?.stop();
      await world?.stop();
    });

    test.each(STORIES)('$name is quiet', { timeout: limits.timeoutMs }, async ({ id }) => {
      await told.get(id);
      expect(listener.heard(id)).toEqual([]);
    });

    test('what is broken is heard all the while', { timeout: limits.timeoutMs }, async () => {
      await told.get('loud');
      const heard = (): string[] => listener.heard('loud').map(({ root, rule }) => `${rule} ${root}`);
      const timeout = (15 * 60_000) / world.pace / world.speed;
      await expect
        .poll(heard, { timeout })
        .toEqual(expect.arrayContaining(['P01 Deployment crashing', 'P03 Deployment web']));
    });

    test('and afterwards it stays quiet, although there was much to be nervous about', {
      timeout: limits.timeoutMs,
    }, async () => {
      await Promise.all(told.values());
      // Longer than the holds of what may still be waiting.
      await new Place(world, '').pass(16 * 60);
      const nearly = listener.nearly().filter(({ namespace }) => namespace !== 'loud');
      await report(
        where,
        nearly.map(({ rule, seconds, namespace, root, cause }) => `${rule} ${seconds}s ${namespace}/${root}: ${cause}`),
      );

      expect(listener.ruleErrors).toEqual([]);
      expect(listener.heard().filter(({ namespace }) => namespace !== 'loud')).toEqual([]);
      const rules = new Set(nearly.map(({ rule }) => rule));
      expect([...rules]).toEqual(expect.arrayContaining(['P08', 'R04', 'R05', 'S01', 'D01']));
    });
  });
}

/** Two things that people must hear of. */
async function breakThings(place: Place): Promise<void> {
  await place.make({ ...workload('Deployment', { fault: 'crash-loop' }), metadata: { name: 'crashing' } });
  await place.make(workload('Deployment'));
  await place.rolledOut('Deployment', 'web');
  await place.patch('Deployment', 'web', release('registry.example.com/web:does-not-exist'));
}

async function report(where: string, lines: readonly string[]): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(new URL(`quiet-${where.replaceAll(' ', '-')}.txt`, OUTPUT), `${lines.join('\n')}\n`);
}
