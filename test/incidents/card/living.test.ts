import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachmentsProblem, blocksProblem } from '../../../deploy/sandbox/slack/validate/message.ts';
import { renderMessage } from '../../../src/chat/render/message.ts';
import { messageWords } from '../../../src/chat/render/words.ts';
import { incidentCard } from '../../../src/incidents/card/living.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { anyIncident } from './any-incident.ts';
import { ADA, evidence, external, GRACE, incident, MINUTE, signal, storm, T0 } from './incidents.ts';

const NOW = T0 + 12 * MINUTE;
const card = (of: Incident, from: Parameters<typeof incidentCard>[1] = {}) => incidentCard(of, from, NOW);
const labels = (of: Incident): string[] => (card(of).buttons ?? []).map(({ label }) => label);
const words = (of: Incident, from: Parameters<typeof incidentCard>[1] = {}): string => messageWords(card(of, from));

describe('the living message', () => {
  test('says on a lock screen how bad, where, what and since when', () => {
    expect(card(incident()).notice).toBe(
      'HIGH · demo · shop/web · image pull (2/3 ready): image "web:9" cannot be pulled: not found · 12m',
    );
  });

  test('reads from the worst to the details, with the end of the log', () => {
    expect(words(incident(), { evidence: evidence(), runbook: 'https://runbooks.example/web' })).toMatchInlineSnapshot(`
      "🔴 HIGH · Firing · demo · shop/deployment/web · image pull

      Status: Failing, nobody is on it yet
      Since: 2026-01-01 00:00Z
      Owner: harbour
      Impact: 2 of 3 pods ready
      Cause: image "shop/web:9" cannot be pulled: not found
      Change: shop/web:8 → shop/web:9, by argocd-controller, 2025-12-31 23:59Z
      Node: harbour-2: cordoned, Ready=False (KubeletNotReady)
      Runbook: Runbook (https://runbooks.example/web)

      Last lines of web-7d9f-abc, container main, before its last restart:

      line 14
      line 15
      line 16
      line 17
      line 18
      line 19

      k3f9q2x · 00:00:30Z P03 image pull."
    `);
  });

  test.each([
    ['firing', incident(), 'firing', '🔴 HIGH · Firing'],
    ['critical', incident({ severity: 'critical', peak: 'critical' }), 'firing', '🚨 CRITICAL · Firing'],
    ['acked', incident({ ack: { by: ADA, at: NOW } }), 'acked', '👀 HIGH · Acked'],
    ['snoozed', incident({ snooze: { by: ADA, until: NOW + MINUTE } }), 'snoozed', '💤 HIGH · Snoozed'],
    ['snoozed until just now', incident({ snooze: { by: ADA, until: NOW } }), 'firing', '🔴 HIGH · Firing'],
    ['silenced', incident({ silencedBy: 's4k2m9x' }), 'snoozed', '🔇 HIGH · Silenced'],
    [
      'resolved',
      incident({ status: 'resolved', resolvedAt: NOW, severity: 'warning', resolution: { how: 'recovered' } }),
      'resolved',
      '✅ HIGH · Resolved',
    ],
    ['a drill', incident({ kind: 'drill' }), 'firing', '🔴 DRILL · HIGH · Firing'],
  ] as const)('%s: its colour is said in words, too', (_name, of, colour, start) => {
    const message = card(of);

    expect(message.colour).toBe(colour);
    expect(message.title.startsWith(start)).toBe(true);
  });

  test('offers five controls, and going back at once where a rollout has stalled', () => {
    expect(labels(incident())).toEqual(['Ack', 'Snooze', 'Roll back web', 'Resolve', 'More']);
    expect(labels(incident({ domain: 'availability' }))).toEqual(['Ack', 'Snooze', 'Escalate', 'Resolve', 'More']);
    const more = card(incident())
      .buttons?.at(-1)
      ?.options?.map(({ word }) => word);
    expect(more).toEqual(['logs', 'describe', 'pause', 'escalate', 'noise']);
  });

  test('asks nobody to take what somebody has, and offers nothing once it is over', () => {
    expect(labels(incident({ ack: { by: ADA, at: NOW } }))).not.toContain('Ack');
    expect(labels(incident({ status: 'resolved', resolvedAt: NOW, resolution: { how: 'recovered' } }))).toEqual([]);
  });

  test('warns before something is resolved that still fails', () => {
    const ask = (of: Incident) => card(of).buttons?.find(({ action }) => action === 'resolve')?.ask;

    expect(ask(incident())?.text).toContain('shop/web still fails');
    expect(ask(incident({ signals: [signal({ clearSince: NOW })] }))?.text).toContain('seems well already');
    expect(ask(incident({ kind: 'drill' }))?.text).toContain('a test');
  });

  test.each([
    [{ how: 'recovered' } as const, 'Recovered, after 12m'],
    [{ how: 'deleted' } as const, 'the object was deleted, after 12m'],
    [{ how: 'by-hand', by: GRACE, why: 'rolled back' } as const, 'Resolved by U0GRACE (rolled back), after 12m'],
    [{ how: 'while-away' } as const, 'well again when Shipmate looked'],
    [{ how: 'drill-over' } as const, 'The drill is over'],
  ])('tells how it ended: %o', (resolution, said) => {
    expect(words(incident({ status: 'resolved', resolvedAt: NOW, resolution }))).toContain(said);
  });

  test('says that it looks well while it waits whether it stays so, and offers no way back from that', () => {
    const well = incident({ signals: [signal({ clearSince: NOW - MINUTE })], ack: { by: ADA, at: NOW } });

    expect(card(well).title).toBe('👀 HIGH · Recovering · demo · shop/deployment/web · image pull');
    expect(words(well)).toContain('Status: Looks well since 2026-01-01 00:11Z, over if it stays so, U0ADA is on it');
    expect(labels(well)).toEqual(['Snooze', 'Escalate', 'Resolve', 'More']);
  });

  test('offers no way back where there was only ever one revision', () => {
    const change = { by: 'kubectl-create', at: T0, fields: ['spec.replicas', 'spec.template'], revision: 1 };
    const first = card(incident(), { evidence: evidence({ images: [], change }) });

    expect(JSON.stringify(first.buttons)).not.toContain('rollback');
    expect(messageWords(first)).toContain('Last change: created, by kubectl-create, ');
  });

  test('of many that fail together: what they share, the cause, and how to see one, on a lock screen and in full', () => {
    const cause =
      '6 fail that share registry registry.example.com: image "registry.example.com/a/b:1" cannot be pulled';
    const many = storm(6, { cause });
    const digest = storm(6, { cause: '6 fail at about the same time, most often: exit code 1' });
    const unshared = { ...digest, storm: { members: { shop: ['deployment/web'] }, count: 6, open: 6 } };

    expect(card(many).notice).toBe(
      'HIGH · demo · registry registry.example.com · 6 failed together, 5 still do: image "b:1" cannot be pulled · 12m',
    );
    expect(words(many)).toContain('Cause: image "registry.example.com/a/b:1" cannot be pulled');
    expect(words(many)).toContain('Each by itself: /alerts show team-0/service-0');
    expect(card(unshared).title).toBe('🔴 HIGH · Firing · demo · 6 fail together');
    expect(card(unshared).notice).toBe('HIGH · demo · 6 fail together: exit code 1 · 12m');
  });

  test('names every member of a small storm, and of a large one how many there are in each namespace', () => {
    expect(words(storm(9))).toContain('team-0 (2): deployment service-0, service-7');
    expect(words(storm(500))).toContain('team-0 72, team-1 72');
    expect(words(storm(500))).toContain('499 of 500 still failing');
  });

  test('says where an alert from elsewhere comes from, with its link', () => {
    expect(words(external())).toContain('Open in alertmanager (http://prom.example/graph)');
    expect(card(external()).notice).toBe('HIGH · demo · shop/PodDown · cart-0 is down · 12m');
  });

  test('shows the last warnings where there is no log', () => {
    const events = [
      { object: 'Pod/web', reason: 'FailedScheduling', message: '0/3 nodes are available', count: 4, at: T0 },
    ];

    expect(words(incident(), { evidence: evidence({ logs: [], events }) })).toContain(
      'FailedScheduling ×4: 0/3 nodes are available',
    );
  });

  test('explained by another incident, it says by which', () => {
    const of = incident({ partOf: { id: 'st0rm12', key: 'k', why: 'storm' } });

    expect(card(of).title).toContain('part of st0rm12');
    expect(words(of)).toContain('as one of many that share a cause: see incident st0rm12');
  });

  test('flapping is told in the headline', () => {
    expect(card(incident({ isFlapping: true })).title).toContain('flapping');
  });
});

test('any incident renders within the limits of Slack, in colour, and mentions nobody by what the cluster says', () => {
  fc.assert(
    fc.property(anyIncident, ({ of, from }) => {
      const message = incidentCard(of, from, NOW);
      const rendered = renderMessage(message);

      expect(blocksProblem(rendered.blocks)).toBeUndefined();
      expect(attachmentsProblem(rendered.attachments)).toBeUndefined();
      expect(JSON.stringify([rendered.blocks, rendered.attachments]).length).toBeLessThanOrEqual(10_200);
      expect(JSON.stringify([rendered.blocks, rendered.attachments])).not.toMatch(/"mrkdwn"|"broadcast"/);
      expect(rendered.text).not.toMatch(/[<>]/);
      expect(rendered.text.length).toBeLessThanOrEqual(3_000);
      expect(rendered.attachments).toHaveLength(1);
      expect(message.buttons?.length).toBeLessThanOrEqual(5);
    }),
    { numRuns: 150 },
  );
}, 60_000);
