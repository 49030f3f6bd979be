import { expect, test } from 'vitest';
import { deployment, namespace, replicaSet } from '../../support/kube-objects.ts';
import { timeline } from '../../support/timeline.ts';
import { belowRule, notReadyRule, unpulled, waitingRule } from './sample-rules.ts';

const OFF = { 'shipmate/alerts': 'off' };
const shopIs = (annotations: Record<string, string>) => namespace('shop', { annotations });
const webIs = (annotations: Record<string, string>) => deployment('web', { annotations });
const set = replicaSet('web-abc', { owner: deployment('web') });

function ill(annotations: {
  shop?: Record<string, string>;
  web?: Record<string, string>;
  pod?: Record<string, string>;
}) {
  const world = timeline([waitingRule, notReadyRule]);
  world.put(shopIs(annotations.shop ?? {}), 0);
  world.put(webIs(annotations.web ?? {}), 0);
  world.put(set, 0);
  world.put(unpulled('web-abc-1', { owner: set, annotations: annotations.pod ?? {} }), 0);
  return world;
}

test.each([
  ['its namespace', { shop: OFF }, 'namespace/shop'],
  ['its root', { web: OFF }, 'deployment/web'],
  ['itself', { pod: { 'shipmate/alerts': 'P01, p03' } }, 'pod/web-abc-1'],
])('what opts out by an annotation of %s says nothing', (_what, annotations, who) => {
  const world = ill(annotations);

  expect(world.at(1_000)).toEqual([]);
  expect(world.explain('Pod', 'shop', 'web-abc-1')[0]).toMatchObject({
    rule: 'P03',
    state: 'suppressed',
    because: `opted out by annotation of ${who}`,
  });
});

test('opting out of other rules changes nothing', () => {
  expect(ill({ web: { 'shipmate/alerts': 'P01,P08' } }).at(120)).toHaveLength(1);
});

test('an opt-out that comes later ends what fires, for all below it', () => {
  const world = ill({});
  expect(world.at(120)).toHaveLength(1);

  world.put(webIs(OFF), 130);

  expect(world.at(130)).toMatchObject([{ rule: 'P03', clearSince: expect.any(Number) }]);
  expect(world.at(250)).toEqual([]);
});

test('an opt-out that is taken back is noticed by the sweep', () => {
  const world = ill({ shop: OFF });

  world.put(shopIs({}), 500);
  world.sweep(530);

  expect(world.at(650)).toHaveLength(1);
});

test('the nearest annotation decides about a hold', () => {
  const hold = (value: string) => ({ 'shipmate/alert.P03.hold': value });

  expect(ill({ shop: hold('10s') }).at(10)).toHaveLength(1);
  expect(ill({ shop: hold('10s'), web: hold('1m') }).at(59.999)).toEqual([]);
  expect(ill({ shop: hold('10s'), web: hold('1m'), pod: hold('0s') }).at(0)).toHaveLength(1);
});

test('an annotation sets a threshold', () => {
  const world = ill({ web: { 'shipmate/alert.P03.atMost': '-1' } });

  expect(world.at(1_000)).toEqual([]);
});

test.each([
  ['shipmate/alert.P03.hold', '5 minutes', '"5 minutes" is not a duration such as 90s or 5m'],
  ['shipmate/alert.P03.atMost', 'many', '"many" is not a number'],
  ['shipmate/alert.P03.atmost', '3', 'P03 has no setting "atmost"'],
])('%s: %s is ignored, and said to be', (name, value, why) => {
  const world = ill({ web: { [name]: value } });

  expect(world.at(119.999)).toEqual([]);
  expect(world.explain('Pod', 'shop', 'web-abc-1')[0]?.because).toBe(
    `fires in 0s: image cannot be pulled: not found; annotation ${name} of deployment/web is ignored: ${why}`,
  );
  expect(world.at(120)).toHaveLength(1);
});

test('explaining says how long something has fired, is held, or is quiet, and changes nothing', () => {
  const world = timeline([waitingRule, notReadyRule, belowRule]);
  world.put(unpulled('web-1'), 0);
  world.at(30);
  const marks = new Map(world.marks());

  expect(world.explain('Pod', 'shop', 'web-1')).toEqual([
    { rule: 'P03', title: 'image', state: 'pending', because: 'fires in 90s: image cannot be pulled: not found' },
    { rule: 'P08', title: 'not ready', state: 'quiet', because: 'condition is false' },
  ]);
  world.at(300);
  expect(world.explain('Pod', 'shop', 'web-1')[0]).toMatchObject({
    state: 'firing',
    because: 'fires since 5m: image cannot be pulled: not found',
  });
  expect([...world.marks().keys()]).toEqual([...marks.keys()]);
});

test('the config file sets holds and thresholds, for one rule or all', () => {
  const every = timeline([waitingRule, notReadyRule], { alerts: { rules: { '*': { hold: '0s' } } } });
  every.put(unpulled('web-1'), 0);
  expect(every.at(0)).toHaveLength(1);

  const one = timeline([waitingRule], { alerts: { rules: { '*': { hold: '0s' }, P03: { hold: '90s' } } } });
  one.put(unpulled('web-1'), 0);
  expect(one.at(89.999)).toEqual([]);
  expect(one.at(90)).toHaveLength(1);

  const settings = timeline([waitingRule], { alerts: { rules: { P03: { settings: { hold: '7s', atMost: 0 } } } } });
  settings.put(unpulled('web-1'), 0);
  expect(settings.at(7)).toHaveLength(1);
});
