import {
  ailmentOf,
  defineRule,
  type Finding,
  isJudged,
  isPerfect,
  type Judging,
  lasting,
  MINUTE,
  mainContainers,
  ownerHealth,
  type PodContainer,
  parseImage,
  SECOND,
  type SeenPod,
  waitingSince,
} from '../../sdk/rules.ts';

/**
 * All image reasons are one trouble: the kubelet goes to and fro between ErrImagePull and ImagePullBackOff. A slow pull has no such reason
 * and is none. An init container's image is P15, a sidecar's P16.
 */
export default defineRule({
  id: 'P03',
  title: 'image cannot be pulled',
  summary: 'A container waits for an image that cannot be had.',
  kind: 'Pod',
  domain: 'availability',
  settings: {
    hold: lasting(2 * MINUTE, 'while it may pass by itself'),
    certainHold: lasting(15 * SECOND, 'when it cannot: not found, no access, a name that is not valid'),
  },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['I', 'E'],
  actions: ['rollback', 'delete-pod', 'describe'],
  source: 'kubernetes-mixin KubeContainerWaiting',
  drill: {
    cause: 'image "registry.example.com/shop/web:9" cannot be pulled: not found (registry.example.com)',
    severity: 'warning',
  },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    return mainContainers(pod).flatMap((container) => judgeContainer(container, pod, at));
  },
});

function judgeContainer(container: PodContainer, pod: SeenPod, at: Judging): readonly Finding[] {
  if (!container.status.state.waiting) return [];
  const events = at.sight.events(pod.metadata.uid);
  const ailment = ailmentOf(container, pod, events);
  if (ailment?.kind !== 'image') return [];
  return [
    {
      key: container.name,
      container: container.name,
      since: waitingSince(container, events, at),
      holdMs: at.setting(ailment.isCertain ? 'certainHold' : 'hold'),
      severity: ownerHealth(pod, at.sight)?.isRolling ? 'high' : 'warning',
      cause: ailment.cause,
      causeClass: ailment.causeClass,
      shares: ailment.shares,
      facts: [
        { label: 'Image', value: container.image },
        { label: 'Registry', value: parseImage(container.image).registry },
        { label: 'Pull secrets', value: pod.spec.hasImagePullSecrets ? 'named in the pod' : 'none in the pod' },
      ],
    },
  ];
}
