import '../../support/fast-check.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConflictError } from '../../../src/errors.ts';
import type { Incident, Step } from '../../../src/incidents/incident.ts';
import { keyOf } from '../../../src/incidents/key.ts';
import { GRACE_MS } from '../../../src/incidents/ledger/inhibition.ts';
import type { Ledger } from '../../../src/incidents/ledger/ledger.ts';
import { acked, escalated, markedNoise, resolvedByHand, snoozed } from '../../../src/incidents/lifecycle/presses.ts';
import { isWorse } from '../../../src/incidents/severity.ts';
import type { RootState, Signal } from '../../../src/incidents/signal.ts';
import { compileMatch } from '../../../src/incidents/silences/match.ts';
import { pending } from '../../../src/state/outbox.ts';
import { type EtcdService, startEtcd } from '../../support/services.ts';
import { ADA, GRACE, openWorld, signal, state, type World } from './world.ts';

/**
 * Whatever happens in whatever order, these hold: one incident per key; over has an end and firing has none; generations only grow; what
 * fires is told, linked, silenced or no more than info; what is told has its newest generation in the outbox; nothing wrong is forgotten.
 */
let etcd: EtcdService;
beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd.stop());

type Deed =
  | { readonly do: 'state'; readonly roots: readonly number[]; readonly as: number }
  | { readonly do: 'press'; readonly root: number; readonly what: number }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'node' | 'silence' | 'leader' | 'sweep' };

const ROOTS = 8;
const FINDINGS: readonly (readonly Signal[] | 'pending' | 'gone')[] = [
  [],
  [],
  [signal()],
  [signal({ severity: 'high' }), signal({ rule: 'P08', causeClass: 'probe' })],
  [signal({ severity: 'info' })],
  [signal({ severity: 'critical', rule: 'R01', causeClass: 'controller' })],
  [signal({ rule: 'P03', causeClass: 'image', shares: { registry: 'r.example.com' } })],
  [signal({ rule: 'P12', isFolded: true })],
  'pending',
  'gone',
];
const PRESSES: readonly ((now: number) => Step)[] = [
  () => acked(ADA),
  () => acked(GRACE),
  (now) => snoozed(ADA, now + 120_000),
  () => resolvedByHand(ADA, 'known'),
  () => escalated(ADA, 'SGROUP'),
  () => markedNoise(ADA, 'flaky'),
];

const index = (max: number) => fc.nat({ max: max - 1 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('state' as const),
      roots: fc.uniqueArray(index(ROOTS), { minLength: 1, maxLength: ROOTS }),
      as: index(FINDINGS.length),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('press' as const), root: index(ROOTS), what: index(PRESSES.length) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 7, 61, 301, 601, 2_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('node', 'silence', 'leader', 'sweep') }) },
);

class Play {
  readonly world: World;
  readonly standing = new Map<string, RootState>();
  readonly seen = new Map<string, Incident>();
  ledger: Ledger;
  isNodeDown = false;

  constructor(world: World) {
    this.world = world;
    this.ledger = world.ledger();
  }

  async act(deed: Deed): Promise<void> {
    const { world } = this;
    if (deed.do === 'state') await this.accept(deed.roots.map((root) => foundOf(root, deed.as)));
    if (deed.do === 'press') await this.press(deed.root, PRESSES[deed.what]?.(world.now) as Step);
    if (deed.do === 'node') await this.node();
    if (deed.do === 'silence') this.silence();
    if (deed.do === 'sweep') await world.book.sweep();
    if (deed.do === 'wait') world.now += deed.seconds * 1_000;
    if (deed.do === 'leader') await this.lead();
    await this.ledger.due(world.now);
  }

  async accept(states: readonly RootState[]): Promise<void> {
    for (const one of states) this.standing.set(keyOf(one.cluster, one.root, one.domain), one);
    await this.ledger.accept(states, this.world.now);
  }

  async press(root: number, step: Step): Promise<void> {
    const found = (await this.world.incidents()).find((one) => one.root.name === `d${root}`);
    if (!found) return;
    await this.world.book.apply(found.id, step).catch((error: unknown) => expect(error).toBeInstanceOf(ConflictError));
  }

  async node(): Promise<void> {
    this.isNodeDown = !this.isNodeDown;
    await this.accept([nodeState(this.isNodeDown)]);
  }

  silence(): void {
    const matches = compileMatch({ names: ['d1', 'd2'] });
    const until = this.world.now + 100_000;
    this.world.quiets =
      this.world.quiets.length > 0 ? [] : [{ id: 's1', label: 'silence s1', from: 0, until, matches }];
  }

  async lead(): Promise<void> {
    this.ledger = this.world.ledger();
    const standing = [...this.standing.values()].filter((one) => one.signals.length > 0 || one.isPending);
    await this.ledger.start(standing, this.world.now);
  }

  async check(): Promise<void> {
    const incidents = await this.world.incidents();
    const byKey = new Map(incidents.map((incident) => [incident.key, incident]));
    expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
    for (const incident of incidents) this.checkOne(incident, byKey);
    for (const [key, found] of this.standing) checkNothingForgotten(found, byKey.get(key));
    await this.checkWords(incidents);
    for (const { id } of this.seen.values()) expect(await this.world.book.get(id)).toBeDefined();
  }

  checkOne(incident: Incident, byKey: ReadonlyMap<string, Incident>): void {
    expect(incident.status === 'resolved').toBe(incident.resolvedAt !== undefined);
    expect(incident.status === 'resolved').toBe(incident.resolution !== undefined);
    expect(isWorse(incident.severity, incident.peak)).toBe(false);
    const numbers = incident.log.map(({ n }) => n);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const before = this.seen.get(incident.id);
    if (before) expect(incident.generation).toBeGreaterThanOrEqual(before.generation);
    if (before && before.status !== incident.status) expect(incident.generation).toBeGreaterThan(before.generation);
    this.seen.set(incident.id, incident);
    if (incident.status === 'firing') expect(whyQuiet(incident, byKey, this.world.now)).toBeDefined();
  }

  async checkWords(incidents: readonly Incident[]): Promise<void> {
    const rows = new Map((await pending(this.world.store, 5_000, 'incident')).map((row) => [row.subjectId, row]));
    for (const incident of incidents) {
      expect(rows.get(incident.id)?.generation).toBe(incident.channel === undefined ? undefined : incident.generation);
    }
  }
}

function foundOf(root: number, as: number): RootState {
  const found = FINDINGS[as];
  const signals = Array.isArray(found) ? (found as readonly Signal[]) : [];
  const nodes = root % 2 === 0 ? ['node-1'] : ['node-1', 'node-2'];
  return state(`d${root}`, signals, { isPending: found === 'pending', isGone: found === 'gone', nodes });
}

function nodeState(isDown: boolean): RootState {
  const root = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'node-1', uid: 'n1' };
  const found = isDown ? [signal({ rule: 'N01', domain: 'node', causeClass: 'node', severity: 'high' })] : [];
  return { ...state('node-1', found), root, domain: 'node' };
}

/** Why nobody need be told of it, or that they are. */
function whyQuiet(incident: Incident, byKey: ReadonlyMap<string, Incident>, now: number): string | undefined {
  if (incident.channel !== undefined) return 'told';
  if (incident.peak === 'info') return 'info';
  if (incident.silencedBy !== undefined) return 'silenced';
  const parent = byKey.get(incident.partOf?.key ?? '');
  if (parent?.status === 'firing') return 'linked';
  if (parent?.resolution?.how === 'by-hand') return 'resolved by hand';
  if (incident.partOf?.why === 'node' && now < (parent?.resolvedAt ?? 0) + GRACE_MS) return 'grace';
  return undefined;
}

function checkNothingForgotten(found: RootState, incident: Incident | undefined): void {
  const isWrong = found.signals.some(({ isFolded }) => !isFolded);
  if (isWrong) expect(incident?.status === 'firing' || incident?.resolution?.how === 'by-hand').toBe(true);
  else if (!found.isPending && incident?.status === 'firing') expect(incident.isFlapping).toBe(true);
}

it('any interleaving of states, presses, silences, sweeps and new leaders keeps the promises', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 30, size: 'max' }), async (deeds) => {
      const world = openWorld(etcd.endpoint);
      const play = new Play(world);
      try {
        await world.book.haveLooked('eu1');
        await play.lead();
        for (const one of deeds) {
          await play.act(one);
          await play.check();
        }
      } finally {
        await world.close();
      }
    }),
    { numRuns: 40 },
  );
});
