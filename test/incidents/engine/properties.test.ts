import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RootState } from '../../../src/incidents/signal.ts';
import type { KubeObject } from '../../../src/kubernetes/cluster.ts';
import { deployment, pod, replicaSet, statefulSet, waiting } from '../../support/kube-objects.ts';
import { timeline, type World } from '../../support/timeline.ts';
import { allSamples } from './sample-rules.ts';

/** A small shop: two Deployments with their pods, a StatefulSet, a bare pod. Every step is a change at some time after the one before. */
interface Step {
  readonly at: number;
  readonly do: (world: World, at: number) => unknown;
}

const owners = ['web', 'api'].map((name) => replicaSet(`${name}-abc`, { owner: deployment(name) }));

const health = fc.constantFrom('well', 'unpulled', 'unready', 'restarted', 'deleted', 'succeeded', 'opted-out');

function somePod(
  name: string,
  state: string,
  at: number,
  restartCount: number,
  owner: KubeObject | undefined,
): KubeObject {
  const base = { ...(owner && { owner }), node: `node-${restartCount % 3}` };
  switch (state) {
    case 'unpulled':
      return pod(name, {
        ...base,
        phase: 'Pending',
        containers: [{ state: waiting('ImagePullBackOff'), restartCount }],
      });
    case 'unready':
      return pod(name, { ...base, ready: false, readyAt: at, containers: [{ restartCount }] });
    case 'deleted':
      return pod(name, { ...base, deletedAt: at + 30 });
    case 'succeeded':
      return pod(name, { ...base, phase: 'Succeeded' });
    case 'opted-out':
      return pod(name, { ...base, ready: false, readyAt: at, annotations: { 'shipmate/alerts': 'P08' } });
    default:
      return pod(name, { ...base, containers: [{ restartCount }] });
  }
}

const change = fc.oneof(
  { weight: 6, arbitrary: fc.record({ pod: fc.nat(6), state: health, restarts: fc.nat(9) }).map(podChange) },
  { weight: 1, arbitrary: fc.nat(6).map(podRemoval) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('web', 'api'), fc.nat(3)).map(
      ([name, available]): Step['do'] =>
        (world, at) =>
          world.put(deployment(name, { replicas: 3, available }), at),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(3).map(
      (updated): Step['do'] =>
        (world, at) =>
          world.put(statefulSet('db', { replicas: 3, updated }), at),
    ),
  },
);

function podChange({ pod: number, state, restarts }: { pod: number; state: string; restarts: number }): Step['do'] {
  return (world, at) => world.put(somePod(`pod-${number}`, state, at, restarts, owners[number % 3]), at);
}

function podRemoval(number: number): Step['do'] {
  return (world, at) => {
    world.at(at);
    return world.sight.get('Pod', 'shop', `pod-${number}`) ? world.remove('Pod', 'shop', `pod-${number}`, at) : [];
  };
}

const pause = fc.oneof(fc.nat(20), fc.nat(400));

function stepsOf(changes: fc.Arbitrary<Step['do']>): fc.Arbitrary<Step[]> {
  return fc.array(fc.tuple(pause, changes), { minLength: 1, maxLength: 25 }).map((pairs) => {
    let at = 0;
    return pairs.map(([seconds, what]) => {
      at += seconds;
      return { at, do: what };
    });
  });
}

const restart: Step['do'] = (world, at) => world.restart(at);
const steps = stepsOf(fc.oneof({ weight: 9, arbitrary: change }, { weight: 1, arbitrary: fc.constant(restart) }));

/** @returns the time of the last step, seconds. */
function liveThrough(world: World, timelineSteps: readonly Step[]): number {
  for (const step of timelineSteps) step.do(world, step.at);
  return timelineSteps.at(-1)?.at ?? 0;
}

function shop(): World {
  const world = timeline(allSamples);
  for (const name of ['web', 'api']) world.put(deployment(name, { replicas: 3 }), 0);
  for (const owner of owners) world.put(owner, 0);
  return world;
}

const live = (states: readonly RootState[]) =>
  states
    .map(({ root, domain, signals, impact }) => ({
      key: `${root.kind}/${root.name} ${domain}`,
      impact,
      signals: signals.filter(({ clearSince }) => clearSince === undefined),
    }))
    .filter(({ signals }) => signals.length > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));

test('after any changes a fresh engine with the same marks finds the same', () => {
  fc.assert(
    fc.property(steps, (timelineSteps) => {
      const world = shop();
      const at = liveThrough(world, timelineSteps);
      const before = world.states();

      world.restart(at);

      expect(live(world.states())).toEqual(live(before));
      // What was in its hold-down is not told, but keeps its incident open.
      const open = new Set(world.states().map(({ root, domain }) => `${root.uid} ${domain}`));
      for (const { root, domain, signals } of before)
        if (signals.length > 0) expect(open).toContain(`${root.uid} ${domain}`);
    }),
  );
});

test('judging everything finds nothing that changes and holds had not told', () => {
  fc.assert(
    fc.property(steps, fc.nat(600), (timelineSteps, later) => {
      const world = shop();
      const at = liveThrough(world, timelineSteps);
      const before = world.at(at + later);

      expect(world.sweep()).toEqual(before);
    }),
  );
});

test('who only listens knows what stands', () => {
  fc.assert(
    fc.property(stepsOf(change), (timelineSteps) => {
      const world = shop();
      const heard = new Map<string, RootState>();
      world.listen((state) => heard.set(`${state.root.kind}/${state.root.name} ${state.domain}`, state));
      for (const step of timelineSteps) {
        step.do(world, step.at);
        expect(live([...heard.values()])).toEqual(live(world.states()));
      }
      world.at(100_000);

      for (const state of heard.values()) if (state.signals.length === 0) expect(state.isPending).toBe(false);
      expect(live([...heard.values()])).toEqual(live(world.states()));
    }),
  );
});

test('when everything is well again, nothing stands, nothing waits and nothing is kept', () => {
  fc.assert(
    fc.property(steps, (timelineSteps) => {
      const world = shop();
      const at = liveThrough(world, timelineSteps);

      for (let number = 0; number <= 6; number++) podRemoval(number)(world, at);
      for (const name of ['web', 'api']) world.put(deployment(name, { replicas: 3 }), at);
      world.put(statefulSet('db', { replicas: 3 }), at);
      world.at(at + 10_000);

      expect(world.states()).toEqual([]);
      expect(world.engine.nextDue()).toBeUndefined();
      expect(world.marks()).toEqual(new Map());
    }),
  );
});
