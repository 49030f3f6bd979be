import { join } from 'node:path';
import type { Draft } from '../../../src/access/audit/entry.ts';
import { EVERY_NAMESPACE } from '../../../src/access/policy/asked.ts';
import type { Person } from '../../../src/chat/invocation.ts';
import { PermissionError } from '../../../src/errors.ts';
import { incidentCard } from '../../../src/incidents/card/living.ts';
import { createAlertsDesk, type DeskDeps } from '../../../src/incidents/desk/create.ts';
import { type Actor, createDeeds, type Deeds } from '../../../src/incidents/desk/deeds.ts';
import type { AlertsDesk } from '../../../src/incidents/desk/desk.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { opened } from '../../../src/incidents/lifecycle/open.ts';
import { loadRules } from '../../../src/incidents/load-rules.ts';
import { createRouter } from '../../../src/incidents/route.ts';
import { settingsOf } from '../../../src/incidents/settings.ts';
import { createSilences } from '../../../src/incidents/silences/silences.ts';
import { createLogger } from '../../../src/log.ts';
import { ADA, alertsOf, openWorld, state, type World } from '../ledger/world.ts';

/** A desk on a book on real etcd, with a small policy: who may what in which namespaces of cluster eu1. */
export interface Office {
  readonly world: World;
  readonly deeds: Deeds;
  readonly desk: AlertsDesk;
  /** What the audit was told, in order. */
  readonly audit: readonly Draft[];
  /** Lets a person do this there; Ada may everything. */
  allow(person: Person, permission: string, namespace: string): void;
  /** Opens an incident of `shop/<name>`. */
  opens(name: string, namespace?: string): Promise<Incident>;
  as(person: Person, id?: string): Actor;
  close(): Promise<void>;
}

let gestures = 0;

export async function openOffice(endpoint: string, more: Partial<DeskDeps> = {}): Promise<Office> {
  const world = openWorld(endpoint);
  const log = createLogger('silent');
  const clock = (): number => world.now;
  const alerts = alertsOf({ escalateTo: ['S0ONCALL', 'UGRACE'] });
  const audit: Draft[] = [];
  const granted = new Set<string>();
  const rules = await loadRules(join(import.meta.dirname, '../../../src/incidents/rules'));
  const may: DeskDeps['may'] = async (person, _channel, asked) =>
    person.user === ADA.user ||
    asked.every(({ permission, namespace, anywhere }) => {
      const held = [...granted].filter((one) => one.startsWith(`${person.user} ${permission} `));
      return anywhere ? held.length > 0 : held.includes(`${person.user} ${permission} ${namespace ?? EVERY_NAMESPACE}`);
    });
  const deps = {
    book: world.book,
    route: createRouter(alerts, 'CALERTS'),
    clock,
    log,
    authorise: async ({ person, channel }, _subject, asked) => {
      if (!(await may(person, channel, asked))) throw new PermissionError(`You may not ${asked[0]?.permission}.`);
    },
    audit: {
      append: async (draft) => {
        audit.push(draft);
        return { ...draft, schemaVersion: 1, seq: audit.length, previous: '', hash: '' };
      },
    },
  } satisfies Parameters<typeof createDeeds>[0];
  const deeds = createDeeds(deps);
  const desk = createAlertsDesk({
    ...deps,
    deeds,
    may,
    rules,
    settings: settingsOf(alerts, rules),
    silences: createSilences({ store: world.store, clock, log, alerts }),
    clusters: ['eu1'],
    card: async (incident) => incidentCard(incident, {}, clock()),
    watched: () => undefined,
    zoneOf: async () => 'Europe/Berlin',
    bridges: { look: async () => ({ in: [], out: [] }), replay: async () => 0, outNames: [] },
    ...more,
  });
  return {
    world,
    deeds,
    desk,
    audit,
    allow: (person, permission, namespace) => void granted.add(`${person.user} ${permission} ${namespace}`),
    async opens(name, namespace = 'shop') {
      const root = { ...state(name).root, namespace };
      const after = { ...opened(state(name, undefined, { root }), world.now), channel: 'CALERTS' };
      const { written } = await world.book.record([{ before: undefined, after }]);
      return written[0]?.value as Incident;
    },
    as(person, id) {
      gestures += 1;
      return { person, id: id ?? `i-${gestures}`, channel: 'COPS', typed: '[test]' };
    },
    close: () => world.close(),
  };
}
