import { describe, expect, test } from 'vitest';
import type { Line, UnreadableLine } from '../../../src/chat/text/line.ts';
import { normalise } from '../../../src/chat/text/normalise.ts';
import { UsageError } from '../../../src/errors.ts';

const argv = (raw: string): string[] => normalise(raw).words.map((word) => word.text);

function failure(raw: string): UnreadableLine {
  try {
    normalise(raw);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error as UnreadableLine;
  }
  throw new Error(`"${raw}" was read`);
}

describe('the reference vectors', () => {
  test.each([
    ['get pods —namespace=dev', ['get', 'pods', '--namespace=dev']],
    ['get pods –n dev', ['get', 'pods', '-n', 'dev']],
    ['get po -l “app=web”', ['get', 'po', '-l', 'app=web']],
    [
      'get po -l <http://app.kubernetes.io/name=web|app.kubernetes.io/name=web>',
      ['get', 'po', '-l', 'app.kubernetes.io/name=web'],
    ],
    ['set image deploy/web c=<http://reg.io/a:1|reg.io/a:1>', ['set', 'image', 'deploy/web', 'c=reg.io/a:1']],
    ['patch deploy web -p ‘{"spec":{"replicas":2}}’', ['patch', 'deploy', 'web', '-p', '{"spec":{"replicas":2}}']],
    ['put k &lt;a&gt; &amp;amp;', ['put', 'k', '<a>', '&amp;']],
    ['put k "it’s"', ['put', 'k', 'it’s']],
    ['`get po -A`', ['get', 'po', '-A']],
    ['put k — -v', ['put', 'k', '--', '-v']],
    ['get po\u00a0-A', ['get', 'po', '-A']],
    ['kubectl get po', ['get', 'po']],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });

  test('a non-ASCII dash inside a name is refused with the name that was meant', () => {
    const error = failure('delete pod my–app');

    expect(error.message).toBe('"my–app" contains a dash that is not "-".\ndelete pod my–app\n           ^');
    expect(error.hint).toContain('Did you mean "my-app"?');
    expect(error.position).toBe(12);
  });

  test('a pipe is refused with what to use instead', () => {
    const error = failure('get po | grep x');

    expect(error.message).toContain("Pipes and redirects don't run here");
    expect(error.hint).toContain('--field-selector');
    expect(error.caret).toBe('get po | grep x\n       ^');
  });
});

describe('unicode hygiene', () => {
  test.each([
    ['get\u2003po\u3000-A', ['get', 'po', '-A']],
    ['get p\u200bo\u00ad \ufeff-A\u2060', ['get', 'po', '-A']],
    ['put k cafe\u0301', ['put', 'k', 'caf\u00e9']],
    ['get po\r\n-n dev', ['get', 'po', '-n', 'dev']],
  ])('%j', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });

  test.each(['\u202e', '\u202a', '\u2066', '\u2069'])(
    'a bidirectional control is refused with its place',
    (control) => {
      const error = failure(`get pod ${control}web`);

      expect(error.position).toBe(9);
      expect(error.caret).not.toContain(control);
    },
  );
});

describe('slack tokens', () => {
  test.each([
    ['get <http://main.rs|main.rs>', ['get', 'main.rs']],
    ['put k <https://example.com/a/|example.com/a>', ['put', 'k', 'example.com/a']],
    ['put k <http://example.com|http://example.com>', ['put', 'k', 'http://example.com']],
    ['put k <http://example.com/x?a=1&amp;b=2>', ['put', 'k', 'http://example.com/x?a=1&b=2']],
    ['put k <mailto:a@b.io|a@b.io>', ['put', 'k', 'a@b.io']],
    ['put k <tel:+4912345|0123 45>', ['put', 'k', '0123', '45']],
    ['put k <!date^1392734382^{date}|2014-02-18>', ['put', 'k', '2014-02-18']],
    [`patch x -p '{"u":"<http://a.io|a.io>"}'`, ['patch', 'x', '-p', '{"u":"a.io"}']],
    ['put k <plain>', ['put', 'k', '<plain>']],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });

  test('a link whose label is another address keeps both, and reads as the address', () => {
    const word = normalise('set image deploy/web c=<http://evil.io/a:1|reg.io/a:1>').words[3];

    expect(word?.text).toBe('c=http://evil.io/a:1');
    expect(word?.mismatch).toEqual({ url: 'http://evil.io/a:1', label: 'reg.io/a:1' });
  });

  test.each([
    ['<@U024BE7LH|ada>', { kind: 'user', id: 'U024BE7LH', label: 'ada' }],
    ['<#C024BE7LR|ops>', { kind: 'channel', id: 'C024BE7LR', label: 'ops' }],
    ['<!subteam^SAZ94GDB8|@sre>', { kind: 'usergroup', id: 'SAZ94GDB8', label: '@sre' }],
    ['<!here>', { kind: 'special', id: 'here', label: 'here' }],
  ])('%s is a reference, never plain text', (token, reference) => {
    expect(normalise(`page ${token}`).words[1]?.reference).toEqual(reference);
  });

  test('typed angle brackets are not a mention', () => {
    const word = normalise('page &lt;@U024BE7LH&gt;').words[1];

    expect(word).toEqual({ text: '<@U024BE7LH>', quoted: false, verbatim: false });
  });
});

describe('entities', () => {
  test.each([
    ['put k &amp;lt;', ['put', 'k', '&lt;']],
    ['put k &quot;a', ['put', 'k', '&quot;a']],
    ['put k a&amp;b', ['put', 'k', 'a&b']],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });

  test('an escaped redirect is still a redirect', () => {
    expect(failure('get po &gt; file').message).toContain('Pipes and redirects');
  });
});

describe('backticks', () => {
  test.each([
    ['```get po -A```', ['get', 'po', '-A']],
    ['/k8s `get po -A`', ['/k8s', 'get', 'po', '-A']],
    ['put k `—x`', ['put', 'k', '—x']],
    ['put `“k”` v', ['put', '“k”', 'v']],
    ['put k `|`', ['put', 'k', '|']],
    ['put k `a', ['put', 'k', '`a']],
    ['put k a`b`', ['put', 'k', 'a`b`']],
    ['`put k “a b”`', ['put', 'k', '“a', 'b”']],
    ['set image deploy *=image:_1_~', ['set', 'image', 'deploy', '*=image:_1_~']],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });

  test('a word between backticks says that it is verbatim', () => {
    expect(normalise('put k `—x`').words[2]).toEqual({ text: '—x', quoted: false, verbatim: true });
  });
});

describe('smart quotes', () => {
  test.each([
    ['put k „hallo welt“', ['put', 'k', 'hallo welt']],
    ['put k «a b»', ['put', 'k', 'a b']],
    ['put k “it’s "so"”', ['put', 'k', 'it’s "so"']],
    ['put k it’s', ['put', 'k', 'it’s']],
    ['scale web 5 —reason=“black friday”', ['scale', 'web', '5', '--reason=black friday']],
    ["put k '“x”'", ['put', 'k', '“x”']],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });
});

describe('smart dashes', () => {
  test.each([
    ['get po ―all-namespaces', ['get', 'po', '--all-namespaces']],
    ['get po –namespace dev', ['get', 'po', '--namespace', 'dev']],
    ['get po ‑n=dev', ['get', 'po', '-n=dev']],
    ['logs web −c1', ['logs', 'web', '-c1']],
    ['put k –', ['put', 'k', '--']],
    ['put k "—x"', ['put', 'k', '—x']],
    ['put k "a–b"', ['put', 'k', 'a–b']],
    ['scale web −1', ['scale', 'web', '−1']],
    ['put k wait…', ['put', 'k', 'wait…']],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });
});

describe('words', () => {
  test.each([
    [`put k 'a "b" \\n'`, ['put', 'k', 'a "b" \\n']],
    ['put k "a \\"b\\" \\\\ \\n \\t"', ['put', 'k', 'a "b" \\ \n \\t']],
    ['put k a\\ b', ['put', 'k', 'a b']],
    ['put k $HOME ~ * $(id) !x', ['put', 'k', '$HOME', '~', '*', '$(id)', '!x']],
    ['put k "|" \\| a|b <b>', ['put', 'k', '|', '|', 'a|b', '<b>']],
    ["put k ''", ['put', 'k', '']],
    ['put k a"b c"d', ['put', 'k', 'ab cd']],
    ['put k 2&gt;&amp;1', ['put', 'k', '2>&1']],
    ['', []],
    ['  \n ', []],
  ])('%s', (raw, words) => {
    expect(argv(raw)).toEqual(words);
  });

  test.each(['a || b', 'a && b', 'a ; b', 'a & b', 'a > b', 'a >> b', 'a < b', 'a 2> b', 'get po;'])(
    '%s is refused',
    (raw) => {
      expect(failure(raw).hint).toContain('--field-selector');
    },
  );

  test.each([
    ['put k "abc', 7],
    ["put k 'abc", 7],
    ['put k “abc', 7],
    ['put k ‘abc”', 7],
  ])('%s is refused with the place of the quote', (raw, position) => {
    const error = failure(raw);

    expect(error.position).toBe(position);
    expect(error.caret.split('\n')[1]).toBe(`${' '.repeat(position - 1)}^`);
  });

  test('a backslash at the end is refused', () => {
    expect(failure('put k a\\').message).toContain('backslash');
  });
});

describe('the tool word', () => {
  test.each<[string, string[], Line['tool']]>([
    ['/k8s kubectl get po', ['/k8s', 'get', 'po'], 'kubectl'],
    ['k8s k get po', ['k8s', 'get', 'po'], 'k'],
    ['/etcd etcdctl get a', ['/etcd', 'get', 'a'], 'etcdctl'],
    ['/k8s get k', ['/k8s', 'get', 'k'], undefined],
    ['Kubectl kubectl get', ['kubectl', 'get'], 'kubectl'],
  ])('%s', (raw, words, tool) => {
    const line = normalise(raw);

    expect(line.words.map((word) => word.text)).toEqual(words);
    expect(line.tool).toBe(tool);
  });
});
