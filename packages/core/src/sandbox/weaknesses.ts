import type { Isolation } from './run-result.js'

type Layers = Isolation['layers']

/** What a backend cannot promise of all that `docs/sandbox.md` says of a sandbox; empty: it keeps every word. */
export function weaknessesOf(backend: Isolation['backend'], layers: Layers): readonly string[] {
  switch (backend) {
    case 'namespaces':
      return layers.landlock === false ? [WITHOUT_LANDLOCK] : []
    case 'landlock':
      return countsByAsking(layers) ? [...ON_THE_HOST, WITHOUT_PROCESS_COUNT] : ON_THE_HOST
    case 'seatbelt':
      return ON_MACOS
    case 'none':
      return ['nothing is isolated: the script can do all that you can']
    default:
      return []
  }
}

/** Whether nothing but the supervisor counts a run's processes: its user has others, and no control group does. */
const countsByAsking = (layers: Layers): boolean => layers.user === "the caller's" && layers.cgroup !== 'v2'

const WITHOUT_PROCESS_COUNT =
  'starting a process can fail by chance ("Cannot fork") in a shell of which another process ends in that moment'

const WITHOUT_LANDLOCK =
  'files are guarded by mounts alone: this kernel has no Landlock as a second lock on what may be read and executed'

const ON_THE_HOST: readonly string[] = [
  'the script can ask whether a path of the host exists, for its size, owner, times and where a link leads, but not read it or list a directory',
  'the script can find out the numbers, groups and priorities of other processes, but not look into or signal them',
  'the script can ask how large the file systems of the host are',
  'the script runs under the number of the user who starts it; where that is root, under another one if others may read the skill and its interpreter, else under the number of root, without any capability',
  'the script can ask for how long the host has been running',
  'the script can load native code that it wrote itself, with no more rights than it has anyway',
  'there is no /etc, /tmp or /dev/shm of its own: scripts that name /tmp instead of TMPDIR fail, and so do named locks, named shared memory (as in multiprocessing) and sockets with a name',
  'temporary files, home and output directory lie on a file system of the host: their size is watched, so that it can be exceeded for some milliseconds',
]

const ON_MACOS: readonly string[] = [
  'this backend has not been run on a Mac by the authors yet',
  'memory and the number of processes are looked at four times a second, not held by the kernel; memory that is compressed or swapped out is not seen',
  'processor time and the size of a file are limited for each process, not for all together',
  'the size of temporary files and of the output directory is not limited, only that of what is kept as artifacts',
  'a process of a granted program that leaves its process group is not ended with the run, but stays in the sandbox',
  'a hard link that a package brings along is read like any of its files',
  'refusals are not reported: the script sees them as errors, the result does not name them',
  'the names in the root directory of the host, its version, processors and memory size can be read',
  'the script may start its own interpreter again, in the same sandbox',
]
