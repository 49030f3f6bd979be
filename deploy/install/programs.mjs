import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { giveUp, say, timed } from './steps.mjs';

/** Programs from the system's packages, by what they are for. */
export const REDIS = { program: 'redis-server', debian: 'redis-server', homebrew: 'redis', why: 'the job queues' };
export const ETCD = { program: 'etcd', debian: 'etcd-server', homebrew: 'etcd', why: "Shipmate's memory" };
export const ETCDCTL = { program: 'etcdctl', debian: 'etcd-client', homebrew: 'etcd', why: 'comparing with etcdctl' };
export const CHROMIUM = { program: 'chromium', debian: 'chromium', homebrew: 'chromium', why: 'the browser tests' };

const EXTRA_DIRS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Installs the programs that are missing, or says exactly what to install and ends. */
export function installPrograms(wanted) {
  const missing = wanted.filter(({ program }) => !lookUp(program));
  if (missing.length === 0) return;
  const needed = missing.map(({ program, why }) => `${program} (${why})`).join(', ');
  const debian = [...new Set(missing.map((each) => each.debian))];
  const homebrew = [...new Set(missing.map((each) => each.homebrew))];

  if (lookUp('apt-get')) {
    timed(`installing ${debian.join(', ')} with apt-get, because these are missing: ${needed}`, () =>
      installDebian(debian),
    );
  } else if (process.platform === 'darwin' && lookUp('brew')) {
    timed(`installing ${homebrew.join(', ')} with Homebrew, because these are missing: ${needed}`, () =>
      run('brew', ['install', ...homebrew]),
    );
  }
  const still = missing.filter(({ program }) => !lookUp(program));
  if (still.length > 0) giveUp(...instructions(still));
}

/** Absolute path of a program, or undefined. */
export function lookUp(program) {
  for (const dir of [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_DIRS]) {
    try {
      accessSync(join(dir, program), constants.X_OK);
      return join(dir, program);
    } catch {}
  }
  return undefined;
}

/**
 * Debian's packages start their services and have them started at boot. We run our own on free ports, so a `policy-rc.d` (which is Debian's
 * way to forbid it, and which we remove again) keeps them off now, and `systemctl disable` at the next boot.
 */
const APT_SCRIPT = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT INT TERM
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=300 update || echo 'apt-get update had problems; trying to install all the same.' >&2
apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" || exit 1
if [ -d /run/systemd/system ]; then
  for unit in redis-server etcd; do systemctl disable "$unit" >/dev/null 2>&1; done
fi
exit 0
`;

function installDebian(packages) {
  const script = ['sh', '-c', APT_SCRIPT, 'install', ...packages];
  if (process.getuid?.() === 0) return run(script[0], script.slice(1));
  if (!lookUp('sudo')) return say('neither root nor sudo: cannot install system packages.');
  // Without a terminal nobody could type a password; fail at once instead of waiting for ever.
  return run('sudo', [...(process.stdin.isTTY ? [] : ['-n']), ...script]);
}

function run(program, args) {
  const result = spawnSync(program, args, { stdio: ['inherit', 2, 2] });
  if (result.status !== 0) say(`${program} ended with ${result.status ?? result.signal ?? result.error?.message}`);
}

/** What to type, by hand, on each kind of machine. */
export function instructions(missing) {
  const debian = [...new Set(missing.map((each) => each.debian))].join(' ');
  const homebrew = [...new Set(missing.map((each) => each.homebrew))].join(' ');
  return [
    `These programs are missing and could not be installed: ${missing.map(({ program, why }) => `${program} (${why})`).join(', ')}.`,
    `  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y ${debian}`,
    `  macOS:           brew install ${homebrew}`,
    `  elsewhere:       put ${missing.map(({ program }) => program).join(', ')} into your PATH`,
    'Then run the command again.',
  ];
}
