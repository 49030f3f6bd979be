import { describe, expect, it } from 'vitest';
import { keyOf, occurrenceId } from '../../src/incidents/key.ts';
import { opened } from '../../src/incidents/lifecycle/open.ts';
import { createRouter } from '../../src/incidents/route.ts';
import { compileMatch, type Match } from '../../src/incidents/silences/match.ts';
import { alertsOf, signal, state, T0 } from './ledger/world.ts';

const web = opened(state('web', [signal({ severity: 'high' })], { namespaceLabels: { team: 'shop' } }), T0);

describe('a match', () => {
  it.each<[Match, boolean]>([
    [{}, true],
    [{ clusters: ['eu1'] }, true],
    [{ clusters: ['us*'] }, false],
    [{ namespaces: ['sh*'] }, true],
    [{ namespaces: ['bank', 'shop'] }, true],
    [{ rules: ['p01'] }, true],
    [{ rules: ['P03'] }, false],
    [{ severities: ['warning'] }, false],
    [{ severities: ['high'] }, true],
    [{ labels: { team: 'shop', app: 'w*' } }, true],
    [{ labels: { team: 'shop', tier: '*' } }, false],
    [{ names: ['web'] }, true],
    [{ names: ['Deployment/WEB'] }, true],
    [{ names: ['statefulset/*'] }, false],
    [{ namespaces: ['shop'], rules: ['P03'] }, false],
  ])('%j: %s', (match, expected) => {
    expect(compileMatch(match)(web)).toBe(expected);
  });
});

describe('a route', () => {
  const alerts = alertsOf({
    routes: [
      { match: { namespaces: ['bank'] }, channel: 'CBANK', escalateTo: ['U0BANK'] },
      { match: { labels: { team: 'shop' } }, channel: 'CSHOP', runbook: 'https://example.com/shop' },
      { match: { namespaces: ['shop'] }, channel: 'CLATER' },
      { match: { namespaces: ['quiet'] } },
    ],
    escalateTo: ['S0ONCALL'],
  });
  const route = createRouter(alerts, 'CALERTS');
  const at = (namespace: string) => ({ ...web, labels: {}, root: { ...web.root, namespace } });

  it('is the first that matches', () => {
    expect(route(web)).toEqual({ channel: 'CSHOP', escalateTo: ['S0ONCALL'], runbook: 'https://example.com/shop' });
    expect(route(at('bank'))).toMatchObject({ channel: 'CBANK', escalateTo: ['U0BANK'] });
  });

  it('without a channel only records', () => {
    expect(route(at('quiet')).channel).toBeUndefined();
  });

  it('is the channel for alerts where none matches', () => {
    expect(route(at('other'))).toEqual({ channel: 'CALERTS', escalateTo: ['S0ONCALL'], runbook: undefined });
  });
});

describe('keys', () => {
  it('are the same for every occurrence, whatever uid the object has now', () => {
    expect(keyOf('eu1', { ...web.root, uid: 'other' } as never, 'availability')).toBe(web.key);
    expect(keyOf('eu2', web.root, 'availability')).not.toBe(web.key);
    expect(keyOf('eu1', web.root, 'rollout')).not.toBe(web.key);
  });

  it('give ids of seven characters that are no number and differ by the moment', () => {
    const ids = Array.from({ length: 2_000 }, (_, at) => occurrenceId(web.key, T0 + at));

    expect(ids.every((id) => /^[a-z][0-9a-z]{6}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(2_000);
  });
});
