import type { Attempt } from '../attempt.js'
import { leaks } from '../effects.js'
import { attempts } from './make.js'

const attempt = attempts('environment')

export const ENVIRONMENT: readonly Attempt[] = [
  attempt('print.py', "prints the host's variables (Python)", leaks),
  attempt('print.mjs', "prints the host's variables (Node)", leaks),
  attempt('print.sh', "prints the host's variables (sh)", leaks),
  attempt('proc-self.py', 'reads /proc/self/environ', leaks),
  attempt('proc-parents.py', 'reads /proc/<pid>/environ of every process (Python)', leaks),
  attempt('proc-parents.sh', 'reads /proc/<pid>/environ of every process (sh)', leaks),
  attempt('stack.py', 'looks for variables above its own stack', leaks),
]
