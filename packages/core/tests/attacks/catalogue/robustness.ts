import type { Attempt, Effect } from '../attempt.js'
import { all, endsAs } from '../effects.js'
import { attempts } from './make.js'

const attempt = attempts('robustness')

/** Every script here ends with this status, whatever it did before: the engine has to say so, and nothing else. */
const STATUS = 7
const isTold: Effect = ({ result, error }) => {
  if (error !== undefined) return `the run ended with the error: ${error}`
  if (result === undefined || (result.end.kind === 'exited' && result.end.code === STATUS)) return undefined
  return `the end was told as ${JSON.stringify(result.end)}`
}
const forges: Effect = ({ result }) =>
  result === undefined || (result.artifacts.length === 0 && result.isolation.layers.seccomp === true)
    ? undefined
    : 'the report has what the script wrote'
const printed =
  (what: string): Effect =>
  ({ stdout }) =>
    stdout.includes(what) ? 'it printed it' : undefined
const ends: Effect = ({ wallMs }) => (wallMs < 7_000 ? 'it came to its end' : undefined)
const slow: Effect = ({ wallMs }) => (wallMs > 9_000 ? `it took ${Math.round(wallMs)} ms` : undefined)
const supervisorGrows: Effect = ({ peak }) =>
  peak.supervisorBytes > 8 * 1024 * 1024 ? `the supervisor held ${peak.supervisorBytes} bytes` : undefined
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/
const commands: Effect = ({ result }) => {
  const said = result?.violations.find(({ message }) => CONTROL.test(message))
  return said === undefined ? undefined : `a message has control characters: ${JSON.stringify(said.message)}`
}
const pollutes: Effect = ({ result }) => {
  if ('polluted' in {}) return 'every object of the engine was changed'
  const output = result?.output as { polluted?: unknown } | undefined
  return output?.polluted === undefined ? undefined : 'the output has another prototype'
}
/** What only an engine can suffer. */
const engineOnly = { bare: { without: 'it is the engine that it is about' } } as const
const endsAnyway = { bare: { effect: ends } } as const

export const ROBUSTNESS: readonly Attempt[] = [
  attempt('fake-report.py', 'writes a report of its own to every descriptor (Python)', all(isTold, forges), {
    bare: { effect: printed('forged') },
  }),
  attempt('fake-report.mjs', 'writes a report of its own to fd 3 and 4 (Node)', all(isTold, forges), {
    bare: { effect: printed('completed') },
  }),
  attempt('fake-report.sh', 'prints a result of its own (sh)', all(isTold, forges), {
    bare: { effect: printed('refused') },
  }),
  attempt('binary.py', 'prints bytes that are no text', isTold, { bare: { effect: printed('\u0000') } }),
  attempt(
    'terminal.py',
    "puts commands for the terminal into the engine's messages",
    all(isTold, commands),
    engineOnly,
  ),
  attempt('huge-json.py', 'prints a huge JSON array', isTold, { bare: { effect: printed('0,0') } }),
  attempt('nested-json.py', 'prints JSON that nests 200,000 deep', isTold, {
    bare: { effect: printed('[[') },
  }),
  attempt('prototype.py', 'prints JSON that names prototypes', all(isTold, pollutes), {
    bare: { effect: printed('__proto__') },
  }),
  attempt('unread.py', 'never reads its 20 MB of input', isTold, {
    ...endsAnyway,
    args: () => ({ big: 'x'.repeat(20_000_000) }),
  }),
  attempt('close-early.py', 'closes its streams and goes on', isTold, endsAnyway),
  attempt('print-while-killed.py', 'prints while it is being killed', slow, {
    options: () => ({ limits: { wallMs: 1_000, stderrBytes: 200 * 1024 * 1024 } }),
    bare: { without: 'it is the engine that it is about' },
  }),
  attempt(
    'odd-exit.py',
    'ends by a signal of its own',
    ({ result, error }) =>
      error === undefined && result?.end.kind === 'signalled' && result.exitCode === 139
        ? undefined
        : `told as ${error ?? JSON.stringify(result?.end)}`,
    {
      bare: { effect: ends },
    },
  ),
  attempt('kill-parent.py', 'signals its parent and the first process', isTold, {
    bare: { without: 'its parent is the test itself' },
  }),
  attempt('many-names.py', 'is refused 6,000 programs with long names', all(isTold, supervisorGrows), {
    ...engineOnly,
    watch: true,
  }),
  attempt('bad-pointers.py', 'makes system calls with bad pointers', isTold, endsAnyway),
  attempt('questions.py', 'asks the supervisor 20,000 questions', all(isTold, supervisorGrows), {
    ...endsAnyway,
    watch: true,
  }),
  attempt(
    'long-artifacts.py',
    'leaves 7,000 artifacts with names of 4,000 bytes',
    all(isTold, supervisorGrows),
    { ...engineOnly, watch: true },
  ),
  // Where they lie on the host's disk, they are deeper than a run may have them.
  attempt('deep-artifacts.py', 'leaves directories 1,000 deep', endsAs('exited', 'disk'), engineOnly),
  attempt('nonblocking.py', 'changes the flags of its streams', isTold, endsAnyway),
]
