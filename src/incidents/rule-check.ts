import type { ActionWord, AnyRule, Domain, EvidenceCode, Threshold } from './rule.ts';
import type { Kind } from './seen/kinds.ts';
import { SEVERITIES } from './severity.ts';

const ID = /^[A-Z]{1,2}[0-9]{2}$/;
const SETTING = /^[a-z][A-Za-z0-9]*$/;
const MAX_TITLE = 40;
const MAX_SUMMARY = 160;

/** All words that a rule may use, spelled as an object so that the compiler notices a new one. */
const KINDS: { readonly [K in Kind]: true } = {
  Pod: true,
  ReplicaSet: true,
  Deployment: true,
  StatefulSet: true,
  DaemonSet: true,
  Rollout: true,
  Job: true,
  CronJob: true,
  HorizontalPodAutoscaler: true,
  PodDisruptionBudget: true,
  PersistentVolumeClaim: true,
  PersistentVolume: true,
  StorageClass: true,
  ResourceQuota: true,
  Namespace: true,
  Node: true,
  Shipmate: true,
};
const DOMAINS: { readonly [D in Domain]: true } = {
  availability: true,
  rollout: true,
  job: true,
  storage: true,
  node: true,
  'node-update': true,
  scaling: true,
  shipmate: true,
  external: true,
};
const EVIDENCE: { readonly [E in EvidenceCode]: true } = {
  L: true,
  E: true,
  X: true,
  I: true,
  N: true,
  R: true,
  C: true,
  D: true,
};

const ACTIONS: { readonly [A in ActionWord]: true } = {
  logs: true,
  describe: true,
  rollback: true,
  pause: true,
  resume: true,
  restart: true,
  scale: true,
  'delete-pod': true,
  cordon: true,
  uncordon: true,
  rerun: true,
};

/**
 * Everything that is wrong with a rule, in words for its author; empty when it is sound. Pure.
 * @param file its name without the folder, `p01-crash-loop.ts`.
 */
export function checkRule(file: string, rule: AnyRule | undefined): string[] {
  if (!rule || typeof rule.id !== 'string' || typeof rule.judge !== 'function')
    return ['has no default export made by defineRule'];
  const problems: string[] = [];
  const expect = (isSound: boolean, otherwise: string): void => {
    if (!isSound) problems.push(otherwise);
  };
  expect(ID.test(rule.id), `its id "${rule.id}" is not of the form P01`);
  expect(
    file.startsWith(`${rule.id.toLowerCase()}-`),
    `has the id ${rule.id}, so its name must begin with "${rule.id.toLowerCase()}-"`,
  );
  expect(isText(rule.title, MAX_TITLE), `needs a title of at most ${MAX_TITLE} characters`);
  expect(isText(rule.summary, MAX_SUMMARY), `needs a summary of at most ${MAX_SUMMARY} characters`);
  for (const kind of [rule.kind, ...(rule.alsoKinds ?? [])])
    expect(kind in KINDS, `judges the kind "${kind}", which nobody watches`);
  expect(rule.domain in DOMAINS, `its domain "${rule.domain}" does not exist`);
  expect(isAmount(rule.resolveAfterMs), 'its resolveAfterMs must be a number of milliseconds, 0 or more');
  for (const code of rule.evidence ?? [])
    expect(code in EVIDENCE, `asks for the evidence "${code}", which does not exist`);
  for (const word of rule.actions ?? []) expect(word in ACTIONS, `offers the action "${word}", which does not exist`);
  return [...problems, ...checkSettings(rule), ...checkDrill(rule)];
}

function checkSettings(rule: AnyRule): string[] {
  return Object.entries(rule.settings ?? {}).flatMap(([name, threshold]) => {
    if (!SETTING.test(name)) return [`its setting "${name}" is not written in camelCase`];
    if (!isAmount(amountOf(threshold))) return [`its setting "${name}" needs a default of 0 or more`];
    return isText(threshold.meaning, MAX_SUMMARY) ? [] : [`its setting "${name}" does not say what it means`];
  });
}

function checkDrill({ drill }: AnyRule): string[] {
  if (!drill || !isText(drill.cause, 300)) return ['needs a drill: an example of its cause for /alerts test'];
  return SEVERITIES.includes(drill.severity) ? [] : [`its drill has the severity "${drill.severity}"`];
}

function amountOf(threshold: Threshold): number {
  return threshold.kind === 'duration' ? threshold.ms : threshold.value;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= most && !value.includes('\n');
}
