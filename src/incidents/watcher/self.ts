import type { SeenShipmate } from '../seen/surroundings.ts';

/** What Shipmate knows of its own health, as an object that rules can judge like any other. Pure. */
export function seenShipmate(cluster: string, bornAt: number, status: Partial<SeenShipmate['status']>): SeenShipmate {
  return {
    kind: 'Shipmate',
    metadata: {
      name: 'shipmate',
      namespace: '',
      uid: `shipmate-${cluster}`,
      resourceVersion: '',
      generation: 0,
      creationTimestamp: bornAt,
      labels: {},
      annotations: {},
    },
    status: {
      watches: [],
      outboxSince: 0,
      outboxPending: 0,
      lagMs: 0,
      heartbeats: [],
      pingFailingSince: 0,
      ...status,
    },
  };
}
