import { versionOf } from '../peers.mjs'
import { LIMITS } from '../world.mjs'
import { python } from './python.mjs'

/** Without a profile, but with all that its manual offers against a stranger's program. */
export const firejail = {
  name: 'firejail',
  title: 'firejail',
  async find() {
    const version = await versionOf('/usr/bin/firejail')
    if (version === undefined) throw new Error('not installed; install it with: apt-get install firejail')
    return version
  },
  command: ({ skill, script, env }) => ({
    argv: [
      ...[
        '/usr/bin/env',
        '-i',
        'PATH=/usr/bin:/bin',
        '/usr/bin/firejail',
        '--quiet',
        '--noprofile',
        '--net=none',
        '--private-tmp',
        '--private-dev',
        '--private-etc=alternatives',
        '--keep-var-tmp',
      ],
      ...[
        `--whitelist=${skill}`,
        `--read-only=${skill}`,
        '--caps.drop=all',
        '--nonewprivs',
        '--noroot',
        '--seccomp',
      ],
      ...[
        '--restrict-namespaces',
        '--nogroups',
        '--machine-id',
        '--hostname=sandbox',
        `--rlimit-as=${LIMITS.memoryBytes}`,
      ],
      ...[`--rlimit-nproc=${LIMITS.processes}`, `--timeout=00:00:0${LIMITS.seconds}`],
      ...[python, '-B', script],
    ],
    cwd: skill,
    env,
  }),
}
