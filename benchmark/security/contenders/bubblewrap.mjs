import { existsSync } from 'node:fs'
import { versionOf } from '../peers.mjs'
import { LIMITS } from '../world.mjs'
import { python } from './python.mjs'

async function find() {
  const version = await versionOf('/usr/bin/bwrap')
  if (version === undefined) throw new Error('not installed; install it with: apt-get install bubblewrap')
  return version
}

const LINKS = ['lib', 'lib32', 'lib64', 'bin', 'sbin']
  .filter((name) => existsSync(`/${name}`))
  .flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`])

/** bubblewrap's own example, `demos/bubblewrap-shell.sh`, without the network that it shares. */
const TYPICAL = ['--ro-bind', '/usr', '/usr', ...LINKS, '--dir', '/var', '--proc', '/proc', '--dev', '/dev']
const ISOLATED = ['--unshare-all', '--die-with-parent']

export const bubblewrap = {
  name: 'bubblewrap',
  title: 'bubblewrap',
  find,
  command: ({ skill, script, env }) => ({
    argv: [
      '/usr/bin/bwrap',
      ...TYPICAL,
      ...['--tmpfs', '/tmp', '--ro-bind', skill, skill, '--chdir', skill],
      ...ISOLATED,
      ...[python, '-B', script],
    ],
    cwd: '/',
    env,
  }),
}

/** All that bubblewrap and the usual small tools offer, still without a system call filter, which is the caller's to write. */
export const bubblewrapHardened = {
  name: 'bubblewrap-hardened',
  title: 'bubblewrap, hardened',
  find,
  command: ({ skill, script, env }) => ({
    argv: [
      // --clearenv alone leaves the variables to be read in /proc/1/environ, which is bubblewrap's own
      ...['/usr/bin/env', '-i', '/usr/bin/timeout', '--signal=KILL', `${LIMITS.seconds}`],
      // the limit on address space is for each process; a caller who counts more than that needs a cgroup
      ...['/usr/bin/prlimit', `--as=${LIMITS.memoryBytes}`, `--nproc=${LIMITS.processes}`],
      ...[`--cpu=${LIMITS.seconds}`, '--core=0', '--nofile=256', '--'],
      '/usr/bin/bwrap',
      ...TYPICAL,
      ...['--size', '67108864', '--tmpfs', '/tmp', '--ro-bind', skill, skill, '--chdir', skill],
      ...ISOLATED,
      ...['--unshare-user', '--disable-userns', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
      ...[
        '--uid',
        '65534',
        '--gid',
        '65534',
        '--hostname',
        'sandbox',
        '--remount-ro',
        '/dev',
        '--remount-ro',
        '/',
      ],
      ...['--setenv', 'PATH', '/usr/bin:/bin', '--setenv', 'HOME', '/tmp'],
      ...[python, '-B', script],
    ],
    cwd: '/',
    env,
  }),
}
