import { humanDuration } from '../../time.ts';
import { CONDITION_IS_FALSE, type Explained } from '../engine-contract.ts';
import type { AnyRule } from '../rule.ts';
import type { SeenObject } from '../seen/kinds.ts';
import type { Sight } from '../sight.ts';
import { DISABLED, type Judge } from './judge.ts';
import type { Ill, Track } from './trouble.ts';
import { Wishing } from './wishes.ts';

interface Explaining {
  readonly sight: Sight;
  readonly judge: Judge;
  readonly ill: Ill | undefined;
}

/** What each rule of its kind finds about one object, in words. */
export function explained(object: SeenObject, deps: Explaining, now: number): readonly Explained[] {
  const root = deps.sight.rootOf(object);
  const wishing = new Wishing(deps.sight, object, root);
  return deps.judge.rulesOf(object.kind).map((rule) => {
    const silence = deps.judge.silence(rule, object, root);
    const { state, because } = silence === undefined ? verdict(rule, object, wishing, deps, now) : silent(silence);
    const mistakes = wishing.mistakes(rule);
    return { rule: rule.id, title: rule.title, state, because: [because, ...mistakes].join('; ') };
  });
}

type Verdict = Pick<Explained, 'state' | 'because'>;

function silent(silence: string): Verdict {
  return { state: silence === DISABLED ? 'disabled' : 'suppressed', because: silence };
}

function verdict(rule: AnyRule, object: SeenObject, wishing: Wishing, deps: Explaining, now: number): Verdict {
  const tracks = [...(deps.ill?.tracks.values() ?? [])].filter((track) => track.rule === rule);
  const fired = tracks.find(({ hasFired }) => hasFired);
  if (fired) return { state: 'firing', because: `fires since ${ago(now - fired.since)}: ${fired.finding.cause}` };
  const held = tracks.reduce<Track | undefined>((a, b) => (a && a.fireAt <= b.fireAt ? a : b), undefined);
  if (held) return { state: 'pending', because: `fires in ${ago(held.fireAt - now)}: ${held.finding.cause}` };
  try {
    const { findings } = deps.judge.ask(rule, object, wishing, now);
    if (findings.length > 0) return { state: 'suppressed', because: `moved on purpose: ${findings[0]?.cause}` };
  } catch (error) {
    return { state: 'quiet', because: `the rule failed: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { state: 'quiet', because: CONDITION_IS_FALSE };
}

function ago(ms: number): string {
  return humanDuration(Math.max(0, ms));
}
