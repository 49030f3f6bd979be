import {
  ailmentOf,
  defineRule,
  isJudged,
  isPerfect,
  lasting,
  MINUTE,
  mainContainers,
  waitingSince,
} from '../../sdk/rules.ts';

/** A command that the runtime refuses is P20 as soon as the runtime has said so. An init container is P15, a sidecar P16. */
export default defineRule({
  id: 'P04',
  title: 'container cannot be created',
  summary: 'A container cannot be made from its configuration, or its start hook fails.',
  kind: 'Pod',
  domain: 'availability',
  settings: { hold: lasting(2 * MINUTE, 'while what is missing may still be on its way') },
  resolveAfterMs: 2 * MINUTE,
  evidence: ['E', 'C'],
  actions: ['describe', 'rollback'],
  source: 'kubernetes-mixin KubeContainerWaiting',
  drill: { cause: 'Secret "db" is missing', severity: 'warning' },
  judge(pod, at) {
    if (isPerfect(pod) || !isJudged(pod)) return [];
    return mainContainers(pod).flatMap((container) => {
      const waiting = container.status.state.waiting;
      const ailment = waiting && ailmentOf(container, pod, []);
      if (ailment?.kind !== 'config') return [];
      return [
        {
          key: container.name,
          container: container.name,
          since: waitingSince(container, at.sight.events(pod.metadata.uid), at),
          holdMs: at.setting('hold'),
          severity: 'warning' as const,
          cause: ailment.cause,
          causeClass: ailment.causeClass,
          facts: [
            { label: 'Container', value: container.name },
            { label: 'Reason', value: waiting?.reason ?? '' },
          ],
        },
      ];
    });
  },
});
