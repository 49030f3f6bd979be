import { join } from 'node:path';
import { startEtcd } from '../../../deploy/sandbox/services.ts';
import { loadRules } from '../../../src/incidents/load-rules.ts';
import type { RootState } from '../../../src/incidents/signal.ts';
import { openWorld, T0 } from '../../incidents/ledger/world.ts';
import { timeline } from '../../support/timeline.ts';
import { figuresOf, type Result } from '../figures.ts';
import { fault, healthy } from './faults.ts';
import { everything } from './floor.ts';

const RULES = join(import.meta.dirname, '../../../src/incidents/rules');
const EVERY_SECONDS = 30;
const MINUTES = 20;
/** Neither holds nor hold-downs: as nervous as can be. */
const NERVOUS = { rules: { '*': { hold: '0s', resolveAfter: '0s' } } };

/** F6: a pod fails and recovers every 30 s for 20 min. Real engine, ledger and etcd; the time is the bench's own. */
export async function benchFlapping(): Promise<Result> {
  const etcd = await startEtcd();
  const ids = new Set<string>();
  const loud = new Set<string>();
  let hadBadge = false;
  try {
    const engine = timeline(await loadRules(RULES), { alerts: NERVOUS });
    const book = openWorld(etcd.endpoint, NERVOUS);
    const ledger = book.ledger();
    await ledger.start([], T0);
    let states: RootState[] = [];
    engine.listen((state) => states.push(state));
    const objects = everything().map(({ object }) => object);
    for (const object of objects.filter(({ metadata, kind }) => kind !== 'Pod' && isOfFirst(metadata.name ?? '')))
      engine.put(object, 0);
    const pod = objects.find(({ kind }) => kind === 'Pod');
    if (!pod) throw new Error('there is no pod');
    for (let second = 0; second <= (MINUTES + 20) * 60; second += 5) {
      const turn = Math.floor(second / EVERY_SECONDS);
      if (second % EVERY_SECONDS === 0 && second <= MINUTES * 60) {
        const { status } = (
          turn % 2 === 1 ? fault({ set: 0, index: 0 }, 'image', 1) : healthy({ set: 0, index: 0 })
        ) as { status: object };
        engine.put({ ...pod, status } as never, second);
      } else engine.at(second);
      book.now = T0 + second * 1_000;
      const told = states;
      states = [];
      await ledger.accept(told, book.now);
      if ((ledger.nextDue() ?? Infinity) <= book.now) await ledger.due(book.now);
      for (const { id, channel, log, isFlapping } of await book.incidents()) {
        if (channel !== undefined) ids.add(id);
        for (const line of log) if (line.isLoud) loud.add(`${id} ${line.n}`);
        hadBadge ||= isFlapping;
      }
    }
    const open = (await book.incidents()).filter(({ status }) => status === 'firing').length;
    await book.close();
    const flaps = (MINUTES * 60) / EVERY_SECONDS;
    return {
      what: `F6 a pod flaps every ${EVERY_SECONDS} s for ${MINUTES} min: messages`,
      baseline: figuresOf([flaps]),
      shipmate: figuresOf([ids.size + loud.size]),
      target: '1, with a badge',
      notes: `${ids.size} messages and ${loud.size} loud replies; badge ${hadBadge ? 'shown' : 'missing'}; ${open} open 20 min after the last change; baseline: one message for each change`,
    };
  } finally {
    await etcd.stop();
  }
}

const isOfFirst = (name: string): boolean =>
  name === 'service-0' || name.startsWith('service-0-') || name === 'team-0' || name === 'worker-0';
