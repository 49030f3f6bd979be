import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { redactError } from '../../src/redact/error.ts';
import { countMarkers } from '../../src/redact/marker.ts';
import { redactText } from '../../src/redact/text.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh';

describe('what is hidden', () => {
  test.each([
    // Names that announce what comes.
    ['password=hunter2', 'password=<hidden, 7 bytes>'],
    ['DB_PASSWORD:     hunter2', 'DB_PASSWORD:     <hidden, 7 bytes>'],
    ['password: "hunter2 with space"', 'password: "<hidden, 18 bytes>"'],
    ['{"password":"hun\\"ter2","a":1}', '{"password":"<hidden, 9 bytes>","a":1}'],
    ['"msg":"{\\"password\\":\\"hunter2\\"}"', '"msg":"{\\"password\\":\\"<hidden, 7 bytes>\\"}"'],
    ['{"msg":"DB_PASSWORD: \\"hunter2\\""}', '{"msg":"DB_PASSWORD: \\"<hidden, 7 bytes>\\""}'],
    [
      '{"a":"{\\"b\\":\\"{\\\\\\"pwd\\\\\\":\\\\\\"x1y2\\\\\\"}\\"}"}',
      '{"a":"{\\"b\\":\\"{\\\\\\"pwd\\\\\\":\\\\\\"<hidden, 4 bytes>\\\\\\"}\\"}"}',
    ],
    ['cut password="hunter2', 'cut password="<hidden, 7 bytes>'],
    ['map[password:hunter2 user:bob]', 'map[password:<hidden, 7 bytes> user:bob]'],
    ['\x1b[36mpassword\x1b[0m=hunter2', '\x1b[36mpassword\x1b[0m=<hidden, 7 bytes>'],
    ['Server=db;Password=a;b;User=x', 'Server=db;Password=<hidden, 3 bytes>;User=x'],
    ['/login?user=a&password=b@c&next=1', '/login?user=a&password=<hidden, 3 bytes>&next=1'],
    ['token: hunter2x', 'token: <hidden, 8 bytes>'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AWS_SECRET_ACCESS_KEY=<hidden, 40 bytes>'],
    ['key=q8Zr3Lk0TnV5yXw2Jd7BfH1s', 'key=<hidden, 24 bytes>'],
    ['- name: DB_PASSWORD\n  value: hunter2', '- name: DB_PASSWORD\n  value: <hidden, 7 bytes>'],
    ['{"name":"DB_PASSWORD","value":"hunter2"}', '{"name":"DB_PASSWORD","value":"<hidden, 7 bytes>"}'],
    ['auth: password=hunter2', 'auth: password=<hidden, 7 bytes>'],
    [`password="${'a b '.repeat(200)}"`, 'password="<hidden, 800 bytes>"'],
    // Arguments.
    ['serve --db-password hunter2 --port 80', 'serve --db-password <hidden, 7 bytes> --port 80'],
    ['serve --db-password=hunter2', 'serve --db-password=<hidden, 7 bytes>'],
    ['kubectl --token abc get pods', 'kubectl --token <hidden, 3 bytes> get pods'],
    // Addresses.
    ['postgres://app:hun@t/er2@db:5432/shop', 'postgres://app:<hidden, 9 bytes>@db:5432/shop'],
    ['redis://:pw12345@cache:6379', 'redis://:<hidden, 7 bytes>@cache:6379'],
    ['root:hunter2@tcp(db:3306)/shop', 'root:<hidden, 7 bytes>@tcp(db:3306)/shop'],
    ['a://u:p1@h b://u:p22@h', 'a://u:<hidden, 2 bytes>@h b://u:<hidden, 3 bytes>@h'],
    ['https://hooks.slack.com/services/T0/B0/abcdef', 'https://hooks.slack.com/services/<hidden, 12 bytes>'],
    // Headers.
    ['Authorization: Bearer abcdefgh', 'Authorization: Bearer <hidden, 8 bytes>'],
    ['"authorization":"Basic dXNlcjpwdw=="', '"authorization":"Basic <hidden, 12 bytes>"'],
    ['curl -H "X-Vault-Token: abcdefgh"', 'curl -H "X-Vault-Token: <hidden, 8 bytes>"'],
    ['Set-Cookie: sid=abc123; Path=/', 'Set-Cookie: <hidden, 18 bytes>'],
    ['sent Bearer abc123def456 to it', 'sent Bearer <hidden, 12 bytes> to it'],
    // Known forms.
    [`got ${JWT}.`, `got <hidden, ${JWT.length} bytes>.`],
    ['xoxb-1234567890-abcdef', '<hidden, 22 bytes>'],
    ['xapp-1-A0-123-abcdefg', '<hidden, 21 bytes>'],
    ['id AKIAIOSFODNN7EXAMPLE.', 'id <hidden, 20 bytes>.'],
    [`line\\nghp_${'a1'.repeat(18)}\\n`, 'line\\n<hidden, 40 bytes>\\n'],
    [`glpat-${'x'.repeat(20)}`, '<hidden, 26 bytes>'],
    [`AIza${'b'.repeat(35)}`, '<hidden, 39 bytes>'],
    [`hvs.${'Ab1'.repeat(10)}`, '<hidden, 34 bytes>'],
    ['sk_live_abcdefghij1234', '<hidden, 22 bytes>'],
    [`LS0tLS1CRUdJTiBSU0Eg${'QUJD'.repeat(10)}`, '<hidden, 60 bytes>'],
    [`SDRzSUFBQU${'QUJD'.repeat(40)}==`, '<hidden, 172 bytes>'],
    // Private keys, whole, cut off, within JSON, one after another.
    ['a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b', 'a <hidden, 66 bytes> b'],
    ['"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"', '"<hidden, 60 bytes>\\n"'],
    ['-----BEGIN EC PRIVATE KEY-----\nMIIEabc', '<hidden, 38 bytes>'],
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nxx\n-----END PGP PRIVATE KEY BLOCK-----', '<hidden, 76 bytes>'],
  ])('%j', (text, shown) => {
    expect(redactText(text)).toBe(shown);
    expect(redactText(shown)).toBe(shown);
    expect(countMarkers(shown)).toBe(shown.split('<hidden,').length - 1);
  });
});

describe('what stays', () => {
  const sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
  test.each([
    // Names and ids that clusters and Shipmate give.
    ['web-7d4b9c8f5d-x7k2p'],
    ['pod-template-hash=7d4b9c8f5d'],
    ['controller-revision-hash: web-66c8f4d9b7'],
    ['uid: 4e54d5fe-f382-4106-b902-543376053637'],
    ['resourceVersion: "1234567"'],
    [`image: registry.example:5000/team/web@sha256:${sha}`],
    [`docker-pullable://registry:5000/web@sha256:${sha}`],
    [`containerd://${sha}`],
    ['default-token-x7k2p   kubernetes.io/service-account-token   3      12d'],
    ['web-7d4b9c8f5d-x7k2p.17a1b2c3d4e5f6a7'],
    ['i7k2m9q4w8e1r5t6 · 09:41 · took 2.1s'],
    ['1732180000.123456'],
    ['task-AbCdefghijklmnopqrstuv'],
    [`cache-key=${sha}`],
    // Only the place of a secret.
    ['secretName: web-tls'],
    ['automountServiceAccountToken: false'],
    ["DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false"],
    [`password: $${'{DB_PASSWORD}'}`],
    ['args: --password=$(DB_PASSWORD)'],
    ['secretKeyRef: {name: api, key: token}'],
    ['PWD=/app'],
    ['password_file=/etc/secret/password'],
    // Prose.
    ['secret: not found'],
    ['MountVolume.SetUp failed for volume "tls" : secret "web-tls-2" not found'],
    ['secret=shop/web-tls-2 not found'],
    ['token: expired'],
    ['unexpected token: }'],
    ['Basic authentication required'],
    ['secrets "db" is forbidden: User "system:serviceaccount:x:y" cannot get resource "secrets"'],
    ['invalid character in token=15'],
    ['max_tokens=4096'],
    ['--token is not available from Slack, and neither are --password and --api-key.'],
    ['Usage: serve --token TOKEN --password VALUE'],
    ['password: required'],
    // Addresses without a password.
    ['https://10.0.0.1:6443/api/v1?watch=true'],
    ['https://[::1]:8080/x@y'],
    ['http://host:8080/a@2x'],
    ['mailto: ada@example.com, see https://docs.example.com/@ada'],
    ['-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----'],
    [`caBundle: ${Buffer.from('-----BEGIN CERTIFICATE-----\nMIIEabcdefghijkl').toString('base64')}`],
    ['key=/registry/pods/Kube/System1'],
    ['Authorization: none'],
    [''],
  ])('%j', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

test('our own words and pages hold nothing that looks like a secret', () => {
  const pages = ['docs/commands.md', 'docs/errors.md', 'docs/configuration.md', 'docs/operations.md'];
  const changed = pages.flatMap((page) =>
    readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => redactText(line) !== line)
      .map((line) => `${page}: ${redactText(line)}`),
  );

  expect(changed).toEqual([]);
});

test('an error keeps its kind and loses its secrets, and so do its causes', () => {
  const error = new UnavailableError('dial postgres://app:hunter2@db', { cause: new Error('password=hunter3') });

  expect(redactError(error)).toBe(error);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(error.message).toBe('dial postgres://app:<hidden, 7 bytes>@db');
  expect(error.stack).not.toContain('hunter2');
  expect((error.cause as Error).message).toBe('password=<hidden, 7 bytes>');
});
