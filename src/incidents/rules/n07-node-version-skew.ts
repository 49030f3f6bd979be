import {
  counting,
  DAY,
  defineRule,
  isLeaving,
  lasting,
  MINUTE,
  minorOf,
  newestMinor,
  plural,
  type Sight,
} from '../../sdk/rules.ts';

export default defineRule({
  id: 'N07',
  title: 'kubelet behind',
  summary:
    'The kubelet of a node is of an older minor version than those of other nodes: an upgrade has not reached it.',
  kind: 'Node',
  domain: 'node',
  settings: {
    hold: lasting(DAY, 'how long it is behind'),
    minors: counting(1, 'so many minor versions behind'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['N'],
  actions: ['describe'],
  source: 'KubeVersionMismatch (kubernetes-mixin)',
  drill: { cause: 'kubelet v1.35.4 is 1 minor version behind v1.36', severity: 'info' },
  judge(node, at) {
    const version = node.status.nodeInfo.kubeletVersion;
    const minor = minorOf(version);
    const newest = newestSeen(at.sight, at.now);
    const behind = minor === undefined || !newest ? 0 : newest.minor - minor;
    const isBehind = behind >= at.setting('minors') && behind > 0;
    if (!isBehind || isLeaving(node) || !newest) return [];
    return [
      {
        // Counted per newest version: with each new one the fleet has a day anew.
        since: at.memory.since('behind', newest.minor),
        holdMs: at.setting('hold'),
        severity: 'info',
        cause: `kubelet ${version} is ${plural(behind, 'minor version')} behind v1.${newest.minor}`,
        causeClass: 'node',
        shares: { node: node.metadata.name },
      },
    ];
  },
});

const newestBySight = new WeakMap<Sight, { readonly now: number; readonly found: ReturnType<typeof newestMinor> }>();

/** Once per sweep, not once per node: a sweep judges all nodes at one time. */
function newestSeen(sight: Sight, now: number): ReturnType<typeof newestMinor> {
  const known = newestBySight.get(sight);
  if (known?.now === now) return known.found;
  const found = newestMinor(sight);
  newestBySight.set(sight, { now, found });
  return found;
}
