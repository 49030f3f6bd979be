import { describe, expect, test } from 'vitest';
import { parseGeneric } from '../../../src/bridges/in/generic.ts';
import type { BridgeInConfig } from '../../../src/config/bridges.ts';

const bridge: BridgeInConfig = {
  name: 'backup',
  kind: 'generic',
  tokenFile: '/tmp/token',
  severities: {},
  staleAfter: '8h',
};
const NOW = 1_777_000_000_000;
const parse = (body: unknown) => parseGeneric(body, bridge, NOW).alerts[0];

describe('a generic webhook', () => {
  test('in our own words', () => {
    const alert = parse({
      key: 'nightly',
      title: 'Backup failed',
      text: 'disk full',
      severity: 'high',
      status: 'firing',
      url: 'https://backup.example.com/run/7',
      labels: { namespace: 'payments', attempts: 3 },
    });

    expect(alert).toMatchObject({
      fingerprint: 'nightly',
      title: 'Backup failed',
      text: 'disk full',
      severity: 'high',
      status: 'firing',
      url: 'https://backup.example.com/run/7',
      labels: { namespace: 'payments', attempts: '3' },
    });
  });

  test('in GoAlert’s words, which close by action and dedup', () => {
    expect(parse({ summary: 'Disk', details: '91 %', dedup: 'disk-1' })).toMatchObject({
      fingerprint: 'disk-1',
      title: 'Disk',
      text: '91 %',
      status: 'firing',
    });
    expect(parse({ summary: 'Disk', action: 'close', dedup: 'disk-1' })).toMatchObject({
      fingerprint: 'disk-1',
      status: 'resolved',
    });
  });

  test('in Grafana OnCall’s words', () => {
    const body = {
      alert_uid: 'u-1',
      title: 'Latency',
      message: 'p99 2 s',
      link_to_upstream_details: 'https://g.example.com/',
    };

    expect(parse({ ...body, state: 'alerting' })).toMatchObject({
      fingerprint: 'u-1',
      status: 'firing',
      text: 'p99 2 s',
    });
    expect(parse({ ...body, state: 'ok' })).toMatchObject({ fingerprint: 'u-1', status: 'resolved' });
  });

  test('without a key is known again by its title and labels', () => {
    const first = parse({ title: 'A', labels: { x: '1', y: '2' } });
    const again = parse({ title: 'A', labels: { y: '2', x: '1' }, status: 'resolved' });

    expect(again?.fingerprint).toBe(first?.fingerprint);
    expect(parse({ title: 'B', labels: { x: '1', y: '2' } })?.fingerprint).not.toBe(first?.fingerprint);
  });

  test('may resolve by key alone', () => {
    expect(parse({ key: 'nightly', status: 'resolved' })).toMatchObject({ fingerprint: 'nightly', status: 'resolved' });
  });

  test.each([
    [{ text: 'no title' }, 'A `title` (or `summary`) is missing: one line that says what is wrong.'],
    [{ title: 'x', status: 'perhaps' }, '`status` should be "firing" or "resolved", not "perhaps".'],
    [{ title: 'x', state: 'maybe' }, '`state` should be "firing" or "resolved", not "maybe".'],
    ['text', 'The body should be a JSON object, not a string.'],
  ])('that cannot be understood (%j) is refused with the reason', (body, said) => {
    expect(() => parse(body)).toThrow(said);
  });
});
