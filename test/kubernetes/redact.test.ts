import { expect, test } from 'vitest';
import { printObjects } from '../../src/kubernetes/print.ts';
import { redact } from '../../src/kubernetes/redact.ts';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

test('a Secret keeps its keys and loses its values, wherever they are repeated', () => {
  const { object, hidden } = redact({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'db',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}',
        team: 'shop',
      },
      managedFields: [{ manager: 'kubectl' }],
    },
    data: { password: b64('hunter2'), 'tls.key': b64('x'.repeat(40)) },
    stringData: { user: 'root' },
    type: 'Opaque',
  });

  expect(object).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db', annotations: { team: 'shop' } },
    data: { password: '<hidden, 7 bytes>', 'tls.key': '<hidden, 40 bytes>' },
    stringData: { user: '<hidden, 4 bytes>' },
    type: 'Opaque',
  });
  expect(hidden).toBe(3);
});

test.each([
  ['DB_PASSWORD', 'hunter2'],
  ['SESSION_COOKIE', 'x'],
  ['DATABASE_URL', 'postgres://app:hunter2@db/shop'],
  ['JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh'],
  ['SOMETHING', 'q8Zr3Lk0TnV5yXw2Jd7BfH1s'],
  ['PEM', '-----BEGIN RSA PRIVATE KEY-----\nabc'],
])('the environment variable %s=%s is hidden', (name, value) => {
  const pod = {
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'main', env: [{ name, value }] }] },
  };

  expect(JSON.stringify(redact(pod).object)).not.toContain(value.slice(0, 24));
  expect(redact(pod).object.spec?.containers[0].env[0].name).toBe(name);
});

test('what only points at a secret, and what is none, stays', () => {
  const pod = {
    kind: 'Pod',
    metadata: { name: 'web', uid: '4e54d5fe-f382-4106-b902-543376053637' },
    spec: {
      serviceAccountName: 'token-reader',
      imagePullSecrets: [{ name: 'registry' }],
      volumes: [{ name: 'tls', secret: { secretName: 'web-tls' } }],
      containers: [
        {
          name: 'main',
          image: 'registry.example/web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          env: [
            { name: 'LOG_LEVEL', value: 'info' },
            { name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } },
          ],
          args: ['--listen=:8080', '--verbose'],
        },
      ],
    },
  };

  expect(redact(pod)).toEqual({ object: pod, hidden: 0 });
});

test('arguments lose their passwords, in one word or two', () => {
  const args = ['serve', '--db-password=hunter2', '--token', 'abc', '--listen', ':80', 'redis://:pw@cache:6379'];
  const pod = { kind: 'Pod', metadata: {}, spec: { containers: [{ args }] } };

  expect(redact(pod).object.spec?.containers[0].args).toEqual([
    'serve',
    '--db-password=<hidden, 7 bytes>',
    '--token',
    '<hidden, 3 bytes>',
    '--listen',
    ':80',
    '<hidden, 22 bytes>',
  ]);
});

test('a ConfigMap is shown but for the lines that say they are secret', () => {
  const text = 'host: db\npassword: hunter2\nport: 5432';
  const { object, hidden } = redact({
    kind: 'ConfigMap',
    metadata: {},
    data: { 'app.yaml': text, mode: 'fast', token: 'abc' },
  });

  expect(object.data).toEqual({
    'app.yaml': 'host: db\npassword: <hidden, 7 bytes>\nport: 5432',
    mode: 'fast',
    token: '<hidden, 3 bytes>',
  });
  expect(hidden).toBe(2);
});

test('custom kinds lose what their field names give away', () => {
  const { object } = redact({
    kind: 'Mailer',
    metadata: {},
    spec: { password: 'hunter2', secretRef: 'mail', auth: { clientSecret: 'abc', user: 'bob' } },
  });

  expect(object.spec).toEqual({
    password: '<hidden, 7 bytes>',
    secretRef: 'mail',
    auth: { clientSecret: '<hidden, 3 bytes>', user: 'bob' },
  });
});

test('objects are printed with their keys in order, as kubectl prints them', () => {
  const object = { kind: 'Widget', apiVersion: 'v1', metadata: { name: 'a' }, spec: { list: [{ b: 1, a: 'yes' }] } };

  expect(printObjects([object], 'yaml', false).text).toBe(
    ['apiVersion: v1', 'kind: Widget', 'metadata:', '  name: a', 'spec:', '  list:', '  - a: "yes"', '    b: 1'].join(
      '\n',
    ),
  );
  expect(JSON.parse(printObjects([object], 'json', true).text)).toMatchObject({ kind: 'List', items: [object] });
});
