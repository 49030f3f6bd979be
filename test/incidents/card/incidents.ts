import type { Evidence } from '../../../src/incidents/evidence/evidence.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import type { Signal } from '../../../src/incidents/signal.ts';

/** Incidents as the ledger makes them, for tests of what people see. */
export const T0 = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;
export const ADA = { team: 'T0PRACTICE', user: 'U0ADA' };
export const GRACE = { team: 'T0PRACTICE', user: 'U0GRACE' };

export const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'uid-web' };
const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-7d9f-abc', uid: 'uid-pod' };

export function signal(more: Partial<Signal> = {}): Signal {
  return {
    rule: 'P03',
    title: 'image pull',
    object: POD,
    key: 'main',
    domain: 'rollout',
    since: T0,
    firedAt: T0 + 30_000,
    severity: 'high',
    cause: 'image "shop/web:9" cannot be pulled: not found',
    causeClass: 'image',
    facts: [],
    shares: { node: 'harbour-2', registry: 'registry.example.com' },
    about: POD,
    container: 'main',
    evidence: ['L', 'E', 'I'],
    actions: ['logs', 'describe', 'rollback', 'pause'],
    isFolded: false,
    ...more,
  };
}

export function incident(more: Partial<Incident> = {}): Incident {
  return {
    id: 'k3f9q2x',
    key: '00112233445566778899aabbccddeeff',
    generation: 3,
    kind: 'root',
    cluster: 'demo',
    root: WEB,
    domain: 'rollout',
    severity: 'high',
    peak: 'high',
    status: 'firing',
    cause: 'image "shop/web:9" cannot be pulled: not found',
    signals: [signal()],
    moreSignals: 0,
    impact: { available: 2, desired: 3 },
    startedAt: T0,
    detectedAt: T0 + 30_000,
    openedAt: T0 + 30_100,
    escalations: [],
    transitions: [T0 + 30_100],
    isFlapping: false,
    log: [{ n: 1, at: T0 + 30_100, text: 'P03 image pull: image "shop/web:9" cannot be pulled: not found.' }],
    channel: 'C0ALERTS',
    labels: { team: 'harbour' },
    ...more,
  };
}

export function storm(count: number, more: Partial<Incident> = {}): Incident {
  const members: Record<string, string[]> = {};
  for (let n = 0; n < count; n += 1) {
    const namespace = `team-${n % 7}`;
    members[namespace] = [...(members[namespace] ?? []), `deployment/service-${n}`];
  }
  return incident({
    id: 'st0rm12',
    kind: 'storm',
    root: { apiVersion: '', kind: 'Storm', namespace: '', name: 'registry registry.example.com', uid: '' },
    cause: 'images cannot be pulled',
    signals: [],
    impact: undefined,
    storm: { shared: { what: 'registry', name: 'registry.example.com' }, members, count, open: count - 1 },
    ...more,
  });
}

export function external(more: Partial<Incident> = {}): Incident {
  return incident({
    kind: 'external',
    domain: 'external',
    root: { apiVersion: '', kind: 'Alert', namespace: 'shop', name: 'PodDown', uid: '' },
    cause: 'cart-0 is down',
    signals: [],
    impact: undefined,
    external: {
      source: 'alertmanager',
      fingerprint: '9f86d081884c7d65',
      title: 'PodDown',
      text: 'cart-0 is down for 5 minutes',
      url: 'http://prom.example/graph',
      labels: { alertname: 'PodDown' },
      status: 'firing',
      severity: 'high',
      startsAt: T0,
      lastSeenAt: T0,
    },
    ...more,
  });
}

export function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    incident: 'k3f9q2x',
    cluster: 'demo',
    capturedAt: T0 + 31_000,
    codes: ['L', 'E', 'I'],
    signals: ['P03/uid-pod/main'],
    pod: POD,
    container: 'main',
    logs: [
      {
        pod: 'web-7d9f-abc',
        container: 'main',
        isPrevious: true,
        lines: Array.from({ length: 20 }, (_line, n) => `line ${n}`),
        isCut: false,
      },
    ],
    events: [],
    exits: [],
    images: [{ container: 'main', now: 'shop/web:9', before: 'shop/web:8' }],
    resources: [],
    change: { by: 'argocd-controller', at: T0 - MINUTE, fields: ['spec.template'] },
    node: {
      name: 'harbour-2',
      isCordoned: true,
      troubles: ['Ready=False (KubeletNotReady)'],
      kubeletVersion: 'v1.36.0',
    },
    missing: [],
    ...more,
  };
}
