import type { Incident } from '../incident.ts';
import { keyOf, occurrenceId } from '../key.ts';
import { said } from '../lifecycle/line.ts';
import type { Router } from '../route.ts';
import type { AnyRule } from '../rule.ts';
import type { ObjectRef } from '../sight.ts';
import type { Signal } from '../signal.ts';
import type { Actor } from './deeds.ts';

/** A made-up incident of a rule, with the words that its file gives for this. It goes the way of a real one, through the same route. Pure. */
export function drillOf(rule: AnyRule, actor: Actor, route: Router, now: number): Incident {
  const { cause, severity } = rule.drill;
  const root: ObjectRef = {
    apiVersion: '',
    kind: 'Drill',
    namespace: '',
    name: `drill-${rule.id.toLowerCase()}`,
    uid: '',
  };
  const key = keyOf('', root, rule.domain);
  const signal: Signal = {
    rule: rule.id,
    title: rule.title,
    object: root,
    key: '',
    domain: rule.domain,
    since: now,
    firedAt: now,
    severity,
    cause,
    causeClass: 'other',
    facts: [],
    shares: {},
    about: root,
    evidence: [],
    actions: [],
    isFolded: false,
  };
  const incident: Incident = {
    id: occurrenceId(key, now),
    key,
    generation: 0,
    kind: 'drill',
    cluster: '',
    root,
    domain: rule.domain,
    severity,
    peak: severity,
    status: 'firing',
    cause,
    signals: [signal],
    moreSignals: 0,
    startedAt: now,
    detectedAt: now,
    openedAt: now,
    escalations: [],
    transitions: [],
    isFlapping: false,
    log: [],
    labels: {},
  };
  const channel = route(incident).channel ?? actor.channel;
  return said({ ...incident, channel }, now, `Drill of ${rule.id} ${rule.title}; it ends by itself.`, {
    by: actor.person,
  });
}
