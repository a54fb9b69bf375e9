import { versionOf } from '../peers.mjs'
import { LIMITS } from '../world.mjs'

const IMAGE = 'python:3.11-slim'

export const docker = {
  name: 'docker',
  title: 'Docker',
  async find() {
    if ((await versionOf('docker')) === undefined) throw new Error('not installed')
    const version = await versionOf('docker', ['version', '--format', '{{.Server.Version}}'])
    if (version === undefined) throw new Error('installed, but no daemon answers')
    if ((await versionOf('docker', ['image', 'inspect', IMAGE])) === undefined) {
      throw new Error(`the image is not there; fetch it with: docker pull ${IMAGE}`)
    }
    return `docker ${version}, ${IMAGE}`
  },
  command: ({ skill, script, env }) => ({
    argv: [
      ...[
        '/usr/bin/timeout',
        '--signal=KILL',
        `${LIMITS.seconds}`,
        'docker',
        'run',
        '--rm',
        '--init',
        '--network=none',
      ],
      ...['--read-only', '--tmpfs=/tmp:size=64m', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
      ...['--user=65534:65534', `--memory=${LIMITS.memoryBytes}`, `--memory-swap=${LIMITS.memoryBytes}`],
      ...[`--pids-limit=${LIMITS.processes}`, `--volume=${skill}:${skill}:ro`, `--workdir=${skill}`],
      ...[IMAGE, 'python3', '-B', script],
    ],
    cwd: '/',
    // docker is often in /usr/local/bin
    env: { ...env, PATH: process.env.PATH },
  }),
}
