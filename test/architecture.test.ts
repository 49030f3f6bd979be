import { expect, test } from 'vitest';
import { roomOf, type SourceFile, sourceFiles } from './architecture/source.ts';

/**
 * The rules of the house (docs/architecture.md). Each failure says which file breaks which rule, why the rule exists and what to do.
 */
const files = sourceFiles();
const isProduct = ({ path }: SourceFile): boolean => /^(src|commands)\//.test(path);
const product = files.filter(isProduct);

function expectNone(broken: readonly string[], why: string): void {
  expect(broken, `${broken.join('\n')}\n\nWhy this rule: ${why}`).toEqual([]);
}

const VENDOR_ROOMS: Readonly<Record<string, readonly string[]>> = {
  '@slack/': ['src/chat'],
  bullmq: ['src/jobs'],
  ioredis: ['src/jobs'],
  '@kubernetes/client-node': ['src/kubernetes'],
  etcd3: ['src/etcd', 'src/state'],
};

test('each vendor is known in one room only', () => {
  const broken = product.flatMap(({ path, room, imports }) =>
    imports.flatMap(({ target }) => {
      const vendor = Object.keys(VENDOR_ROOMS).find((name) => target === name || target.startsWith(name));
      if (!vendor || VENDOR_ROOMS[vendor]?.includes(room)) return [];
      return [`${path} imports ${target}, which only ${VENDOR_ROOMS[vendor]?.join(' and ')} may know`];
    }),
  );

  expectNone(
    broken,
    'a vendor is replaced, upgraded or faked in one place. Give that room a narrow interface in our words.',
  );
});

/** Lower numbers know nothing of higher ones. Rooms of one level may know each other only where `PEERS` or the domains say so. */
const LEVELS: Readonly<Record<string, number>> = {
  'src/errors': 0,
  'src/time': 0,
  'src/ids': 0,
  'src/log': 0,
  'src/metrics': 0,
  'src/config': 0,
  'src/redact': 0,
  'src/chat': 1,
  'src/jobs': 1,
  'src/state': 1,
  'src/kubernetes': 1,
  'src/etcd': 1,
  'src/bridges': 1,
  'src/http': 1,
  'src/pipeline': 2,
  'src/access': 2,
  'src/incidents': 2,
  'src/oncall': 2,
  'src/reboots': 2,
  'src/sdk': 3,
  'src/incidents/rules': 4,
  commands: 4,
  'src/app': 5,
  'src/init': 5,
  'src/run': 6,
  'src/main': 7,
};

/** The state store speaks etcd's protocol through the same client code. */
const PEERS = ['src/state -> src/etcd'];

test('every room has its level', () => {
  const unknown = [...new Set(product.map(({ room }) => room))].filter((room) => LEVELS[room] === undefined);

  expectNone(
    unknown.map((room) => `${room} is a new room without a level in test/architecture.test.ts`),
    'a room that stands nowhere may depend on everything. Decide what it may know and add it to LEVELS.',
  );
});

test('arrows between rooms point down', () => {
  const broken = product.flatMap((file) =>
    file.imports.flatMap(({ target, isOurs }) => {
      const other = isOurs ? roomOf(target) : file.room;
      if (other === file.room || isAllowed(file.room, other)) return [];
      return [`${file.path} imports ${target}: ${file.room} must not know ${other}`];
    }),
  );

  expectNone(
    broken,
    'commands -> sdk -> domains -> adapters -> ground. What a lower room needs from a higher one is passed in as an argument.',
  );
});

function isAllowed(from: string, to: string): boolean {
  const [above, below] = [LEVELS[from], LEVELS[to]];
  if (above === undefined || below === undefined) return false;
  if (above === below) return above === 0 || above === 2 || PEERS.includes(`${from} -> ${to}`);
  return above > below;
}

test('commands import the sdk and each other’s folder, nothing else', () => {
  const broken = files
    .filter(({ room }) => room === 'commands')
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isOurs }) => isOurs && !target.startsWith('src/sdk/'))
        .map(({ target }) => `${path} imports ${target}`),
    );

  expectNone(broken, 'a command file must stay readable and safe to copy. What it lacks belongs into src/sdk.');
});

test('alert rules import the sdk, nothing else', () => {
  const broken = files
    .filter(({ room }) => room === 'src/incidents/rules')
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isOurs }) => isOurs && !target.startsWith('src/sdk/'))
        .map(({ target }) => `${path} imports ${target}`),
    );

  expectNone(broken, 'a rule is a pure function of what it is given. What it lacks belongs into src/sdk/rules.ts.');
});

test('the product does not import the practice world or the tests', () => {
  const broken = product.flatMap(({ path, imports }) =>
    imports
      .filter(({ target, isOurs }) => isOurs && /^(deploy|test)\//.test(target))
      .map(({ target }) => `${path} imports ${target}`),
  );

  expectNone(broken, 'what runs in production is src/ and commands/ alone; the image holds nothing else.');
});

test('no file imports itself in a circle', () => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const settled = new Set<string>();
  const circles: string[] = [];
  const visit = (file: SourceFile, trail: readonly string[]): void => {
    const start = trail.indexOf(file.path);
    if (start !== -1) circles.push([...trail.slice(start), file.path].join(' -> '));
    if (start !== -1 || settled.has(file.path)) return;
    for (const { target, isType } of file.imports) {
      const next = byPath.get(target);
      // Types vanish before anything runs; in the product even they must not go in circles.
      if (next && !(isType && !isProduct(file))) visit(next, [...trail, file.path]);
    }
    settled.add(file.path);
  };
  for (const file of files) visit(file, []);

  expectNone(circles, 'files in a circle are one file in disguise. Move what both need into a third one.');
});

test('no file is longer than 300 lines', () => {
  const broken = files.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path} has ${lines} lines`);

  expectNone(broken, 'past 300 lines a file is two ideas. Split it by idea, not by size.');
});

test('file names are kebab-case and name an idea', () => {
  const name = (path: string): string =>
    (path.split('/').at(-1) as string).replace(/(\.(test|bench|config))?\.[a-z]+$/, '');
  const banned = /^(utils?|helpers?|common|misc|manager|shared|lib)$|-(utils?|helpers?|manager)$/;
  const broken = files
    .filter(({ path }) => banned.test(name(path)) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name(path)))
    .map(({ path }) => path);

  expectNone(broken, 'a drawer called utils collects what nobody named. Name the idea.');
});

/** `main.ts` hands the environment to everybody else; `init` is a program of its own. */
const READS_ENVIRONMENT = ['src/main.ts', 'src/init/main.ts'];

test('only the entry points read the environment', () => {
  const broken = product
    .filter(({ path, code }) => /\bprocess\.env\b/.test(code) && !READS_ENVIRONMENT.includes(path))
    .map(({ path }) => `${path} reads process.env`);

  expectNone(
    broken,
    'settings that are read in seven places cannot be checked at start. Add a field to src/config/env.ts.',
  );
});

/** The thin parts of the domains that touch the world on purpose, each with its reason. */
const DOMAIN_EDGES: Readonly<Record<string, string>> = {
  'src/pipeline/registry.ts': 'reads the commands folder at start',
  'src/incidents/load-rules.ts': 'reads the rules folder at start',
  'src/pipeline/answer-invocation.ts': 'says "working on it" when an answer takes long',
  'src/access/audit/file-sink.ts': 'appends audit lines to a file',
  'src/access/audit/http-sink.ts': 'sends audit lines to a collector',
  'src/incidents/watcher/call-out.ts': 'calls the dead-man URL',
  'src/pipeline/courier.ts': 'delivers a moment later, so that a passing state is not shown',
};
const DOMAINS = /^src\/(pipeline|access|incidents|oncall|reboots)\//;
const IMPURE = [
  [/\bDate\.now\(/, 'Date.now()'],
  [/\bnew Date\(\)/, 'new Date()'],
  [/\bMath\.random\(/, 'Math.random()'],
  [/\bset(Timeout|Interval|Immediate)\(/, 'a timer'],
  [/\bfetch\(/, 'fetch()'],
  [/from 'node:(fs|net|http|https|tls|child_process|dgram|dns)/, 'a socket, a file or a process'],
] as const;

test('domains take the time, chance and the world as arguments', () => {
  const broken = files
    .filter(({ path }) => DOMAINS.test(path) && !DOMAIN_EDGES[path])
    .flatMap(({ path, code }) =>
      IMPURE.filter(([pattern]) => pattern.test(code)).map(([, what]) => `${path} uses ${what}`),
    );

  expectNone(
    broken,
    'a decision that asks the clock itself cannot be tested at midnight. Pass a Clock, or wait through src/time.ts.',
  );
});

test('commands do not ask the clock or the network themselves', () => {
  const broken = files
    .filter(({ room }) => room === 'commands')
    .flatMap(({ path, code }) =>
      IMPURE.filter(([pattern]) => pattern.test(code)).map(([, what]) => `${path} uses ${what}`),
    );

  expectNone(
    broken,
    'a command gets clock, clusters and signal in its context, so that a test decides what time it is.',
  );
});

test('tests use no mocks and no focus', () => {
  const broken = files
    .filter(({ path }) => path.startsWith('test/') && path !== 'test/architecture.test.ts')
    .flatMap(({ path, code }) =>
      [...code.matchAll(/\bvi\.(mock|fn|spyOn|useFakeTimers)\(|\b(test|it|describe)\.only\(/g)].map(
        (match) => `${path} uses ${match[0]}`,
      ),
    );

  expectNone(
    broken,
    'a mock proves what its author believed. Use the practice world, real Redis and real etcd; pass a clock.',
  );
});

test('no library is loaded that package.json does not name', async () => {
  const manifest = (await import('../package.json', { with: { type: 'json' } })).default;
  const known = { ...manifest.dependencies, ...manifest.devDependencies };
  const atRuntime = new Set(Object.keys(manifest.dependencies));
  const broken = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ target, isOurs }) => !isOurs && !target.startsWith('node:'))
      .filter(({ target }) => (/^(src|commands)\//.test(path) ? !atRuntime.has(target) : !(target in known)))
      .map(({ target }) => `${path} imports ${target}`),
  );

  expectNone(broken, 'the image installs `dependencies` only. Add it there and say why in docs/dependencies.md.');
});
