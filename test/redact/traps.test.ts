import { describe, expect, test } from 'vitest';
import { redactMessage } from '../../src/access/redact/message.ts';
import { renderMessage } from '../../src/chat/render/message.ts';
import { jsonOutput } from '../../src/etcd/etcdctl-output.ts';
import { hideSecrets } from '../../src/etcd/hidden-values.ts';
import { bytesOf, overlapsPrefix } from '../../src/etcd/keys.ts';
import { selectKeys } from '../../src/etcd/selection.ts';
import { printObjects } from '../../src/kubernetes/print.ts';
import { redactTyped, refuseHidden } from '../../src/redact/typed-line.ts';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const printed = (object: object): string =>
  (['yaml', 'json'] as const)
    .map((format) => printObjects([{ metadata: {}, ...object }], format, false).text)
    .join('\n');

describe('T1: Secrets', () => {
  test('show key names and lengths only, in every format; base64 is no redaction', () => {
    const text = printed({ kind: 'Secret', data: { user: b64('hunter2') }, stringData: { note: 'correct-horse' } });

    expect(text).toContain('user: <hidden, 7 bytes>');
    expect(text).not.toMatch(/hunter2|aHVudGVyMg|correct-horse/);
  });

  test('of any kind that is called one are hidden alike', () => {
    expect(printed({ kind: 'SealedSecret', data: { user: b64('hunter2') } })).not.toContain(b64('hunter2'));
  });
});

test('T2: literal environment values are masked by name or by what they look like; references stay', () => {
  const env = [
    { name: 'SESSION_COOKIE', value: 'abc' },
    { name: 'INNOCENT', value: 'q8Zr3Lk0TnV5yXw2Jd7BfH1s' },
    { name: 'DATABASE', value: 'postgres://app:hunter2@db/shop' },
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } },
  ];

  const text = printed({ kind: 'Deployment', spec: { template: { spec: { containers: [{ name: 'main', env }] } } } });

  expect(text).not.toMatch(/value: abc|q8Zr3L|hunter2/);
  expect(text).toContain('value: info');
  expect(text).toContain('name: api');
});

test('T3: last-applied-configuration, Helm releases and arguments do not repeat what is hidden elsewhere', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"x":"hunter2"}}' };
  const release = `H4sIAAAA${'Abcd1234'.repeat(30)}`;

  const text = [
    printed({ kind: 'Widget', metadata: { annotations }, spec: { template: { metadata: { annotations } } } }),
    printed({ kind: 'Secret', type: 'helm.sh/release.v1', data: { release: b64(release) } }),
    printed({ kind: 'ConfigMap', metadata: { labels: { owner: 'helm' } }, data: { release } }),
    printed({ kind: 'ConfigMap', data: { copied: release } }),
    printed({ kind: 'Pod', spec: { containers: [{ args: ['--password=hunter2', '--token', 'hunter2'] }] } }),
  ].join('\n');

  expect(text).not.toMatch(/hunter2|Abcd1234|last-applied/);
  expect(text).not.toContain(b64(release).slice(20, 60));
});

test('T4: every text is scrubbed on its way out, and the message says how many secrets are hidden', () => {
  const text = 'dial postgres://app:hunter2@db: refused\npassword=hunter3 rejected\nretrying';

  const shown = redactMessage({ title: 'logs of web', parts: [{ kind: 'output', text, filename: 'web.txt' }] });

  expect(shown.parts?.[0]).toMatchObject({
    text: 'dial postgres://app:<hidden, 7 bytes>@db: refused\npassword=<hidden, 7 bytes> rejected\nretrying',
  });
  expect(shown.footer).toBe('2 secrets hidden');
});

describe('T5: etcd', () => {
  test('values are hidden before any format is made of them', () => {
    const kv = (key: string, value: string) => ({
      key: bytesOf(key),
      value: bytesOf(value),
      createRevision: '1',
      modRevision: '1',
      version: '1',
      lease: '0',
    });
    const kvs = [kv('/app/db/password', 'hunter2'), kv('/app/url', 'a://u:hunter2@h'), kv('/app/mode', 'fast')].map(
      hideSecrets,
    );

    const json = JSON.parse(jsonOutput({ kvs, count: 3, more: false, revision: '1' })) as { kvs: { value: string }[] };

    expect(json.kvs.map(({ value }) => Buffer.from(value, 'base64').toString())).toEqual([
      '<hidden, 7 bytes>',
      'a://u:<hidden, 7 bytes>@h',
      'fast',
    ]);
  });

  test.each([
    [{ key: 'a', fromKey: true }],
    [{ key: '/q', end: '/s' }],
    [{ key: '/', prefix: true }],
    [{ key: '', prefix: true }],
    [{ key: '/registry/secrets/x' }],
  ])('ranges that cross /registry/ are seen by their overlap: %j', (words) => {
    const selection = selectKeys({ prefix: false, fromKey: false, end: undefined, ...words });

    expect(overlapsPrefix(selection, bytesOf('/registry/'))).toBe(words.key !== 'a');
  });

  test.each([
    ['/etcd put /app/password hunter2'],
    ['/etcd put --cluster main "/app/api_key" "x y z"'],
    ['etcdctl put /app/x AKIAIOSFODNN7EXAMPLE'],
    ['@Shipmate etcd put /app/x password=hunter2'],
  ])('a secret that is typed is refused, and not kept: %s', (line) => {
    const kept = redactTyped(line);

    expect(kept).not.toMatch(/hunter2|x y z|AKIA/);
    expect(() => refuseHidden(kept)).toThrow(/seems to hold a secret/);
  });

  test.each([
    ['/etcd put /app/mode fast'],
    ['/etcd put /app/password-policy strict'],
    ['/etcd put /app/feature/token on'],
    ['/k8s get pods -l app=web -n shop'],
    ['/k8s scale deploy/web 5 -n shop --reason "tokens ran out"'],
    ['/k8s get secret/web-tls-2 -o yaml'],
  ])('an ordinary line stays as it is: %s', (line) => {
    expect(redactTyped(line)).toBe(line);
    expect(() => refuseHidden(line)).not.toThrow();
  });
});

test('T6: names, labels and log lines call nobody, link nowhere and do not close their frame', () => {
  const hostile = '<!channel> <@U0ADA> <http://evil|click> ```\u001b[31mred \u202egnp.exe';

  const { text, blocks } = renderMessage({
    title: hostile,
    parts: [
      { kind: 'output', text: hostile, filename: 'x.txt' },
      { kind: 'list', items: [hostile] },
    ],
  });

  expect(text).not.toMatch(/<!channel>|<@U0ADA>|<http/);
  expect(JSON.stringify(blocks)).not.toMatch(/"mrkdwn"/);
  expect(JSON.stringify([text, blocks])).not.toMatch(/\\u001b|\u202e/);
});
