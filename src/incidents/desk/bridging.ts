import { closest } from 'fastest-levenshtein';
import type { Asked } from '../../access/policy/asked.ts';
import { NotFoundError } from '../../errors.ts';
import type { BridgeBoard } from '../relay/board.ts';
import { type Actor, audited, type DeedsDeps } from './deeds.ts';
import type { AlertsDesk } from './desk.ts';
import type { AlertPermission } from './place.ts';

export interface BridgingDeps extends Pick<DeedsDeps, 'authorise' | 'audit' | 'clock' | 'log'> {
  readonly bridges: BridgeBoard;
}

/** What `/alerts` asks of bridges. They are in no particular place. */
export function bridging(deps: BridgingDeps): Pick<AlertsDesk, 'bridges' | 'replay'> {
  const permission: AlertPermission = 'alerts:bridges';
  const asked: readonly Asked[] = [{ permission, anywhere: true }];
  const must = (actor: Actor): Promise<void> =>
    deps.authorise({ person: actor.person, channel: actor.channel ?? '' }, 'bridges', asked);
  return {
    async bridges(actor) {
      await must(actor);
      return await deps.bridges.look();
    },
    async replay(bridge, actor) {
      await must(actor);
      if (bridge !== undefined && !deps.bridges.outNames.includes(bridge)) throw noSuchBridge(bridge, deps.bridges);
      const command = 'alerts replay';
      const draft = {
        at: deps.clock(),
        invocation: actor.id,
        who: actor.person,
        command,
        typed: actor.typed,
        where: { ...(actor.channel && { channel: actor.channel }) },
        targets: bridge === undefined ? [...deps.bridges.outNames] : [bridge],
      };
      return await audited(
        draft,
        deps,
        () => deps.bridges.replay(bridge),
        (count) => `${count} put back.`,
      );
    },
  };
}

function noSuchBridge(name: string, { outNames }: BridgeBoard): NotFoundError {
  if (outNames.length === 0)
    return new NotFoundError('No other system is told of incidents.', {
      hint: 'Name one under `bridges.out` in shipmate.yaml.',
    });
  return new NotFoundError(`There is no way out called "${name}".`, {
    hint: `Did you mean ${closest(name, [...outNames])}? \`/alerts bridges\` lists them.`,
  });
}
