import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Attempt } from '../attempt.js'
import { starts } from '../effects.js'
import { attempts } from './make.js'

const attempt = attempts('execution')
const granted = { options: () => ({ allowPrograms: ['cat'] }) }

export const EXECUTION: readonly Attempt[] = [
  attempt('system.py', 'starts a shell with os.system', starts),
  attempt('subprocess.py', 'starts a shell with subprocess', starts),
  attempt('posix-spawn.py', 'starts a shell with posix_spawn', starts),
  attempt('child-process.mjs', 'starts a shell with child_process', starts),
  attempt('spawn-self.mjs', 'starts Node again', starts),
  attempt('fork-node.mjs', 'starts Node again through /proc/self/exe', starts),
  attempt('ungranted.sh', 'starts a program that is no harmless utility', starts),
  attempt('shell-again.sh', 'starts another shell from a shell script', starts),
  attempt('exec-builtin.sh', 'replaces the shell with another program', starts),
  attempt('awk.sh', "starts a program with awk's system()", starts),
  attempt('awk-pipe.sh', 'starts a program through a pipe of awk', starts),
  attempt('sed.sh', "starts a program with sed's e flag", starts),
  attempt('sort.sh', "starts a program with sort and sed's e command", starts),
  attempt('exec-interpreter.py', 'becomes another Python', starts),
  attempt('exec-self.py', 'becomes another Python through /proc/self/exe', starts),
  attempt('execveat.py', 'starts an open file with execveat', starts),
  attempt('execveat-path.py', 'starts a path with execveat', starts),
  attempt('memfd.py', 'starts a file in memory', starts),
  attempt('temporary.py', 'starts a script in its temporary directory', starts),
  attempt('temporary-binary.py', 'starts a copy of the interpreter', starts),
  attempt('output-program.py', 'starts a script in the output directory', starts),
  attempt('shared-memory-program.py', 'starts a deleted file of /dev/shm through /proc/self/fd', starts),
  attempt('loader.py', 'starts a program with the dynamic loader', starts),
  attempt('loader.py', 'starts a program with the dynamic loader, where others are granted', starts, granted),
  attempt('package-program.py', 'starts a program of the package', starts, {
    plant: ({ skill }) => {
      mkdirSync(path.join(skill, 'assets'))
      copyFileSync('/bin/sh', path.join(skill, 'assets/program'))
      chmodSync(path.join(skill, 'assets/program'), 0o755)
    },
  }),
  attempt('native-library.py', 'loads a native library from its temporary directory', starts),
  attempt('granted-other.py', 'starts a shell where another program is granted', starts, granted),
  attempt('granted-link.py', 'starts a shell under the name of a granted program', starts, granted),
  attempt(
    'temporary-binary.py',
    'starts a copy of the interpreter, where others are granted',
    starts,
    granted,
  ),
  attempt('race-path.py', 'changes the path of a granted program while it is checked', starts, {
    ...granted,
    env: () => ({ A_OTHER: '/bin/sh' }),
  }),
]
