import type { Attempt, Effect } from '../attempt.js'
import { changes, leaks } from '../effects.js'
import type { World } from '../world.js'
import { attempts, canaryFile, secretFile } from './make.js'

const attempt = attempts('descriptors')
const open = {
  file: (world: World) => `exec 5<${secretFile(world)} 9<${secretFile(world)}`,
  high: (world: World) => `exec 200<${secretFile(world)}`,
  directory: (world: World) => `exec 5<${world.host}`,
  writable: (world: World) => `exec 5<>${canaryFile(world)} 6>>${canaryFile(world)}`,
  connection: (world: World) => `exec 5<>/dev/tcp/127.0.0.1/${world.env.A_TCP}`,
}

/** The host's own connecting counts for nothing: only what the script sends does. */
const hears: Effect = ({ world }) =>
  world.received().includes('hello') ? 'a listener of the host got what was sent' : undefined

export const DESCRIPTORS: readonly Attempt[] = [
  attempt('read-all.py', 'reads a file that the host left open (Python)', leaks, { launcher: open.file }),
  attempt('read-all.mjs', 'reads a file that the host left open (Node)', leaks, { launcher: open.file }),
  attempt('read-all.sh', 'reads a file that the host left open (sh)', leaks, { launcher: open.file }),
  attempt('read-all.py', 'reads a file that the host left open under a high number', leaks, {
    launcher: open.high,
  }),
  attempt('proc-fd.py', 'reopens what the host left open through /proc/<pid>/fd', leaks, {
    launcher: open.file,
  }),
  attempt('open-below.py', 'opens a file below a directory that the host left open', leaks, {
    launcher: open.directory,
  }),
  attempt('fchdir.py', 'enters a directory that the host left open', leaks, { launcher: open.directory }),
  attempt('exec-directory.py', 'reads below /proc/self/fd of a directory that the host left open', leaks, {
    launcher: open.directory,
  }),
  attempt('write-all.py', 'writes to a file that the host left open', changes, { launcher: open.writable }),
  attempt('send-all.py', 'sends on a connection that the host left open', hears, {
    with: ['tcp'],
    launcher: open.connection,
  }),
]
