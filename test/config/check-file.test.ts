import { expect, test } from 'vitest';
import { checkFile } from '../../src/config.ts';

function problems(yaml: string): string[] {
  return checkFile('shipmate.yaml', yaml).problems.map(({ where, message, fix }) =>
    [where, message, fix].filter(Boolean).join(' '),
  );
}

test('an empty file is valid and allows nobody', () => {
  expect(checkFile('shipmate.yaml', '# nothing yet\n').file?.access.people).toEqual([]);
});

test('an unknown key is answered with the nearest known one', () => {
  expect(problems('clusters:\n  prod:\n    contxt: a\n')).toEqual([
    'shipmate.yaml:3:5 Unknown key `contxt` in `clusters.prod`. Did you mean `context`?',
  ]);
});

test('an unknown key that resembles nothing is answered with the keys that exist', () => {
  expect(problems('access:\n  banana: 1\n')).toEqual([
    'shipmate.yaml:2:3 Unknown key `banana` in `access`. Known keys: people, teams, admins, roles, bindings, deny, protected, approvals, cluster, audit.',
  ]);
});

test('a wrong value is found at its line and column, also inside lists', () => {
  expect(problems('access:\n  people:\n    - U024BE7LH\n    - ada\n')).toEqual([
    'shipmate.yaml:4:7 `access.people.1` is wrong: a Slack user id looks like U024BE7LH.',
  ]);
});

test('a missing key is reported at the map that lacks it', () => {
  expect(problems('etcd:\n  main:\n    production: true\n')).toEqual([
    'shipmate.yaml:2:3 `etcd.main.endpoints` is missing; it should be a list.',
  ]);
});

test('keys that need each other are told apart from keys that exclude each other', () => {
  const yaml = [
    'clusters:',
    '  a: {inCluster: true, context: x}',
    'etcd:',
    '  b: {endpoints: ["http://e:2379"], certFile: c.pem}',
  ].join('\n');

  expect(problems(yaml)).toEqual([
    'shipmate.yaml:2:33 `clusters.a.context` cannot stand beside `inCluster: true`.',
    'shipmate.yaml:4:47 `etcd.b.certFile` needs `keyFile` beside it.',
  ]);
});

test('text that is not YAML is refused with its place and without quoting the file', () => {
  const [first] = problems('clusters:\n  a: {}\n  a: {}\n');

  expect(first).toBe('shipmate.yaml:3:3 Map keys must be unique.');
});

test('a file that is a list is refused', () => {
  expect(problems('- a\n')).toEqual(['shipmate.yaml:1:1 The file should be a map of keys and values, not a list.']);
});

test('problems come in the order of the file', () => {
  expect(problems('foo: 1\naccess: 1\nbar: 2\n').map((text) => text.split(' ')[0])).toEqual([
    'shipmate.yaml:1:1',
    'shipmate.yaml:2:9',
    'shipmate.yaml:3:1',
  ]);
});

test('the address of a bridge is one of the web, without credentials', () => {
  const of = (url: string) =>
    checkFile('s.yaml', `bridges: {out: [{name: am, kind: alertmanager, url: "${url}"}]}`).problems;

  expect(of('http://alertmanager:9093/prefix')).toEqual([]);
  expect(of('alertmanager:9093')).toMatchObject([
    { where: 's.yaml:1:53', message: expect.stringContaining('write http:// or https:// before it') },
  ]);
  expect(of('http://ada:secret@alertmanager')).toMatchObject([{ message: expect.not.stringContaining('secret') }]);
});
