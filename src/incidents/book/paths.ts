/** Where incidents stand in etcd, below Shipmate's prefix. */

/** `incidents/now/<key>`: what is wrong, and what was until a moment ago. One per key. */
export const NOW = 'incidents/now/';
/** `incidents/ids/<id>`: which key an id belongs to, and when it ended. */
export const IDS = 'incidents/ids/';
/** `incidents/past/<end, epoch ms, 15 digits>/<id>`: occurrences that are over, in the order of their ends. */
export const PAST = 'incidents/past/';

export const nowPath = (key: string): string => `${NOW}${key}`;
export const idPath = (id: string): string => `${IDS}${id}`;
export const pastPath = (endedAt: number, id: string): string => `${PAST}${digits(endedAt)}/${id}`;
/** The first path of those that ended at or after a moment. */
export const pastFrom = (endedAt: number): string => `${PAST}${digits(endedAt)}/`;
export const metaPath = (cluster: string): string => `incidents/meta/${cluster}`;
export const evidencePath = (id: string): string => `incidents/evidence/${id}`;

/** Enough digits until the year 33658; text order is then time order. */
function digits(at: number): string {
  return String(Math.max(0, Math.floor(at))).padStart(15, '0');
}
